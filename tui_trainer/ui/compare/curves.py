"""What the plots of the compare screen show: the curves of its sides, alone or over one another, and their gaps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, starmap
from typing import Literal

from tui_trainer.choices.tasks import Metric
from tui_trainer.insight.arms import letter, seed_of
from tui_trainer.insight.axes import DIVERGED
from tui_trainer.insight.deciding import deciding
from tui_trainer.insight.series import first_known, value_at
from tui_trainer.plots.palette import run_role
from tui_trainer.plots.spec import Band, Curve, Mark, Stroke
from tui_trainer.runs.records import RunView
from tui_trainer.ui import curves
from tui_trainer.ui.compare.text import short_name
from tui_trainer.ui.laboratory.compared import Compared, Side

Part = Literal["train", "validation"]

LOSS = Metric("loss", higher_is_better=False)
MOST_BANDS = 3
"""Sides whose spread is shaded at once; of more only the selected and the pinned one's is."""

_NAME = 24  # of a side in a legend


@dataclass(frozen=True)
class Drawing:
    """What one plot shows, and how far to the right it goes."""

    curves: Sequence[Curve] = ()
    bands: Sequence[Band] = ()
    marks: Sequence[Mark] = ()


@dataclass(frozen=True)
class Series:
    """A figure over epochs: of one run, or the mean over several with one standard deviation to both sides."""

    xs: Sequence[float] = ()
    ys: Sequence[float] = ()
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None


def metric_of(state: Compared) -> Metric:
    """By which the sides are judged; before any has figures, the primary metric of the first that has begun."""
    pinned = state.sides[state.pinned : state.pinned + 1]
    runs = [run for side in (*pinned, *state.sides) for run in side.arm.runs]
    return deciding(runs) if any(run.evaluations for run in runs) or not runs else runs[0].task.primary


def offered(state: Compared) -> list[Metric]:
    """What can be plotted beside the loss: what the pinned side's task measures, the primary one first, and the rate.

    The learning rate is the last of them, if a side tells it.
    """
    primary = metric_of(state)
    runs = [run for side in state.sides for run in side.arm.runs]
    each = [curves.offered(run, None) for run in runs if run.evaluations and primary in run.task.metrics]
    told = dict.fromkeys(metric for metrics in each or [curves.offered(None, None)[:1]] for metric in metrics)
    return sorted({primary: None, **told}, key=lambda metric: metric == curves.LEARNING_RATE)


def extent(state: Compared) -> tuple[float, float, bool]:
    """Where the plan of the longest side ends and how far the furthest is, in epochs; whether all have ended."""
    runs = [run for side in state.sides for run in side.arm.runs]
    planned = [float(side.experiment.training.epochs) for side in state.sides if len(side.arm.runs) < side.planned]
    plan = max([*(float(run.planned_epochs) for run in runs), *planned], default=0.0)
    ended = bool(runs) and all(run.ended for run in runs) and not planned
    return plan, max((run.epoch for run in runs), default=0.0), ended


