"""Curves of several seeds as one: their mean, and how widely they spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan, sqrt
from typing import Literal

from tui_trainer.insight.series import known
from tui_trainer.runs.records import RunView

Part = Literal["train", "validation"]
Band = tuple[list[float], list[float], list[float], list[float]]
"""xs in epochs; mean, low and high in the metric's unit; all equally long."""


def mean_band(runs: Sequence[RunView], part: Part, metric: str) -> Band:
    """The mean of a metric over the runs, and one sample standard deviation below and above it.

    Only at the epochs at which every run that was evaluated at all has a known figure: a mean over fewer runs here
    than there would jump for no reason. With a single run, low and high are the curve itself.
    """
    return mean_of([_curve(run, part, metric) for run in runs])


def mean_of(curves: Sequence[Mapping[float, float]]) -> Band:
    """The same of curves that are figures by epoch."""
    curves = [curve for curve in curves if curve]
    if not curves:
        return [], [], [], []
    xs = sorted(set.intersection(*map(set, curves)))
    columns = [[curve[x] for curve in curves] for x in xs]
    means = [mean(column) for column in columns]
    spreads = [deviation(column) if len(column) > 1 else 0.0 for column in columns]
    low = [centre - spread for centre, spread in zip(means, spreads, strict=True)]
    high = [centre + spread for centre, spread in zip(means, spreads, strict=True)]
    return xs, means, low, high


def mean(values: Sequence[float]) -> float:
    """NaN of nothing."""
    return sum(values) / len(values) if values else nan


def deviation(values: Sequence[float]) -> float:
    """The sample standard deviation (divided by n - 1); NaN of fewer than two values."""
    if len(values) < 2:
        return nan
    centre = mean(values)
    return sqrt(sum((value - centre) * (value - centre) for value in values) / (len(values) - 1))


def _curve(run: RunView, part: Part, metric: str) -> dict[float, float]:
    """The known figures by epoch."""
    curve = {}
    for evaluation in run.evaluations:
        value = (evaluation.train if part == "train" else evaluation.validation).get(metric, nan)
        if known(value):
            curve[round(evaluation.epoch, 6)] = value
    return curve
