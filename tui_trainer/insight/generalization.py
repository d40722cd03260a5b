"""How well what was learned carries over to samples that were not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite, nan
from statistics import median

from tui_trainer.choices.losses import CLASSES
from tui_trainer.choices.tasks import Metric
from tui_trainer.insight.findings.reading import PATIENCE, smooth
from tui_trainer.runs.view import Evaluation, RunView

RISE, RISE_BASELINE = 1.2, 0.03
"""Validation loss has risen where it lies at this multiple of its lowest value, and above it by this share of the
baseline's: less is noise, and near zero, multiples mean nothing."""
RISE_OF_ERRORS = 0.005
"""That share where numbers are predicted: of their variance, all but a little is explained soon."""
_RECENT = 3  # evaluations whose median stands for the present


@dataclass(frozen=True)
class Comparison:
    """One metric on both parts at one evaluation."""

    epoch: float
    train: float
    validation: float
    gap: float  # how much better it is on the training part: positive if it is better there


@dataclass(frozen=True)
class Generalization:
    """What a run's evaluations say. All figures were taken in evaluation mode, so that both parts compare."""

    metric: Metric  # the task's primary one
    last: Comparison  # of the primary metric
    best: Comparison  # of the primary metric, where the run was best
    loss: Comparison  # at the last evaluation
    lowest_loss: Comparison  # where validation loss was lowest
    rising_since: float | None  # the epoch since which validation loss rises; None if it does not
    baseline: float | None  # the primary metric of the best guess that looks at no input


def generalization(view: RunView) -> Generalization | None:
    """What the evaluations of a run say; None before the first one."""
    if not view.last:
        return None
    metric = view.task.primary
    loss = Metric("loss", higher_is_better=False)
    lowest = lowest_loss(view.evaluations)
    return Generalization(
        metric=metric,
        last=compare(view.last, metric),
        best=compare(view.best or view.last, metric),
        loss=compare(view.last, loss),
        lowest_loss=compare(lowest, loss),
        rising_since=rising_since(view.evaluations, view.baseline.get("loss", nan), view.task.name in CLASSES),
        baseline=view.baseline.get(metric.name),
    )


def compare(evaluation: Evaluation, metric: Metric) -> Comparison:
    """One metric on both parts; NaN where it was not reported."""
    train = evaluation.train.get(metric.name, nan)
    validation = evaluation.validation.get(metric.name, nan)
    gap = train - validation if metric.higher_is_better else validation - train
    return Comparison(evaluation.epoch, train, validation, gap)


def lowest_loss(evaluations: Sequence[Evaluation]) -> Evaluation:
    """The evaluation with the lowest validation loss, the earliest of equals; `evaluations` must not be empty."""
    return min(evaluations, key=_validation_loss)


def has_risen(loss: float, lowest: float, baseline: float, of_classes: bool = True) -> bool:
    """Whether a validation loss lies clearly above its lowest value; `baseline` is that of a guess, NaN if unknown."""
    floor = (RISE_BASELINE if of_classes else RISE_OF_ERRORS) * baseline
    return loss > RISE * lowest and not loss <= lowest + floor


def rising_since(evaluations: Sequence[Evaluation], baseline: float = nan, of_classes: bool = True) -> float | None:
    """The epoch of the lowest validation loss, if the loss has risen clearly since then and stays up; else None.

    A lowest value that the evaluations around it do not share is none to measure by.
    """
    if len(evaluations) <= _RECENT:
        return None
    lowest = lowest_loss(evaluations)
    recent = evaluations[-_RECENT:]
    if lowest in recent:
        return None
    present, losses = median(map(_validation_loss, recent)), [_validation_loss(it) for it in evaluations]
    low = min(smooth(losses)) if len(losses) > 2 * PATIENCE else min(losses)
    return lowest.epoch if has_risen(present, low, baseline, of_classes) else None


def _validation_loss(evaluation: Evaluation) -> float:
    loss = evaluation.validation.get("loss", inf)
    return loss if isfinite(loss) else inf
