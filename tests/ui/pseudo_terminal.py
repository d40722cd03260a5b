"""A program in a terminal of its own, as seen by whoever holds the other end of the line."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Sequence
from typing import Any

import pyte

PATIENCE = 30.0
"""Seconds until a condition that does not come true fails a test; generous, for a busy machine."""

# Variables that would speak for the terminal: its size, which pytest-xdist sets, and its colours.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "NO_COLOR"}}

_MODE = re.compile(rb"\x1b\[\?(\d+)([hl])")
_KEYBOARD = re.compile(rb"\x1b\[([<>])\d*u")


class PseudoTerminal:
    """Runs a command on a pseudo-terminal and plays the terminal: reads, types, resizes, hangs up, or does nothing.

    `output` holds all bytes that were read and `screen` what a terminal would show of them.
    """

    def __init__(self, command: Sequence[str], *, columns: int = 80, rows: int = 24, **environment: str) -> None:
        self.master, self.slave = os.openpty()
        self._set_size(columns, rows)
        self.attributes_before = termios.tcgetattr(self.slave)
        self.output = bytearray()
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.process = subprocess.Popen(
            command,
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
            preexec_fn=_take_controlling_terminal,  # the child is single-threaded between fork and exec
            env={**_ENVIRONMENT, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
        )

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        self._set_size(columns, rows)
        self.screen.resize(rows, columns)
        self.screen.reset()
        os.kill(self.process.pid, signal.SIGWINCH)

    def type(self, data: bytes) -> None:
        os.write(self.master, data)

    def signal(self, signum: int) -> None:
        os.kill(self.process.pid, signum)

    def read(self, timeout: float = 0.0) -> bool:
        """Read what is there; False if nothing was, or if nobody holds the other end any more."""
        if not select.select([self.master], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.output += data
        self._stream.feed(data)
        return bool(data)

    def until(self, condition: Callable[[], Any], what: str, *, reading: bool = True) -> None:
        """Wait for `condition`, reading the output meanwhile, or leaving it unread."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain for: {what}\n" + "\n".join(self.screen.display))
            if not (reading and self.read(0.02)):
                time.sleep(0.005)

    def ended(self) -> bool:
        return self.process.poll() is not None

    def wait(self, *, reading: bool = True) -> int:
        """The exit status, once the process has ended and (if `reading`) all it wrote has been read."""
        self.until(self.ended, "the end of the process", reading=reading)
        while reading and self.read():
            pass
        assert self.process.returncode is not None
        return self.process.returncode

    def stopped(self) -> bool:
        """Whether the process has been suspended since the last call."""
        _, status = os.waitpid(self.process.pid, os.WUNTRACED | os.WNOHANG)
        return os.WIFSTOPPED(status)

    def hang_up(self) -> None:
        os.close(self.master)
        self.master = -1

    @property
    def modes(self) -> dict[int, bool]:
        """The private modes that were set or reset so far, and which of the two came last."""
        return {int(mode): switch == b"h" for mode, switch in _MODE.findall(self.output)}

    @property
    def keyboard_protocols(self) -> int:
        """How many keyboard protocols were pushed and not popped."""
        return sum(1 if sign == b">" else -1 for sign in _KEYBOARD.findall(self.output))

    @property
    def attributes(self) -> list[Any]:
        """What termios knows: raw or not, echo or not, and so on."""
        return termios.tcgetattr(self.slave)

    def close(self) -> None:
        if not self.ended():
            self.process.kill()
            self.process.wait()
        for descriptor in (self.master, self.slave):
            with contextlib.suppress(OSError):
                os.close(descriptor)


def _take_controlling_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
