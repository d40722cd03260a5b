"""A run as the rules read it: its series since the last change, and what is known of its task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from math import isfinite, isnan, nan, sqrt
from statistics import median

from tui_trainer.choices.losses import CLASSES
from tui_trainer.choices.schedules import Progress
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.view import Evaluation, LayersAt, RunView

RECENT = 3
"""Evaluations whose median stands for the present: a single one may be a leap."""

PATIENCE = 5
"""Evaluations that something must have lasted for."""

LEARNED = 0.5
"""A run that has removed this share of the baseline's loss learns, whatever else its figures look like."""

STEADY = 0.7
"""The share of the evaluations at which a loss that falls steadily is lower than before."""

CALM = 0.5
"""A schedule that is to lower the learning rate to less than this share of what it is calms the training down."""

_HARMLESS = ("training.epochs", "training.pace")
"""Changes that leave the course of the training as it is."""


class Reading:
    """Series of losses and metrics at the evaluations since the last live change; all are finite and equally long.

    What was before a change says nothing about what is trained now.
    """

    def __init__(self, view: RunView, experiment: Experiment) -> None:
        self.view = view
        self.experiment = experiment  # as it is now
        self.metric = view.task.primary
        self.changed_at = max((it.step for it in view.changes if it.path not in _HARMLESS), default=0)
        all_finite = [it for it in view.evaluations if _finite(it)]
        begin = sum(it.step <= self.changed_at for it in all_finite) - 1
        self.evaluations: Sequence[Evaluation] = all_finite[max(0, begin) :]
        self.epochs = [it.epoch for it in self.evaluations]
        self.train = [it.train["loss"] for it in self.evaluations]
        self.validation = [it.validation["loss"] for it in self.evaluations]

    @cached_property
    def train_metric(self) -> list[float]:
        """The task's primary metric on the training part; NaN where it was not reported."""
        return [it.train.get(self.metric.name, nan) for it in self.evaluations]

    @cached_property
    def validation_metric(self) -> list[float]:
        return [it.validation.get(self.metric.name, nan) for it in self.evaluations]

    @property
    def of_what_is_left(self) -> Reading:
        """Up to the network that the run has left behind: its best one, where it has put those weights back."""
        best = self.view.best
        restores = any(it.restores_best() for it in self.experiment.regularization.values())
        if self.view.state != "finished" or not restores or best is None:
            return self
        until = tuple(it for it in self.view.evaluations if it.step <= best.step)
        return Reading(replace(self.view, evaluations=until), self.experiment)

    @cached_property
    def layers(self) -> Sequence[LayersAt]:
        """The layer figures since the last change, at most the last few; frozen layers have none to judge."""
        return [it for it in self.units if it.step > self.changed_at]

    @cached_property
    def units(self) -> Sequence[LayersAt]:
        """The same figures, from before the last change as well: units that have died or saturated do not come back
        because something was changed, and the first figures after it tell if they did."""
        last = [_trained(it) for it in self.view.layers[-RECENT:]]
        count = len(last[-1].layers) if last else 0
        return [it for it in last if len(it.layers) == count > 0]

    @property
    def baseline(self) -> float | None:
        """The loss of a guess that looks at no input."""
        loss = self.view.baseline.get("loss", nan)
        return loss if isfinite(loss) and loss > 0 else None

    @property
    def guessing(self) -> str:
        """The baseline's loss, to stand behind another loss: ` (guessing: 2.3)`; empty where it is not known."""
        return f" (guessing: {self.baseline:.3g})" if self.baseline else ""

    @property
    def classifies(self) -> bool:
        """Whether classes or tokens are told apart, and no numbers predicted: an autoencoder looks at no classes."""
        return self.view.task.name in CLASSES

    @property
    def learned(self) -> float:
        """The share of the baseline's loss that training has removed so far, on the training part; below 0 if it
        made it worse, NaN if unknown."""
        return 1 - recent(self.train) / self.baseline if self.baseline and self.train else nan

    @property
    def done(self) -> float:
        """The share of the plan that was trained since the last change, 0 to 1."""
        epochs = self.epochs[-1] - self.epochs[0] if self.epochs else 0.0
        return min(1.0, epochs / self.view.planned_epochs) if self.view.planned_epochs else 0.0

    def rate_factor(self, step: int, epoch: float) -> float:
        """What the schedule multiplied the learning rate by in the last update before `step`, at `epoch`."""
        schedule, view = self.experiment.schedule, self.view
        if schedule.is_constant:
            return 1.0
        before = [it for it in view.evaluations if it.step < step]
        losses, epochs = [it.validation.get("loss", nan) for it in before], [it.epoch for it in before]
        update = 1 / max(1, view.updates_per_epoch)
        planned = max(1, view.planned_epochs)
        return schedule.factor(
            Progress(step - 1, view.planned_steps, max(0.0, epoch - update), planned, losses, epochs)
        )

    @property
    def calms_down(self) -> bool:
        """Whether the schedule is still to lower the learning rate by far: then large steps are its first part."""
        schedule, view = self.experiment.schedule, self.view
        if schedule.is_constant or view.ended:
            return False
        if schedule.watches_validation:
            return True
        end = self.rate_factor(view.planned_steps, view.planned_epochs)
        return end < CALM * self.rate_factor(view.step, view.epoch)

    def skill(self, value: float) -> float:
        """How far a value of the primary metric is on the way from the baseline, 0, to perfection, 1."""
        baseline = self.view.baseline.get(self.metric.name, nan)
        if self.metric.higher_is_better:
            return (value - baseline) / (1 - baseline) if baseline < 1 else nan
        return 1 - value / baseline if baseline > 0 else nan

    def sampling_error(self, share: float) -> float:
        """The standard error of an accuracy on the validation part (binomial); 0 where it is none."""
        samples = self.view.samples.get("validation", 0)
        if not samples or not self.classifies or not 0 <= share <= 1:
            return 0.0
        return sqrt(max(share * (1 - share), 0.25 / samples) / samples)


def _trained(at: LayersAt) -> LayersAt:
    """The figures of the layers that are trained."""
    if not any(isnan(layer.gradient_norm) for layer in at.layers):
        return at
    return replace(at, layers=tuple(layer for layer in at.layers if not isnan(layer.gradient_norm)))


def smooth(values: Sequence[float]) -> list[float]:
    """The median of each value and its two neighbours on both sides: leaps vanish, edges stay; shorter by 4."""
    return [sorted(values[i : i + 5])[2] for i in range(len(values) - 4)]


def recent(values: Sequence[float], count: int = RECENT) -> float:
    """The median of the last values."""
    return median(values[-count:])


def falls_steadily(losses: Sequence[float]) -> bool:
    """Whether a loss falls from nearly every evaluation to the next."""
    return sum(b < a for a, b in pairwise(losses)) >= STEADY * (len(losses) - 1)


def _finite(evaluation: Evaluation) -> bool:
    losses = evaluation.train.get("loss", nan), evaluation.validation.get("loss", nan)
    return isfinite(losses[0]) and isfinite(losses[1])
