"""Reads NPY and NPZ files: looked at before anything is unpacked, and never unpickled."""

from __future__ import annotations

import ast
import math
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tui_trainer.choices.data.base import DataError
from tui_trainer.choices.data.own_files import check_memory, gigabytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = 2**32
"""Bytes of the arrays of a file: more is refused before it is read."""

MEMORY = 4.0
"""Bytes of memory for each byte of an array of whole numbers or floats, at worst."""

_MAGIC = b"\x93NUMPY"
_LONGEST_HEADER = 10_000
SUFFIX = ".npy"


@dataclass(frozen=True)
class Header:
    """What the beginning of an array says of it."""

    name: str  # in its file; empty for a file of a single array
    type: str  # as numpy writes it, such as "<f4"; "O" for objects
    shape: tuple[int, ...]

    @property
    def words(self) -> str:
        """What messages call it."""
        return f"array {self.name!r}" if self.name else "its array"

    @property
    def bytes(self) -> int:
        digits = self.type.lstrip("<>|=")[1:].partition("[")[0]
        return math.prod(self.shape) * (int(digits) if digits.isdigit() else 1) * (4 if "U" in self.type else 1)

    @property
    def letter(self) -> str:
        """Its kind of values: i, u, f, b, U, S and others."""
        return self.type.lstrip("<>|=")[:1]


def headers(path: Path, field: str) -> tuple[Header, ...]:
    """What arrays a file holds. Raises DataError if it is no NPY or NPZ file. Does without numpy."""
    with _said(path, field):
        if not zipfile.is_zipfile(path):
            with path.open("rb") as file:
                return (_header(path, "", file, field),)
        with zipfile.ZipFile(path) as archive:
            found = []
            for entry in archive.infolist():
                if entry.filename.endswith(SUFFIX):
                    with archive.open(entry) as file:
                        header = _header(path, entry.filename.removesuffix(SUFFIX), file, field)
                    if header.letter != "O" and header.bytes > entry.file_size:
                        raise DataError(f"{path}: {header.words} is cut short; write it again", field)
                    found.append(header)
    if not found:
        raise DataError(f"{path}: no arrays in it", field)
    return tuple(found)


def read_arrays(path: Path, wanted: tuple[Header, ...], field: str) -> list[NDArray[Any]]:
    """Some arrays of a file. Raises DataError if they are damaged, or there is not the memory for them."""
    import numpy as np

    total = sum(header.bytes for header in wanted)
    if total > LARGEST:
        raise DataError(f"{path}: {gigabytes(total)} of values, and at most {gigabytes(LARGEST)} can be read", field)
    check_memory(path, MEMORY * total, field)
    with _said(path, field):
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return [loaded]
        with loaded:
            return [loaded[header.name] for header in wanted]


def _header(path: Path, name: str, file: IO[bytes], field: str) -> Header:
    begin = file.read(8)
    if begin[:6] != _MAGIC:
        raise DataError(f"{path}: not an NPY or NPZ file; numpy.savez writes one", field)
    long = begin[6] > 1
    size = int.from_bytes(file.read(4 if long else 2), "little")
    if size > _LONGEST_HEADER:
        raise DataError(
            f"{path}: the header of array {name!r} is damaged, or of records; only plain arrays are read", field
        )
    described = ast.literal_eval(file.read(size).decode("utf-8" if long else "latin-1"))
    type, shape = described["descr"], described["shape"]
    if not isinstance(type, str):
        raise DataError(f"{path}: array {name!r} holds records; only plain arrays are read", field)
    return Header(name, type, tuple(int(length) for length in shape))


@contextmanager
def _said(path: Path, field: str) -> Iterator[None]:
    """Says what is wrong with a file that cannot be read as arrays."""
    damaged = f"{path}: damaged or cut short"
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, SyntaxError, KeyError, TypeError) as error:
        raise DataError(f"{damaged} ({_short(error)}); write or copy it again", field) from error
    except (IndexError, AttributeError, NotImplementedError, RuntimeError, RecursionError) as error:
        raise DataError(f"{damaged} ({_short(error)}); write or copy it again", field) from error
    except MemoryError as error:
        raise DataError(f"{path}: there is not enough memory for its arrays", field) from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}", field) from error


def _short(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
