"""Reads IDX files, the format in which MNIST is published: a magic number, the sizes, then bytes."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tui_trainer.choices.data.base import DataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNSIGNED_BYTE = 0x08
LARGEST = 2**31  # bytes of values in one file; MNIST has 47 million
CHUNK = 2**20


def read_idx(path: Path, dimensions: int) -> NDArray[np.uint8]:
    """The array of unsigned bytes in an IDX file, packed by gzip or not; it must have that many dimensions.

    Raises DataError naming the file if it cannot be read, is not such a file, or is cut short.
    """
    import numpy as np

    if not path.is_file():
        raise DataError(f"{path}: not a file", "folder")
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]
            shape = _read_shape(stream, path, dimensions)
            values = _read_values(stream, path, shape)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path}: damaged or cut short ({error}); download or copy it again", "folder") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}", "folder") from error
    return np.frombuffer(values, dtype=np.uint8).reshape(shape)


def _read_shape(stream: IO[bytes], path: Path, dimensions: int) -> tuple[int, ...]:
    expected = bytes([0, 0, UNSIGNED_BYTE, dimensions])
    magic = stream.read(4)
    if magic != expected:
        kind = "images" if dimensions == 3 else "labels"
        raise DataError(
            f"{path}: not an IDX file of {kind}: it begins with {magic.hex(' ') or 'nothing'}, "
            f"and {expected.hex(' ')} would be right",
            "folder",
        )
    sizes = stream.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise DataError(f"{path}: cut short within its first {4 + 4 * dimensions} bytes", "folder")
    shape = struct.unpack(f">{dimensions}I", sizes)
    if 0 in shape:
        raise DataError(f"{path}: empty: its sizes are {_times(shape)}", "folder")
    if math.prod(shape) > LARGEST:
        raise DataError(f"{path}: its sizes, {_times(shape)}, are more than the {LARGEST:,} bytes allowed", "folder")
    return shape


def _read_values(stream: IO[bytes], path: Path, shape: tuple[int, ...]) -> bytes:
    expected = math.prod(shape)
    values = bytearray()
    # In portions, since the sizes in a damaged file may promise far more than it holds.
    while len(values) <= expected and (chunk := stream.read(min(CHUNK, expected + 1 - len(values)))):
        values += chunk
    if len(values) < expected:
        raise DataError(
            f"{path}: cut short: {len(values):,} bytes of values, {_times(shape)} need {expected:,}", "folder"
        )
    if len(values) > expected:
        raise DataError(f"{path}: more bytes of values than its sizes, {_times(shape)}, need ({expected:,})", "folder")
    return bytes(values)


def _times(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))
