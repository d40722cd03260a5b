"""Follows a run from a thread of its own, so that whoever draws it never waits for the disk."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.view import RunReader, RunView


class Follower:
    """Calls `on_view`, from its thread, with the run as it is, and again whenever that has changed.

    A look at a run in which nothing happens costs a few system calls. The thread ends with the program.
    """

    def __init__(self, folder: RunFolder, on_view: Callable[[RunView], None], interval: float = 0.1) -> None:
        self.folder = folder
        self._on_view = on_view
        self._interval = interval
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name=f"follow {folder.id}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the following, without waiting for it: a call of `on_view` that has begun still comes through."""
        self._stopping.set()

    def join(self, timeout: float | None = None) -> None:
        """Waits until the thread has ended. Never from inside `on_view`."""
        self._thread.join(timeout)

    def _follow(self) -> None:
        reader = RunReader(self.folder)
        while not self._stopping.is_set():
            try:
                news = reader.read_new()
            except OSError:  # a disk that does not answer now: all is read anew once it does
                reader, news = RunReader(self.folder), False
            if news and not self._stopping.is_set():
                self._on_view(reader.view())
            self._stopping.wait(self._interval)
