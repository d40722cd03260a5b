"""Figures within sentences."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from tui_trainer.choices.tasks import Metric
from tui_trainer.insight.basis import LOSS, Basis
from tui_trainer.insight.statistics import LEVEL, Effect, is_share


def value(metric: Metric, figure: float) -> str:
    """`0.798`, or with the metric's unit."""
    if not isfinite(figure):
        return "nothing finite"
    shown = f"{figure:.3f}" if is_share(metric) else f"{figure:.3g}"
    return f"{shown} {metric.unit}".rstrip()


def amount(metric: Metric, difference: float) -> str:
    """How large a difference is, without its sign: `4.8 points`."""
    if is_share(metric):
        return f"{100 * abs(difference):.1f} points"
    return f"{abs(difference):.2g} {metric.unit}".rstrip()


def signed(metric: Metric, difference: float) -> str:
    """`+4.8`, in points where the metric is a share; a true minus sign."""
    shown = f"{100 * difference:+.1f}" if is_share(metric) else f"{difference:+.2g}"
    return shown.replace("-", "−") if float(shown) else "0"


def listed(words: Sequence[str]) -> str:
    """`A, B and C`."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def counted(effect: Effect) -> str:
    """` in 4 of 5 seeds`, for an effect seen in pairs; empty for one seed."""
    return (
        f" in {max(effect.higher, effect.lower)} of {effect.n} seeds"
        if effect.n > 1 and effect.higher != effect.lower
        else ""
    )


def how_sure(made: Basis, metric: Metric, effect: Effect, comparisons: int = 1) -> str:
    """By which method it was judged whether `effect` is real, and with which figures."""
    unit = " points" if is_share(metric) else f" {metric.unit}".rstrip()
    interval = f"95 % interval of the difference in validation {metric.name}: {signed(metric, effect.low)} to "
    interval += f"{signed(metric, effect.high)}{unit}"
    corrected = f", p after Holm's correction for {comparisons} comparisons" if comparisons > 1 else ""
    match effect.method:
        case "paired" if isfinite(effect.p):
            test = f"Student's paired t-test over {effect.n} seeds{corrected}"
            return f"{interval}, p = {_p(effect.p)} ({test}). It speaks of other seeds on the same data."
        case "unpaired":
            return f"{interval}, p = {_p(effect.p)} (Welch's t-test, as the arms share no seed{corrected})."
        case "sampling":
            return f"{_why_no_test(effect)}: {_sampling_error(made, metric, effect)}"
    return ""


def _why_no_test(effect: Effect) -> str:
    if effect.n == 1:
        return "One seed, so there is no spread to test against"
    if effect.n == 2:
        return "Two seeds, too few for a test"
    return "The difference is the same with every seed, so there is no spread to test against"


def _sampling_error(made: Basis, metric: Metric, effect: Effect) -> str:
    margin = amount(metric, effect.high - effect.difference)
    about = "" if is_share(metric) else "about "
    return (
        f"a difference in validation {metric.name} counts beyond {about}{margin}, "
        f"the sampling error of {made.validation_samples:,} validation samples."
    )


def _p(p: float) -> str:
    return f"{p:.2g}" if p >= 0.001 else "below 0.001"


def sure(effect: Effect) -> bool:
    """Whether the effect passed a test over seeds, not only the sampling error."""
    return effect.method in ("paired", "unpaired") and effect.p < LEVEL


def improvement(metric: Metric, effect: Effect) -> int:
    """1 if the effect really is a better figure, -1 if it really is a worse one, else 0."""
    return effect.sign if metric.higher_is_better else -effect.sign


def lowered(metric: Metric) -> str:
    return "higher" if metric.higher_is_better else "lower"


__all__ = ["LOSS", "amount", "counted", "how_sure", "improvement", "listed", "signed", "sure", "value"]
