"""Several runs, followed from one thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.records import RunView
from tui_trainer.runs.view import RunReader
from tui_trainer.ui.laboratory.background import Failed, in_words

INTERVAL = 0.2
"""Seconds between two looks at the runs that are alive."""
SELDOM = 10
"""Every how many looks those that have ended, or cannot be read, are looked at too: that may change."""


class Following:
    """Calls `take`, from its thread, with the views of the runs that have changed, by id.

    All that are followed are read before it is called first.
    """

    def __init__(self, take: Callable[[Mapping[str, RunView]], None], failed: Failed) -> None:
        self._take = take
        self._failed = failed
        self._readers: dict[str, RunReader] = {}
        self._folders: dict[str, RunFolder] = {}
        self._new: set[str] = set()  # to be read from the beginning
        self._resting: set[str] = set()  # have ended, or cannot be read
        self._changing = threading.Lock()
        self._wake = threading.Event()
        self._stopped = False
        self._thread: threading.Thread | None = None

    def follow(self, *folders: RunFolder) -> None:
        """Follow these runs too; one that is followed already is looked at now."""
        with self._changing:
            for folder in folders:
                if folder.id not in self._folders:
                    self._new.add(folder.id)
                self._folders[folder.id] = folder
                self._resting.discard(folder.id)
        self._wake.set()
        if self._thread is None and folders:
            self._thread = threading.Thread(target=self._work, name="follow runs", daemon=True)
            self._thread.start()

    def leave(self, id: str) -> None:
        """Follow this run no more."""
        with self._changing:
            self._folders.pop(id, None)

    def stop(self) -> None:
        """Follow none any more, without waiting for a look that has begun."""
        self._stopped = True
        self._wake.set()

    def _work(self) -> None:
        look, told = 0, ""
        while not self._stopped:
            with self._changing:
                folders = dict(self._folders)
                for id in self._new:
                    self._readers.pop(id, None)
                self._new = set()
                resting = frozenset() if look % SELDOM == 0 else frozenset(self._resting)
            try:
                self._look({id: folder for id, folder in folders.items() if id not in resting})
            except Exception as error:
                told, before = in_words(error), told
                if told != before:
                    self._failed(told)
            look += 1
            self._wake.wait(INTERVAL)
            self._wake.clear()

    def _look(self, folders: Mapping[str, RunFolder]) -> None:
        changed: dict[str, RunView] = {}
        broken: set[str] = set()
        error: Exception | None = None
        for id, folder in folders.items():
            if self._stopped:
                return
            try:
                reader = self._readers.get(id) or RunReader(folder)
                self._readers[id] = reader
                if reader.read_new():
                    changed[id] = reader.view()
            except Exception as raised:  # what is new of the others must not be lost with it
                error = raised
                broken.add(id)
        with self._changing:
            there = self._folders.keys() - broken  # what could not be read is read anew, but seldom
            self._readers = {id: reader for id, reader in self._readers.items() if id in there}
            self._resting |= broken | {id for id, view in changed.items() if view.ended}
            self._resting -= {id for id, view in changed.items() if view.alive}
        if changed and not self._stopped:
            self._take(changed)
        if error is not None:
            raise error
