"""What a run is, read from its log: plain frozen values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tui_trainer.choices.tasks import CLASSIFICATION, Task
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.origin import NOWHERE, Origin
from tui_trainer.runs.states import ALIVE, State
from tui_trainer.runs.windows import LossWindows

if TYPE_CHECKING:
    from tui_trainer.runs.score import TestScore

Figures = Mapping[str, float]
"""Metrics by name, such as {"loss": 0.31, "accuracy": 0.92}; NaN where a figure is not finite."""


DIVERGED = "diverged: "
"""What the reason of a run begins with whose loss was not finite any more."""


_EPOCHS = "training.epochs"  # which, once changed, holds for all of the run


@dataclass(frozen=True)
class Evaluation:
    """The metrics of both parts at one step, in evaluation mode."""

    step: int
    epoch: float
    train: Figures
    validation: Figures
    penalty: float | None = None  # what the regularizers add to the loss
    lr: float | None = None
    seconds: float = 0.0  # of training so far


@dataclass(frozen=True)
class LayerShape:
    """A layer as it was built: its output for one sample, and how many parameters it has."""

    name: str
    output: tuple[int, ...]
    parameters: int


@dataclass(frozen=True)
class LayerFigures:
    """How one layer does."""

    name: str
    gradient_norm: float
    update_ratio: float  # norm of the update over norm of the weights
    weight_norm: float
    zero_share: float  # of the weights
    dead_share: float | None  # of the units; None if the layer has no activation that can die
    saturated_share: float | None = None  # of the units; None if its activation does not saturate
    frozen: bool = False  # it keeps its weights: it has no gradient and no updates


@dataclass(frozen=True)
class LayersAt:
    """How the layers did at the evaluation at one step."""

    step: int
    epoch: float
    layers: tuple[LayerFigures, ...]


@dataclass(frozen=True)
class DataFacts:
    """What the data itself says, looked at before training."""

    class_counts: tuple[int, ...] = ()  # of the training part; empty if the target is a number
    constant_features: tuple[str, ...] = ()
    best_feature: str = ""  # the one that alone predicts the target best; empty if inputs have no names
    best_feature_score: float = math.nan  # on validation: its accuracy, or the share of variance that it explains
    repeated_rows: int = 0  # of validation, that are also in the training part
    rows_compared: int = 0  # of validation


@dataclass(frozen=True)
class Preparing:
    """What a run waits for before it can begin."""

    what: str  # the data set that is downloaded
    done: int  # bytes
    total: int

    @property
    def share(self) -> float:
        """0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0


@dataclass(frozen=True)
class Change:
    """A value that was changed while training."""

    step: int
    epoch: float
    path: str
    old: Any
    new: Any


def without(inherited: Iterable[Change], changes: Iterable[Change]) -> list[Change]:
    """Those of `changes` that are none of the inherited ones; one that only equals such a one was made after it."""
    known = set(map(id, inherited))
    return [change for change in changes if id(change) not in known]


@dataclass(frozen=True)
class Checkpoint:
    """A state that was saved; its folder may have been thinned out since."""

    step: int
    epoch: float
    folder: str
    reasons: tuple[str, ...]
    bytes: int


@dataclass(frozen=True)
class Era:
    """What a run was up to the step at which it, or a run that it comes from, was forked."""

    until: float  # the step of the fork; infinite for the present
    experiment: Experiment
    inherited: tuple[Change, ...]  # of the changes up to `until`, those that the experiment has already

    def at(self, step: int, changes: Iterable[Change]) -> Experiment | None:
        """The experiment with the changes in effect at a step of this era; None if they do not fit."""
        own = [
            it
            for it in without(self.inherited, changes)
            if it.step <= step or (it.path == _EPOCHS and it.step < self.until)
        ]
        try:
            return set_values(self.experiment, {it.path: it.new for it in own}) if own else self.experiment
        except ExperimentError:
            return None


