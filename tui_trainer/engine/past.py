"""What the log of a run says about what its former workers did."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tui_trainer.experiment.text import clean
from tui_trainer.runs.events import EventReader
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.lock import LockState
from tui_trainer.runs.view import RunFold, RunView


@dataclass(frozen=True)
class Past:
    """A run before this worker takes it up."""

    view: RunView
    changes: tuple[tuple[int, str, Any], ...]  # step, path, value; also of those that a resume has undone
    fork_of: str = ""  # the run whose checkpoint it goes on from

    @property
    def began(self) -> bool:
        return self.view.started_time is not None

    @property
    def finished(self) -> bool:
        return self.view.state == "finished"

    @property
    def planned_epochs(self) -> int:
        """The epochs of the plan, 0 if unknown; one that was finished early, by a regularizer, ends where it did."""
        planned = self.view.planned_epochs
        return min(planned, math.ceil(self.view.epoch)) if self.finished else planned

    def changes_from(self, step: int) -> tuple[list[tuple[str, Any]], list[tuple[int, str, Any]]]:
        """The changes at `step`, and those behind it."""
        behind = [change for change in self.changes if change[0] > step]
        return [(path, value) for at, path, value in self.changes if at == step], behind


def read_past(folder: RunFolder) -> Past:
    """Reads the log of a run; nobody else must be writing it. Raises NewerVersion, ExperimentError."""
    fold = RunFold(folder.id, experiment=folder.experiment())
    changes: dict[tuple[int, str], Any] = {}
    fork_of = ""
    for event in EventReader(folder.events_file).read_new():
        fold.apply(event)
        if event["type"] == "forked":
            changes.clear()  # the experiment has them
            fork_of = clean(event.get("parent"), 200)
        step, path = event.get("step"), event.get("path")
        # More epochs than at first are planned wherever a run is taken up: that is not undone.
        if event["type"] == "changed" and path != "training.epochs" and isinstance(step, int) and isinstance(path, str):
            changes[step, path] = event.get("new")
    in_order = sorted(changes.items(), key=lambda item: item[0][0])
    changed = tuple((step, path, value) for (step, path), value in in_order)
    return Past(fold.view(LockState()), changed, fork_of or _fork_of(folder))


def _fork_of(folder: RunFolder) -> str:
    """What its folder says, where its log is lost."""
    origin = folder.origin()
    return "" if origin.from_step is None else origin.parent
