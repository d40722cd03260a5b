"""Files that only their owner reads, and that are nothing but plain files."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from pathlib import Path


def open_plain(path: Path, flags: int = os.O_RDONLY) -> int:
    """A descriptor of the regular file at `path`; with O_CREAT it is made readable by its owner only.

    Raises OSError where there is none, or where a link, a pipe or a device stands in its place.
    """
    descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a plain file", str(path))
    return descriptor


def read_plain(path: Path, limit: int, offset: int = 0) -> bytes:
    """At most `limit` bytes of the regular file at `path`, from `offset` on. Raises OSError."""
    with os.fdopen(open_plain(path), "rb") as file:
        file.seek(offset)
        return file.read(limit)


def write_new(path: Path, text: str) -> None:
    """Writes a file that is not there yet, whole or not at all. Raises OSError."""
    descriptor = open_plain(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def replace(path: Path, text: str) -> None:
    """Writes a file so that others see the old text or the new one, never a part. Raises OSError."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        write_new(beside, text)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def make_folder(path: Path) -> None:
    """Makes `path` and what is missing above it, for its owner only. Raises OSError."""
    for missing in [folder for folder in (*reversed(path.parents), path) if not folder.exists()]:
        missing.mkdir(mode=0o700, exist_ok=True)
