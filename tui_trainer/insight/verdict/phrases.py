"""Figures within sentences."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from tui_trainer.choices.tasks import Metric
from tui_trainer.insight.arms import letter
from tui_trainer.insight.figures import MINUS, number
from tui_trainer.insight.statistics import OTHER_SEEDS, Effect
from tui_trainer.insight.verdict.case import Case


def value(metric: Metric, figure: float) -> str:
    """`0.798`, or with the metric's unit."""
    if not isfinite(figure):
        return "not finite"
    shown = f"{figure:.3f}" if metric.is_share else number(figure)
    return f"{shown} {metric.unit}".rstrip()


def amount(metric: Metric, difference: float) -> str:
    """How large a difference is, without its sign: `4.8 points`."""
    if metric.is_share:
        return f"{100 * abs(difference):.1f} points"
    return f"{number(abs(difference), 2)} {metric.unit}".rstrip()


def behind(metric: Metric, name: str, difference: float) -> str:
    """How far an arm is behind: `B by 4.8 points`, or `B (mae higher by 16)`, as a figure without a unit says which."""
    if metric.is_share:
        return f"{name} by {amount(metric, difference)}"
    return f"{name} ({metric.word} {'higher' if difference > 0 else 'lower'} by {amount(metric, difference)})"


def signed(metric: Metric, difference: float) -> str:
    """`+4.8`, in points where the metric is a share; a true minus sign."""
    if not metric.is_share:
        return ("+" if difference > 0 else "") + number(difference, 2)
    shown = f"{100 * difference:+.1f}"
    return shown.replace("-", MINUS) if float(shown) else "0"


def difference(metric: Metric, figure: float) -> str:
    """`+4.8 points`."""
    return signed(metric, figure) + (" points" if metric.is_share else "")


def listed(words: Sequence[str]) -> str:
    """`A, B and C`."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def counted(effect: Effect) -> str:
    """` in 4 of 5 seeds`, for an effect seen in pairs; empty for one seed."""
    if effect.n < 2 or effect.method == "unpaired":
        return ""
    return f" in {effect.agreeing} of {effect.n} seeds"


def how_sure(case: Case, a: int, b: int, metric: Metric, effect: Effect, comparisons: int = 1) -> str:
    """By which method it was judged whether `effect`, of arm `b` against arm `a`, is real, and with which figures."""
    if effect.method == "paired" and not effect.higher and not effect.lower:
        return ""
    ends = f"{signed(metric, effect.low)} to {signed(metric, effect.high)}{' points' if metric.is_share else ''}"
    what = f"Validation {metric.word} of {letter(b)} minus that of {letter(a)}"
    interval = f"{what}: 95 % interval {ends}, p {_p(effect.p)}"
    corrected = f", p corrected for {comparisons} comparisons (Holm)" if comparisons > 1 else ""
    match effect.method:
        case "paired":
            test = f"Student's paired t-test over {effect.n} seeds{corrected}"
        case "unpaired":
            test = f"Welch's t-test, as no seed is shared{corrected}"
        case "sampling" | "unshared":
            return f"{_why_no_test(effect)}: {_sampling_error(case, metric, effect)}"
        case _:
            return ""
    seeds = "other seeds, each with samples of its own" if case.draws_data else "other seeds on the same data"
    return f"{interval}. {test}: it speaks of {seeds}."


def _why_no_test(effect: Effect) -> str:
    if effect.method == "unshared":
        return "No seed is shared, and there are too few for a test"
    if effect.n == 1:
        return "One seed, so there is no spread to test against"
    if effect.n == 2:
        return "Two seeds, too few for a test"
    return "The difference is the same with every seed, so there is no spread to test against"


def _sampling_error(case: Case, metric: Metric, effect: Effect) -> str:
    samples = f"{case.basis.validation_samples:,} validation samples"
    if not isfinite(effect.high):
        return "what would count as a difference is not known."
    margin = ("" if metric.is_share else "about ") + amount(metric, effect.high - effect.difference)
    times = f"{OTHER_SEEDS} times " if effect.method == "unshared" else ""
    both = ", if both seeds show it" if effect.n == 2 and not times else ""
    beyond = f"{margin}, {times}the sampling error of {samples}{both}"
    return f"a difference in validation {metric.word} counts beyond {beyond}."


def _p(p: float) -> str:
    return f"= {p:.2g}" if p >= 0.001 else "< 0.001"


def improvement(metric: Metric, effect: Effect) -> int:
    """1 if the effect really is a better figure, -1 if it really is a worse one, else 0."""
    return effect.sign if metric.higher_is_better else -effect.sign


def probable_improvement(metric: Metric, effect: Effect) -> int:
    """As `improvement`, where that is probable at least."""
    if not effect.probable:
        return improvement(metric, effect)
    return 1 if (effect.difference > 0) == metric.higher_is_better else -1
