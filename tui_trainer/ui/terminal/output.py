"""What goes to the terminal: sent at once if the terminal takes it, else when it does, and never waited for."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import termios
import time
from collections.abc import Callable

MOST_UNSENT = 64 * 1024
"""Bytes that may wait for the terminal before frames are dropped: about two full screens."""

LAST_WAIT = 0.2
"""Seconds that a terminal has for taking the last output."""

_STRING_TERMINATOR = b"\x1b\\"


def open_again(descriptor: int) -> int:
    """A descriptor of the same terminal that never blocks.

    Setting O_NONBLOCK on the given one would do the same to the shell, which shares it. Without a terminal, or with
    one that cannot be opened by name, this is a plain copy, and writing to it may block.
    """
    flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK
    if os.isatty(descriptor):
        with contextlib.suppress(OSError):
            return os.open(os.ttyname(descriptor), flags)
        with contextlib.suppress(OSError):  # the name may be another container's, or another user's after `su`
            return os.open("/dev/tty", flags)
    return os.dup(descriptor)


class TerminalOutput:
    """Output for the event loop's thread; only `finish` may be called from another one.

    Args:
        descriptor: where to write; owned (and closed) by this object from now on.
        loop: tells when the terminal takes more.
        caught_up: called when all has been sent after frames were dropped: the time for a full repaint.
        lost: called when there is no terminal any more.
    """

    def __init__(
        self,
        descriptor: int,
        loop: asyncio.AbstractEventLoop,
        *,
        caught_up: Callable[[], object],
        lost: Callable[[], object],
    ) -> None:
        self._descriptor = descriptor
        self._loop = loop
        self._caught_up = caught_up
        self._lost = lost
        self._unsent = bytearray()
        self.lagging = False
        """Whether frames are being dropped."""

    def send(self, data: bytes) -> None:
        """Send what must arrive, such as a change of mode."""
        self._unsent += data
        self._send_unsent()

    def send_frame(self, frame: bytes) -> None:
        """Send what the next full repaint would bring as well; dropped while too much waits."""
        if self._unsent and len(self._unsent) + len(frame) > MOST_UNSENT:
            self.lagging = True
        if not self.lagging:
            self.send(frame)

    def finish(self, farewell: bytes) -> None:
        """Send what waits and then `farewell`.

        What the terminal does not take in time is dropped, which makes room for the farewell.
        """
        waiting, self._unsent = self._unsent, bytearray()
        try:
            if not self._write_out(waiting):
                termios.tcflush(self._descriptor, termios.TCOFLUSH)
                farewell = _STRING_TERMINATOR + farewell  # what was cut off may have been a string or sequence
            self._write_out(bytearray(farewell))
        except (OSError, termios.error):
            pass  # the terminal is gone, and there is nobody to say farewell to

    def close(self) -> None:
        self._loop.remove_writer(self._descriptor)
        os.close(self._descriptor)

    def _send_unsent(self) -> None:
        try:
            sent = os.write(self._descriptor, self._unsent)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._unsent.clear()
            self._loop.remove_writer(self._descriptor)
            self._lost()
            return
        del self._unsent[:sent]
        if self._unsent:
            self._loop.add_writer(self._descriptor, self._send_unsent)
            return
        self._loop.remove_writer(self._descriptor)
        if self.lagging:
            self.lagging = False
            self._caught_up()

    def _write_out(self, data: bytearray) -> bool:
        """Write `data` for at most `LAST_WAIT` seconds; False if some of it is left."""
        deadline = time.monotonic() + LAST_WAIT
        while data:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([], [self._descriptor], [], left)[1]:
                return False
            with contextlib.suppress(BlockingIOError):
                del data[: os.write(self._descriptor, data)]
        return True
