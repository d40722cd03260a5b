"""Ctrl-C, TERM and HUP on their way to the worker that trains."""

from __future__ import annotations

import contextlib
import os
import signal
from types import FrameType
from typing import Any, Self

from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.mailbox import NoWorker, kill

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption:
    """While it is entered, these signals reach the worker of the run that it points at.

    They arrive there as SIGTERM, on which a worker saves the run and ends; a second Ctrl-C kills it. Before it points
    at a run they raise KeyboardInterrupt.
    """

    def __init__(self) -> None:
        self.happened = False
        self._folder: RunFolder | None = None
        self._before: dict[signal.Signals, Any] = {}

    def point_at(self, folder: RunFolder) -> None:
        """From now on the run in `folder` has a worker."""
        self._folder = folder

    def __enter__(self) -> Self:
        for number in _SIGNALS:
            # nohup leaves HUP ignored, and means it.
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._forward)
        return self

    def __exit__(self, *raised: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _forward(self, number: int, frame: FrameType | None) -> None:
        again, self.happened = self.happened, True
        if self._folder is None:
            raise KeyboardInterrupt
        with contextlib.suppress(NoWorker, ProcessLookupError):
            if again and number == signal.SIGINT:
                kill(self._folder)
                return
            pid = self._folder.lock_state().pid
            if pid:
                os.kill(pid, signal.SIGTERM)
        if number == signal.SIGINT:
            _note(b"\nstopping; the run is kept (Ctrl-C again ends it at once)\n")


def _note(message: bytes) -> None:
    # Python's streams must not be written to from a signal handler: it may have interrupted them.
    with contextlib.suppress(OSError):
        os.write(2, message)
