"""A run as it is at one moment, read from its folder."""

from __future__ import annotations

from dataclasses import replace

from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.runs.events import EventReader, NewerVersion
from tui_trainer.runs.fold import RunFold, fold
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.lock import LockState
from tui_trainer.runs.records import (
    Change,
    Checkpoint,
    DataFacts,
    Evaluation,
    Figures,
    LayerFigures,
    LayersAt,
    LayerShape,
    RunView,
)
from tui_trainer.runs.score import read_score
from tui_trainer.runs.states import State
from tui_trainer.runs.windows import LossWindows

__all__ = [
    "Change",
    "Checkpoint",
    "DataFacts",
    "Evaluation",
    "Figures",
    "LayerFigures",
    "LayerShape",
    "LayersAt",
    "LossWindows",
    "RunFold",
    "RunReader",
    "RunView",
    "fold",
    "read",
]


class RunReader:
    """Reads the folder of a run: all that is there at the first look, then what is new."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self._events = EventReader(folder.events_file)
        try:
            experiment = folder.experiment()
        except ExperimentError:
            experiment = None
        self._fold = RunFold(folder.id, experiment=experiment)
        self._lock = LockState()
        self._state: State | None = None

    def read_new(self) -> bool:
        """Reads on in the log and asks who holds the lock; whether the run has changed."""
        # The lock first: what a worker said before it let go of it is then in the log.
        lock = self.folder.lock_state()
        news = self._read_log()
        if self._fold.state(lock) == "died":
            lock = self.folder.lock_state()  # a worker may have come up while the log was read
        state, self._state, self._lock = self._state, self._fold.state(lock), lock
        return news or state != self._state

    def view(self) -> RunView:
        """The run as it was at the last look."""
        self._fold.name, self._fold.origin = self.folder.own_name(), self.folder.origin()
        view = self._fold.view(self._lock)
        return replace(view, score=read_score(self.folder)) if view.ended and view.samples.get("test") else view

    def _read_log(self) -> bool:
        if self._fold.problem:
            return False
        damaged = self._events.damaged
        try:
            events = self._events.read_new()
        except NewerVersion as error:
            self._fold.problem = str(error)
            return True
        for event in events:
            self._fold.apply(event)
        self._fold.damaged_lines += self._events.damaged - damaged
        return bool(events) or self._events.damaged > damaged


def read(folder: RunFolder) -> RunView:
    """The run in `folder` as it is now."""
    reader = RunReader(folder)
    reader.read_new()
    return reader.view()
