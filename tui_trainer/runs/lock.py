"""The lock of a run: the worker holds it as long as it lives, whatever ends it; others ask who does.

A record lock (`fcntl.lockf`) belongs to a process, not to a descriptor: forked loader processes do not keep it
alive, and F_GETLK tells its owner without taking anything. But closing *any* descriptor of the file drops it, so its
own process must never open the file again.
"""

from __future__ import annotations

import errno
import fcntl
import math
import os
import struct
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tui_trainer.runs.files import open_plain

# struct flock: on Linux type, whence, start, length, pid; on macOS and the BSDs start, length, pid, type, whence.
_LINUX = sys.platform.startswith("linux")
_FLOCK = struct.Struct("@hhqqi4x" if _LINUX else "@qqihh")

# The locks that this process holds: device and inode -> pid (a fork inherits this table, but no lock), descriptor.
_held: dict[tuple[int, int], tuple[int, int]] = {}


@dataclass(frozen=True)
class LockState:
    """Who holds a run's lock (0: a process that cannot be seen from here), and when its worker last gave a sign."""

    pid: int | None = None
    age_seconds: float = math.inf  # since the worker touched it, or since the run was created
    taken: float | None = None  # when the present or last holder took it, in unix seconds; None if nobody ever did

    @property
    def held(self) -> bool:
        return self.pid is not None


class LockHeld(Exception):
    """Another worker has the run."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"this run has a worker already (process {pid})" if pid else "this run has a worker already")
        self.pid = pid


class LockLost(Exception):
    """The lock's file was removed or replaced: another worker may have the run by now."""

    def __init__(self) -> None:
        super().__init__("the lock of this run was removed")


class Lock:
    """The worker's side: take it once, touch it every two seconds, keep it until the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> None:
        """Raises LockHeld if a process has it, OSError if it cannot be had."""
        if _own_descriptor(self._path) is not None:
            raise LockHeld(os.getpid())
        descriptor = open_plain(self._path, os.O_RDWR | os.O_CREAT)
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = _holder(descriptor)
            os.close(descriptor)
            if error.errno in (errno.EACCES, errno.EAGAIN):
                raise LockHeld(holder or 0) from None
            raise
        self._descriptor = descriptor
        _held[_identity(os.fstat(descriptor))] = os.getpid(), descriptor
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {time.time():.3f}\n".encode(), 0)

    def touch(self) -> None:
        """Gives a sign of life. Raises LockLost if others cannot see it any more, OSError if they cannot now."""
        if self._descriptor is None:
            return
        os.utime(self._descriptor)
        try:
            there = _identity(self._path.lstat())
        except (FileNotFoundError, NotADirectoryError):
            raise LockLost from None
        if there != _identity(os.fstat(self._descriptor)):
            raise LockLost

    def release(self) -> None:
        """Gives it back, as the end of the process does."""
        if self._descriptor is not None:
            _held.pop(_identity(os.fstat(self._descriptor)), None)
            os.close(self._descriptor)
            self._descriptor = None


def look(path: Path) -> LockState:
    """Who holds the lock at `path`, without taking it. What is no lock is held by nobody."""
    own = _own_descriptor(path)
    try:
        descriptor = open_plain(path) if own is None else own
    except OSError:
        return LockState()
    try:
        age = max(0.0, time.time() - os.fstat(descriptor).st_mtime)
        pid = _holder(descriptor) if own is None else os.getpid()
        return LockState(pid, age, _taken(os.pread(descriptor, 100, 0)))
    except OSError:
        return LockState()
    finally:
        if own is None:
            os.close(descriptor)


def _own_descriptor(path: Path) -> int | None:
    """The descriptor by which this process holds the lock at `path`; opening it anew would drop it at the close."""
    try:
        pid, descriptor = _held[_identity(path.lstat())]
    except (OSError, KeyError):
        return None
    return descriptor if pid == os.getpid() else None


def _holder(descriptor: int) -> int | None:
    """The process that holds the lock; 0 if it lives where its number means nothing here."""
    start = length = 0
    if _LINUX:
        question = _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, start, length, 0)
        kind, _, _, _, pid = _FLOCK.unpack(fcntl.fcntl(descriptor, fcntl.F_GETLK, question))
    else:
        question = _FLOCK.pack(start, length, 0, fcntl.F_WRLCK, os.SEEK_SET)
        _, _, pid, kind, _ = _FLOCK.unpack(fcntl.fcntl(descriptor, fcntl.F_GETLK, question))
    return None if kind == fcntl.F_UNLCK else max(0, pid)


def _taken(content: bytes) -> float | None:
    try:
        return float(content.split()[1])
    except (IndexError, ValueError):
        return None


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
