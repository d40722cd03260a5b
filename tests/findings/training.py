"""Real runs for the tests of the rules: trained once each, at full pace, in the test's own process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tui_trainer.engine.control import Control
from tui_trainer.engine.run import train_run
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.presets import find
from tui_trainer.experiment.schema import Experiment
from tui_trainer.insight.findings.base import Finding
from tui_trainer.insight.findings.diagnosis import diagnose
from tui_trainer.runs.events import EventReader
from tui_trainer.runs.fold import RunFold
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.lock import LockState
from tui_trainer.runs.records import RunView
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import read

DIGITS: Mapping[str, Any] = {"data": "digits", "model": {"hidden": [100, 100]}, "training": {"epochs": 20}}


class Trained:
    """Runs by what was trained; equal experiments are trained once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._folders: dict[str, RunFolder] = {}

    def folder(self, experiment: Experiment) -> RunFolder:
        key = str(experiment)
        if key not in self._folders:
            self._folders[key] = self.store.create(experiment)
            train_run(self._folders[key], Control())
        return self._folders[key]

    def view(self, experiment: Experiment) -> RunView:
        return read(self.folder(experiment))

    def diagnosis(self, experiment: Experiment) -> dict[str, Finding]:
        """The findings at the end of its run, by kind."""
        return {finding.kind: finding for finding in diagnose(self.view(experiment))}

    def prefixes(self, experiment: Experiment) -> Iterator[RunView]:
        """The run as it was after each of its events, in the order in which a person would have seen it."""
        folder = self.folder(experiment)
        run = RunFold(folder.id, experiment=folder.experiment())
        events = EventReader(folder.events_file).read_new()
        for event in events:
            run.apply(event)
            yield run.view(LockState() if event is events[-1] else LockState(1, 0.0, event["time"]))


def preset(name: str, seed: int = 0, **changes: Any) -> Experiment:
    """A preset at full pace, with values changed by path (`optimizer__lr=0.1`)."""
    by_path = {path.replace("__", "."): value for path, value in changes.items()}
    return set_values(find(name).experiment(), {"training.pace": "full", "seed": seed, **by_path})


def digits(**groups: Any) -> Experiment:
    """Two layers of 100 that read digits, with other groups: `digits(optimizer={"lr": 1.0})`."""
    return parse({**DIGITS, **groups})
