"""Ctrl-C, TERM and HUP on their way to the workers that train."""

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
    """While it is entered, these signals reach the workers of the runs that it points at.

    They arrive there as SIGTERM, on which a worker saves the run and ends; a second Ctrl-C kills it. Before it points
    at a run they raise KeyboardInterrupt.
    """

    def __init__(self) -> None:
        self.happened = False
        self._folders: list[RunFolder] = []
        self._before: dict[signal.Signals, Any] = {}

    def point_at(self, folder: RunFolder) -> None:
        """From now on the run in `folder` has a worker too; it is ended at once if the others were."""
        self._folders.append(folder)
        if self.happened:
            _end(folder)

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
        if not self._folders:
            raise KeyboardInterrupt
        for folder in tuple(self._folders):
            _end(folder, at_once=again and number == signal.SIGINT)
        if number == signal.SIGINT and not again:
            _note(_STOPPING)


_STOPPING = b"\nstopping; what was trained is kept (Ctrl-C again ends it at once)\n"


def _end(folder: RunFolder, at_once: bool = False) -> None:
    with contextlib.suppress(NoWorker, ProcessLookupError):
        if at_once:
            kill(folder)
        elif pid := folder.lock_state().pid:
            os.kill(pid, signal.SIGTERM)


def _note(message: bytes) -> None:
    # Python's streams must not be written to from a signal handler: it may have interrupted them.
    with contextlib.suppress(OSError):
        os.write(2, message)
