"""Keeps a list of all runs up to date, off the event loop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from tui_trainer.runs.differing import Differing, PresetExperiments, differing
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.store import Store
from tui_trainer.runs.summary import RunSummary, summarize
from tui_trainer.runs.view import RunReader

INTERVAL = 2.0
"""Seconds between two looks at the runs that are alive, and for new ones."""
FIRST = 50
"""How many of the latest runs are shown before all others are read."""

Runs = Mapping[str, RunSummary]
WhatDiffers = Mapping[str, Differing | None]
"""In which settings each run differs, by id."""


class RunsWatch:
    """A daemon thread that reads every run once, those that are alive again and again.

    `show` is called on that thread with all runs by id, and what they differ in, whenever something has changed.
    """

    def __init__(self, store: Store, show: Callable[[Runs, WhatDiffers], None]) -> None:
        self._store = store
        self._show = show
        self._runs: dict[str, RunSummary] = {}
        self._readers: dict[str, RunReader] = {}  # of runs whose log does not end with a summary
        self._stale: set[str] = set()
        self._wake = threading.Event()
        self._stopped = False
        self._presets: PresetExperiments | None = None
        self._differing: dict[str, tuple[RunSummary, RunSummary | None, Differing | None]] = {}
        threading.Thread(target=self._watch, name="runs", daemon=True).start()

    def look_again(self, id: str) -> None:
        """A run was changed or deleted: look at it now."""
        self._stale.add(id)
        self._wake.set()

    def stop(self) -> None:
        self._stopped = True
        self._wake.set()

    def _watch(self) -> None:
        self._look(limit=FIRST)
        while not self._stopped:
            self._look()
            self._wake.wait(INTERVAL)
            self._wake.clear()

    def _look(self, limit: int | None = None) -> None:
        before = dict(self._runs)
        folders = {folder.id: folder for folder in reversed(self._store.folders()[-limit if limit else None :])}
        stale, self._stale = self._stale, set()
        runs: dict[str, RunSummary] = {}
        for id, folder in folders.items():
            if self._stopped:
                return
            known = before.get(id)
            runs[id] = self._read(folder) if known is None or known.alive or id in stale else known
        self._runs = runs
        self._readers = {id: reader for id, reader in self._readers.items() if id in runs and runs[id].alive}
        if runs != before or limit:
            self._differing = {id: self._differs(run, runs.get(run.origin.parent)) for id, run in runs.items()}
            self._show(runs, {id: told for id, (_, _, told) in self._differing.items()})

    def _differs(
        self, run: RunSummary, parent: RunSummary | None
    ) -> tuple[RunSummary, RunSummary | None, Differing | None]:
        """What it differs in, with what that was found out of: it is not worked out twice."""
        known = self._differing.get(run.id)
        if known is not None and known[0] is run and known[1] is parent:
            return known
        self._presets = self._presets or PresetExperiments()
        return run, parent, differing(run, parent, self._presets)

    def _read(self, folder: RunFolder) -> RunSummary:
        run = summarize(folder)
        if run.best is None and run.step:
            reader = self._readers.setdefault(folder.id, RunReader(folder))
            reader.read_new()
            run = run.with_best(reader.view().best)
        return run
