"""Files of the user's own: found, checked before they are read, and decoded."""

from __future__ import annotations

import codecs
import stat
from collections.abc import Hashable
from pathlib import Path
from typing import Any

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.base import DataError
from tui_trainer.choices.data.paths import expand

HEAD = 2**18
"""So many bytes at a file's beginning tell what it holds."""

CHUNK = 2**20
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def file_field(what: str, suffixes: tuple[str, ...]) -> Any:
    """The field that names a file."""
    help = f"{what} ~ and variables such as $HOME are put in; a relative path starts where the program did."
    return setting("", max_length=4096, suffixes=suffixes, help=help)


def encoding_field() -> Any:
    """The field that names an encoding."""
    return setting(
        "auto",
        min_length=1,
        max_length=40,
        help="How the file's bytes stand for characters: auto finds out, else a name such as utf-8, cp949 or latin-1.",
    )


def own_file(name: str, field: str, largest: int, memory: float) -> Path:
    """The path of a file that can be read.

    `memory` is how many bytes reading takes for one of the file's. Raises DataError, before anything of it is read, if
    it is none, or more than `largest` bytes, or more than there is memory for.
    """
    if not name:
        raise DataError("no file is named; name the one to learn from", field)
    path = expand(name, field)
    try:
        about = path.stat()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error, field) from error
    if stat.S_ISDIR(about.st_mode):
        raise DataError(f"{path}: a folder; name a file in it", field)
    if not stat.S_ISREG(about.st_mode):
        raise DataError(f"{path}: not an ordinary file, but a pipe or device; write what comes out of it to one", field)
    if not about.st_size:
        raise DataError(f"{path}: empty", field)
    if about.st_size > largest:
        raise DataError(
            f"{path}: {gigabytes(about.st_size)}, and at most {gigabytes(largest)} can be read; take a part of it",
            field,
        )
    check_memory(path, about.st_size * memory, field)
    return path


def file_stamp(name: str) -> Hashable:
    """What changes when a file is written anew."""
    try:
        about = expand(name, "").stat()
    except (OSError, ValueError, DataError):
        return None
    return about.st_mtime_ns, about.st_size, about.st_ino


def check_memory(path: Path, bytes: float, field: str) -> None:
    """Raises DataError if reading a file takes more memory than is free."""
    import psutil

    free = psutil.virtual_memory().available
    if bytes > free:
        raise DataError(
            f"{path}: reading it takes about {gigabytes(bytes)} of memory, and {gigabytes(free)} are free; "
            "take a part of it",
            field,
        )


def read_head(path: Path, field: str, size: int = HEAD) -> bytes:
    """The first bytes of a file. Raises DataError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise _unreadable(path, error, field) from error


def check_text(path: Path, head: bytes, field: str) -> None:
    """Raises DataError if a file that begins so holds no text."""
    if b"\0" in head and not _mark(head):
        line = head[: head.index(b"\0")].count(b"\n") + 1
        raise DataError(f"{path}:{line}: not text: it holds a zero byte; a text file has none", field)


def head_encoding(head: bytes) -> str:
    """The name of the encoding in which a file begins so."""
    if marked := _mark(head):
        return marked
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return _legacy_encoding(head)
    return "utf-8"


def file_encoding(path: Path, named: str, field: str) -> str:
    """The encoding of a whole file: the one that is named, or with "auto" the one that fits.

    Raises DataError, with the line, where the file is not text in that encoding.
    """
    encoding = named
    if named == "auto":
        encoding, strange = head_encoding(read_head(path, field)), b""
        if encoding == "utf-8":
            strange = _first_strange_bytes(path, field)
        if strange:
            encoding = _legacy_encoding(strange)
    _check_encoding(path, encoding, field, guessed=named == "auto")
    return encoding


def decode_some(head: bytes, encoding: str) -> str:
    """The text at a file's beginning. Raises DataError if there is no such encoding."""
    try:
        return head.decode(encoding, errors="replace").removeprefix("\ufeff")
    except (LookupError, ValueError) as error:
        raise DataError(f"there is no encoding {encoding!r}; utf-8, cp949 and latin-1 are some", "encoding") from error


def _mark(head: bytes) -> str:
    """The encoding that the byte order mark at a file's beginning names, if there is one."""
    return next((encoding for mark, encoding in _MARKS.items() if head.startswith(mark)), "")


def _legacy_encoding(sample: bytes) -> str:
    """The likeliest encoding of bytes that are not UTF-8."""
    korean = sample.decode("cp949", errors="replace")
    strange = [character for character in korean if ord(character) > 127]
    hangul = sum(0xAC00 <= ord(character) <= 0xD7A3 for character in strange)
    if hangul > 0.8 * len(strange):  # bytes that mean something else seldom make Korean syllables
        return "cp949"
    from charset_normalizer import from_bytes

    best = from_bytes(sample[:CHUNK]).best()
    return best.encoding if best else "latin-1"


def _first_strange_bytes(path: Path, field: str) -> bytes:
    """Where a file is not UTF-8: the bytes around the first place; empty if it is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as error:
                    return error.object[max(0, error.start - 1) :] + file.read(HEAD)
    except OSError as error:
        raise _unreadable(path, error, field) from error
    return b""


def _check_encoding(path: Path, encoding: str, field: str, *, guessed: bool) -> None:
    """Raises DataError, with the line, where a file is not text in an encoding, or if there is no such encoding."""
    decode_some(b"a", encoding)
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    try:
        with path.open("rb") as file:
            while True:
                chunk = file.read(CHUNK)
                lines += decoder.decode(chunk, final=not chunk).count("\n")
                if not chunk:
                    return
    except UnicodeError as error:
        if isinstance(error, UnicodeDecodeError) and len(error.object) > error.start:
            lines += error.object[: error.start].count(b"\n")
        hint = "name its encoding" if guessed else "name another one, or auto"
        raise DataError(f"{path}:{lines}: not text in {encoding}; {hint}", "encoding") from error
    except OSError as error:
        raise _unreadable(path, error, field) from error


def gigabytes(count: float) -> str:
    """Bytes as a person reads them."""
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} GB"


def _unreadable(path: Path, error: Exception, field: str) -> DataError:
    if isinstance(error, FileNotFoundError):
        return DataError(f"{path}: no such file", field)
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return DataError(f"{path}: cannot be read: {said}", field)
