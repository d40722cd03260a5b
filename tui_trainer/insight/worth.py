"""Whether a network is worth it: what it gets against what simpler methods get on the same samples."""

from __future__ import annotations

from math import isfinite, sqrt
from typing import TYPE_CHECKING

from tui_trainer.choices.tasks import Metric
from tui_trainer.insight.statistics import AGREEMENT, standard_error
from tui_trainer.insight.verdict.case import TWO_ERRORS
from tui_trainer.runs.records import RunView

if TYPE_CHECKING:
    from tui_trainer.runs.baselines import Baselines, Method


def worth(view: RunView, baselines: Baselines) -> str:
    """How the run's network compares with the best of the simpler methods, in a sentence; empty without figures.

    The network is the one with the best primary metric on validation: as that was picked by these very figures, a
    difference within the sampling error is none.
    """
    metric = view.task.primary
    evaluation = view.best or view.last
    rival = best(baselines, metric)
    if evaluation is None or rival is None:
        return ""
    ours, theirs = evaluation.validation.get(metric.name), rival.validation[metric.name]
    if ours is None or not isfinite(ours):
        return ""
    ahead = (ours - theirs) * (1 if metric.higher_is_better else -1)
    margin = _margin(ours, theirs, rival, metric, baselines.rows.get("validation", 0))
    figures = f"the network's {_figure(ours, metric)}", f"the {rival.name}'s {_figure(theirs, metric)}"
    sign = 0 if abs(ahead) <= margin else 1 if ahead > 0 else -1
    so = _so(sign) + (" so far" if view.alive and sign >= 0 else "")  # half a training is not all it can do
    if not sign:
        apart, chance = amount(abs(ahead), metric), amount(margin, metric)
        return f"{_begun(figures[0])} and {figures[1]} are {apart} apart; up to {chance} may be chance: {so}"
    does = "beats" if sign > 0 else "falls short of"
    return f"{_begun(figures[0])} {does} {figures[1]} by {amount(abs(ahead), metric)}: {so}"


def in_short(baselines: Baselines, view: RunView | None = None) -> str:
    """What the methods get on validation: `accuracy on validation: random forest .975, …`."""
    name = view.task.primary.name if view is not None else ""
    metrics = [name, "accuracy", "mae"]
    known = next((it for it in metrics if baselines.methods and it in baselines.methods[-1].validation), "loss")
    told = ", ".join(
        f"{it.name} {_plain(it.validation.get(known, float('nan')))}" for it in reversed(baselines.methods)
    )
    return f"{known} on validation: {told}"


def best(baselines: Baselines, metric: Metric) -> Method | None:
    """The method that looks at inputs and does best; None if none has that figure."""
    having = [it for it in baselines.learned if isfinite(it.validation.get(metric.name, float("nan")))]
    sign = 1 if metric.higher_is_better else -1
    return max(having, key=lambda it: sign * it.validation[metric.name], default=None)


def _margin(ours: float, theirs: float, rival: Method, metric: Metric, samples: int) -> float:
    """What two figures on the same validation samples may differ by through the choice of these samples alone."""
    error = standard_error(metric, samples)
    left, right = error(ours), rival.errors.get(metric.name, error(theirs))
    return TWO_ERRORS * sqrt(max(0.0, left**2 + right**2 - 2 * AGREEMENT * left * right))


def amount(difference: float, metric: Metric) -> str:
    """A difference: points of a share, else in the metric's unit."""
    if metric.is_share:
        return f"{100 * difference:.1f} points"
    return f"{_plain(difference)} {metric.unit}".rstrip()


def _figure(value: float, metric: Metric) -> str:
    return f"{metric.name} {_plain(value)}" if metric.name != "accuracy" else _plain(value)


def _plain(value: float) -> str:
    return f"{value:.3f}".removeprefix("0") if 0 <= value < 1 else f"{value:.4g}"


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _so(sign: int) -> str:
    """What follows: 0 as good, 1 better, -1 worse."""
    return ("the simpler method does as well", "it is worth it", "it is not worth it so far")[sign]
