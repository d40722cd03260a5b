"""What happened at the steps of a run, and can be undone behind one of them when the run is resumed from there."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TypeVar

from tui_trainer.choices.tasks import CLASSIFICATION, Task
from tui_trainer.runs.records import Change, Checkpoint, Evaluation, LayersAt
from tui_trainer.runs.windows import WindowSeries

At = TypeVar("At", Evaluation, LayersAt, Checkpoint)

_PLAN = "training.epochs"
"""Changes the plan, which holds whatever step a run is resumed from."""


class History:
    """Points in the order of their steps. A point at the step of the last one takes its place."""

    def __init__(self) -> None:
        self.task: Task = CLASSIFICATION
        self.train_loss = WindowSeries()
        self.evaluations: list[Evaluation] = []
        self.best: Evaluation | None = None
        self.layers: list[LayersAt] = []
        self.checkpoints: list[Checkpoint] = []
        self.changes: list[Change] = []  # in effect
        self.changes_to_come: list[Change] = []  # undone by a resume; made again at their steps

    def add_evaluation(self, evaluation: Evaluation) -> None:
        replaced = _put(self.evaluations, evaluation)
        candidates = self.evaluations if replaced or self.best is None else [self.best, evaluation]
        self.best = self._best_of(candidates)

    def add_layers(self, layers: LayersAt) -> None:
        _put(self.layers, layers)

    def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        _put(self.checkpoints, checkpoint)

    def add_change(self, change: Change) -> None:
        """Adds a change; one that a worker makes again, after a resume, is the same one."""
        place = change.step, change.path
        self.changes_to_come = [it for it in self.changes_to_come if (it.step, it.path) != place]
        self.changes = [it for it in self.changes if (it.step, it.path, it.new) != (*place, change.new)]
        self.changes.append(change)

    def cut(self, step: int) -> None:
        """Undoes what happened behind `step`."""
        self.train_loss.cut(step)
        self.evaluations = _up_to(step, self.evaluations)
        self.best = self._best_of(self.evaluations)
        self.layers = _up_to(step, self.layers)
        self.checkpoints = _up_to(step, self.checkpoints)
        undone = [it for it in self.changes if it.step > step and it.path != _PLAN]
        self.changes = [it for it in self.changes if it.step <= step or it.path == _PLAN]
        self.changes_to_come = sorted([*undone, *self.changes_to_come], key=lambda it: it.step)

    def reach(self, step: int) -> bool:
        """Makes the changes again that were due up to `step`; whether there were any."""
        due = [it for it in self.changes_to_come if it.step <= step]
        self.changes += due
        del self.changes_to_come[: len(due)]
        return bool(due)

    def _best_of(self, evaluations: Iterable[Evaluation]) -> Evaluation | None:
        """By the primary metric on validation, ties by loss, then the earliest."""
        metric = self.task.primary

        def rank(evaluation: Evaluation) -> tuple[float, float]:
            value = evaluation.validation.get(metric.name, math.nan)
            loss = evaluation.validation.get("loss", math.nan)
            return (-value if metric.higher_is_better else value), math.inf if math.isnan(loss) else loss

        ranked = [evaluation for evaluation in evaluations if not math.isnan(rank(evaluation)[0])]
        return min(ranked, key=rank, default=None)


def _put(points: list[At], point: At) -> bool:
    """Appends `point`, in place of the last one if that is of the same step; whether it was."""
    replaced = bool(points) and points[-1].step == point.step
    if replaced:
        points.pop()
    points.append(point)
    return replaced


def _up_to(step: int, points: list[At]) -> list[At]:
    return [point for point in points if point.step <= step]
