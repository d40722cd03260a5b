"""Append-only files of JSON lines that several processes read and write at once."""

from __future__ import annotations

import errno
import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui_trainer.runs.files import open_plain

CHUNK = 1 << 20


class LineWriter:
    """Appends one JSON object a line with one `write()` each, so that no reader sees halves in the middle of a file."""

    def __init__(self, path: Path) -> None:
        self._descriptor = open_plain(path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
        size = os.fstat(self._descriptor).st_size
        # A writer that died may have left half a line, which must not swallow the next one.
        self._torn = size > 0 and os.pread(self._descriptor, 1, size - 1) != b"\n"

    def write(self, record: Mapping[str, Any]) -> None:
        """Appends `record`; figures that are not finite become null. Raises OSError if the disk takes no more."""
        line = encode(record) + b"\n"
        data = b"\n" + line if self._torn else line
        written = os.write(self._descriptor, data)
        self._torn = written < len(data)
        if self._torn:
            raise OSError(errno.ENOSPC, "only a part of a line could be written")

    def close(self) -> None:
        os.close(self._descriptor)


class LineReader:
    """Reads the lines that have been appended since the last look, with the offset behind each.

    A last line without an end waits for the rest of it. Lines that are no JSON objects are counted and left out.
    """

    def __init__(self, path: Path, offset: int = 0) -> None:
        self.damaged = 0
        self._path = path
        self._offset = offset  # behind the last whole line
        self._rest = bytearray()  # what stands behind it so far

    def read_new(self) -> list[tuple[dict[str, Any], int]]:
        """The new records; none while the file does not exist."""
        try:
            if self._path.stat().st_size <= self._offset + len(self._rest):
                return []
            descriptor = open_plain(self._path)
        except OSError:
            return []
        try:
            return self._read(descriptor)
        finally:
            os.close(descriptor)

    def _read(self, descriptor: int) -> list[tuple[dict[str, Any], int]]:
        records = []
        while chunk := os.pread(descriptor, CHUNK, self._offset + len(self._rest)):
            *ended, rest = chunk.split(b"\n")
            for part in ended:
                line = bytes(self._rest) + part if self._rest else part
                self._rest.clear()
                self._offset += len(line) + 1
                record = decode(line)
                if record is not None:
                    records.append((record, self._offset))
                elif line:
                    self.damaged += 1
            self._rest += rest
        return records


def encode(record: Mapping[str, Any]) -> bytes:
    """`record` as one line of JSON without its end."""
    try:
        return json.dumps(record, separators=(",", ":"), allow_nan=False).encode()
    except ValueError:
        return json.dumps(_finite(record), separators=(",", ":"), allow_nan=False).encode()


def decode(line: bytes) -> dict[str, Any] | None:
    """The JSON object on a line, or None."""
    try:
        record = json.loads(line.decode())
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _finite(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(member) for member in value]
    return value