@dataclass(frozen=True)
class RunView:
    """A run as it is at one moment."""

    id: str
    name: str
    state: State
    reason: str = ""  # why it ended, or why it is stalled
    where: str = ""  # the row, layer or gradient at which it failed
    problem: str = ""  # why its log cannot be read in full; empty if it can

    origin: Origin = NOWHERE
    experiment: Experiment | None = None  # None if it cannot be read
    present: Experiment | None = None  # with the changes that are in effect now

    host: str = ""
    elsewhere: bool = False  # the worker is, or was, on another host
    pid: int | None = None
    device: str = ""
    device_name: str = ""
    threads: int | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    parameters: int | None = None
    layers_shape: tuple[LayerShape, ...] = ()
    samples: Mapping[str, int] = field(default_factory=dict)  # of "train" and "validation"
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    task: Task = CLASSIFICATION
    baseline: Figures = field(default_factory=dict)  # of the best guess that looks at no input, on validation
    warnings: tuple[str, ...] = ()
    facts: DataFacts | None = None  # None in logs that do not tell them

    preparing: Preparing | None = None  # while its data is downloaded
    step: int = 0
    epoch: float = 0.0
    planned_steps: int = 0
    planned_epochs: int = 0
    updates_per_epoch: int = 0
    seconds: float = 0.0  # of training, without evaluations and pauses
    steps_per_second: float | None = None
    seconds_left: float | None = None  # with the evaluations to come; None if unknown
    started_time: float | None = None  # unix seconds
    last_time: float | None = None  # of the last event

    train_loss: LossWindows = field(default_factory=LossWindows)
    evaluations: tuple[Evaluation, ...] = ()
    layers: tuple[LayersAt, ...] = ()
    changes: tuple[Change, ...] = ()
    inherited: tuple[Change, ...] = ()  # of these, those that its experiment has already: made before it was forked
    eras: tuple[Era, ...] = ()  # those that ended with a fork, in their order
    forked_at: float | None = None  # the epoch of its parent from which it goes on
    checkpoints: tuple[Checkpoint, ...] = ()
    score: TestScore | None = None  # on the test part, once somebody has asked for it
    best: Evaluation | None = None  # by the task's primary metric on validation, ties by loss, then the earliest

    acknowledged: frozenset[str] = frozenset()  # ids of the commands that were answered, also by a refusal
    refusals: Mapping[str, str] = field(default_factory=dict)  # command id -> why it could not be done
    damaged_lines: int = 0

    @property
    def alive(self) -> bool:
        """Whether a worker has it, or is about to."""
        return self.state in ALIVE

    @property
    def ended(self) -> bool:
        return not self.alive

    @property
    def diverged(self) -> bool:
        """Whether it failed because its loss was not finite any more."""
        return self.state == "failed" and self.reason.startswith(DIVERGED)

    @property
    def why(self) -> str:
        """Why it ended, and where that began; empty if its state says it all."""
        where = f" (first in {self.where})" if self.where else ""
        return "" if self.reason == self.state else self.reason + where

    @property
    def rates(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """The learning rate over the run: epochs, and the rate at each of them.

        At an evaluation it is that of the next update; between them, of a run that follows a schedule, that of the
        last update of each window. Two values at one epoch mean a leap.
        """
        windows = zip(self.train_loss.epochs, self.train_loss.rate, strict=True)
        points = [(epoch, 0, rate) for epoch, rate in windows if not math.isnan(rate)]
        points += [(it.epoch, 1, it.lr) for it in self.evaluations if it.lr is not None]
        points.sort()
        return tuple(point[0] for point in points), tuple(point[2] for point in points)

    @property
    def last(self) -> Evaluation | None:
        return self.evaluations[-1] if self.evaluations else None

    def present_at(self, step: int) -> Experiment | None:
        """The experiment with the changes that were in effect at a step; None if it cannot be read."""
        if self.experiment is None:
            return None
        present = Era(math.inf, self.experiment, self.inherited)
        era = next((it for it in self.eras if step < it.until), present)
        return era.at(step, self.changes)

    @property
    def progress(self) -> float:
        """The share of the planned epochs that is done, 0 to 1."""
        return min(1.0, self.epoch / self.planned_epochs) if self.planned_epochs else 0.0