class CompareCurves:
    """Makes the drawings; what has not changed since the last one is not worked out again."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], tuple[tuple[RunView, ...], Series]] = {}

    def side(self, state: Compared, index: int, metric: Metric) -> Drawing:
        """One side: both parts, with what lies between them shaded, or the spread of each over the seeds."""
        side = state.sides[index]
        if metric == curves.LEARNING_RATE:
            rate = self._of(side, "validation", metric)
            return Drawing([Curve("learning rate", "batch", rate.xs, rate.ys)], _spread(rate, "batch"), _marks(side))
        train, validation = self._of(side, "train", metric), self._of(side, "validation", metric)
        spread = [*_spread(train, "train"), *_spread(validation, "validation")]
        between = [Band("gap", train.xs, train.ys, validation.ys)] if train.xs and train.xs == validation.xs else []
        return Drawing(
            [
                Curve("train", "train", train.xs, train.ys, "thin"),
                Curve("validation", "validation", validation.xs, validation.ys, "thick"),
                *_seed_under_way(side, metric, "train", "validation"),
            ],
            spread or between,
            _marks(side),
        )

    def together(self, state: Compared, metric: Metric) -> Drawing:
        """Two sides with both parts and their gaps, more with validation alone, each in the colour of its side.

        A learning rate is of no part: each side has one curve.
        """
        both = in_parts(state, metric)
        made: list[Curve] = []
        bands: list[Band] = []
        for index, side in enumerate(state.sides):
            validation = self._of(side, "validation", metric)
            train = self._of(side, "train", metric) if both else Series()
            if both:
                made.append(_curve(state, index, train, "thin", letter(index).lower()))
            made.append(_curve(state, index, validation, "thick" if both else _stroke(state, index), letter(index)))
            if both:
                made += _seed_under_way(side, metric, run_role(index), run_role(index))
            spread = _spread(validation, run_role(index)) if _shaded(state, index) else []
            between = [Band(run_role(index), train.xs, train.ys, validation.ys)] if train.xs == validation.xs else []
            bands += spread or between
        return Drawing(made, bands, _marks_of_all(state))

    def gaps(self, state: Compared, metric: Metric) -> Drawing:
        """How much better each side is on what it was trained on."""
        made: list[Curve] = []
        for index, side in enumerate(state.sides):
            gap = _gap(self._of(side, "train", metric), self._of(side, "validation", metric), metric)
            made.append(_curve(state, index, gap, _stroke(state, index), letter(index)))
        return Drawing(made, (), _marks_of_all(state))

    def validation_at(self, side: Side, metric: Metric, epoch: float) -> float | None:
        """The figure nearest to an epoch; None beyond both ends of the curve."""
        of = self._of(side, "validation", metric)
        near = value_at(of.xs, of.ys, epoch)
        apart = max((b - a for a, b in pairwise(of.xs[-2:])), default=0.0)
        return near[1] if near is not None and of.xs[0] - apart <= epoch <= of.xs[-1] + apart else None

    def _of(self, side: Side, part: Part, metric: Metric) -> Series:
        runs = telling(side.arm.runs)
        key = (*(run.id for run in runs), part, metric.name)
        known = self._known.get(key)
        if known is None or any(old is not new for old, new in zip(known[0], runs, strict=True)):
            if len(self._known) > 1000:  # of sides that are gone
                self._known.clear()
            known = self._known[key] = runs, series(runs, part, metric.name)
        return known[1]


def in_parts(state: Compared, metric: Metric) -> bool:
    """Whether sides over one another are drawn with both parts of their data."""
    return len(state.sides) <= 2 and metric != curves.LEARNING_RATE


def telling(runs: Sequence[RunView]) -> tuple[RunView, ...]:
    """The runs that a side's curves are made of: those that are finished, else all that have been evaluated.

    A mean goes only as far as all of its runs do, so those under way wait until they have ended.
    """
    told = tuple(run for run in runs if run.evaluations)
    return tuple(run for run in told if run.state == "finished") or told


def series(runs: Sequence[RunView], part: Part, metric: str) -> Series:
    """A metric on one part, or the learning rate, over epochs; the mean of runs that differ in their seed."""
    if len(runs) > 1:
        from tui_trainer.insight.bands import mean_band, mean_of

        if metric == curves.LEARNING_RATE.name:
            return Series(*mean_of([dict(zip(*run.rates, strict=True)) for run in runs]))
        return Series(*mean_band(runs, part, metric))
    if metric == curves.LEARNING_RATE.name:
        return Series(*runs[0].rates) if runs else Series()
    evaluations = runs[0].evaluations if runs else ()
    ys = [(it.train if part == "train" else it.validation).get(metric, math.nan) for it in evaluations]
    return Series([it.epoch for it in evaluations], ys)


def _seed_under_way(side: Side, metric: Metric, *roles: str) -> list[Curve]:
    """The curves of a run that trains while the mean is one of others: dim, behind it."""
    runs = side.arm.runs
    run = next((run for run in runs if run.alive and run.evaluations), None)
    if run is None or not any(other.state == "finished" and other.evaluations for other in runs):
        return []
    parts = zip(("train", "validation"), roles, strict=True)
    label = f"seed {seed_of(run)}"
    made = [(series([run], part, metric.name), role) for part, role in parts]  # type: ignore[arg-type]
    return [Curve(label, role, it.xs, it.ys, ghost=True) for it, role in made]


def _gap(train: Series, validation: Series, metric: Metric) -> Series:
    """Positive where the training part is better; of figures that have diverged it says nothing."""
    if train.xs != validation.xs:
        return Series()
    sign = 1.0 if metric.higher_is_better else -1.0
    first = first_known(validation.ys) or 1.0
    most = math.inf if metric.higher_is_better else DIVERGED * abs(first)
    gaps = (sign * (t - v) for t, v in zip(train.ys, validation.ys, strict=True))
    return Series(train.xs, [gap if abs(gap) <= most else math.nan for gap in gaps])


def _curve(state: Compared, index: int, of: Series, stroke: Stroke, tag: str) -> Curve:
    name = short_name(state.sides[index].arm.name, _NAME)
    label = f"{letter(index)} {name}".rstrip()
    return Curve(label, run_role(index), of.xs, of.ys, stroke, tag=tag, short=letter(index))


def _stroke(state: Compared, index: int) -> Stroke:
    return "thick" if state.selected == index else "thin"


def _spread(of: Series, role: str) -> list[Band]:
    return [Band(role, of.xs, of.low, of.high)] if of.low is not None and of.high is not None else []


def _shaded(state: Compared, index: int) -> bool:
    return len(state.sides) <= MOST_BANDS or index in (state.selected, state.pinned)


def _marks(side: Side) -> list[Mark]:
    """Where something was changed in its first run, or where that was forked."""
    run = next(iter(side.arm.runs), None)
    marks = curves.marks(run)
    forked = run.forked_at if run is not None else None
    if forked is not None and not any(mark.x == forked for mark in marks):
        marks.insert(0, Mark(forked, "fork"))
    return marks


def _marks_of_all(state: Compared) -> list[Mark]:
    def lettered(index: int, side: Side) -> list[Mark]:
        return [replace(mark, label=f"{letter(index)} {mark.label}") for mark in _marks(side)]

    return sorted((mark for marks in starmap(lettered, enumerate(state.sides)) for mark in marks), key=lambda it: it.x)
