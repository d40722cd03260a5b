"""Whether a network is worth it: what it gets against what simpler methods get on the same samples."""

from __future__ import annotations

from math import isfinite, sqrt
from typing import TYPE_CHECKING

from tui_trainer.choices.tasks import Metric
from tui_trainer.choices.tasks.classification import ACCURACY
from tui_trainer.insight.arms import Arm
from tui_trainer.insight.figures import number
from tui_trainer.insight.statistics import AGREEMENT
from tui_trainer.insight.verdict.case import TWO_ERRORS, Case
from tui_trainer.runs.records import Evaluation, RunView

if TYPE_CHECKING:
    from tui_trainer.runs.baselines import Baselines, Method


def worth(view: RunView, baselines: Baselines) -> str:
    """How the run's network compares with the best of the simpler methods, in a sentence; empty without figures.

    The network is the one that a comparison of runs would judge: that which training leaves behind. The best of many
    epochs was picked by the very figures that are compared. A difference within the sampling error is none.
    """
    judged = _judge(view, baselines)
    if judged is None:
        return ""
    case, rival, sign = judged
    metric, (ours, theirs) = case.metric, _pair(case, rival)
    figures = f"the network's {_figure(ours, metric)}", f"the {rival.name}'s {_figure(theirs, metric)}"
    so = _so(sign) + (" so far" if view.alive and sign >= 0 else "")  # half a training is not all it can do
    if sign >= 0 and _only_guess(case, rival):
        guess = f"{case.guess} ({_plain(case.guessing(0))})"
        return f"{_begun(figures[0])} and {figures[1]}: neither is clearly better than {guess}"
    if not sign:
        apart, chance = amount(abs(ours - theirs), metric), amount(_margin(case, rival, baselines), metric)
        return f"{_begun(figures[0])} and {figures[1]} are {apart} apart; up to {chance} may be chance: {so}"
    does = "beats" if sign > 0 else "falls short of"
    return f"{_begun(figures[0])} {does} {figures[1]} by {amount(abs(ours - theirs), metric)}: {so}"


def worth_in_short(view: RunView, baselines: Baselines) -> str:
    """The same in few words, to stand where there is hardly any room: `no better than random forest`."""
    judged = _judge(view, baselines)
    if judged is None:
        return ""
    case, rival, sign = judged
    if sign >= 0 and _only_guess(case, rival):
        return "no better than guessing"
    return f"{('no better than', 'beats', 'worse than')[sign]} {rival.name}"


def network(view: RunView) -> Evaluation | None:
    """The evaluation of the network that is compared with the methods; None before the first one."""
    case = Case((Arm("", (view,)),))
    return case.result(0).outcomes[0].end if case.present else None


def _judge(view: RunView, baselines: Baselines) -> tuple[Case, Method, int] | None:
    """The run, the best method, and whether the network is better, 1, worse, -1, or neither, 0."""
    case = Case((Arm("", (view,)),))
    rival = best(baselines, case.metric)
    if rival is None or not case.present:
        return None
    ours, theirs = _pair(case, rival)
    if not isfinite(ours):
        return None
    ahead = (ours - theirs) * (1 if case.metric.higher_is_better else -1)
    return case, rival, 0 if abs(ahead) <= _margin(case, rival, baselines) else 1 if ahead > 0 else -1


def _pair(case: Case, rival: Method) -> tuple[float, float]:
    return case.validation(0), rival.validation[case.metric.name]


def _only_guess(case: Case, rival: Method) -> bool:
    """Whether neither the network nor the method is clearly better than always guessing."""
    return case.only_guesses(0) and case.is_a_guess(rival.validation[case.metric.name])


def in_short(baselines: Baselines, view: RunView | None = None) -> str:
    """What the methods get on validation: `accuracy on validation: random forest .975, …`."""
    primary = view.task.primary if view is not None else ACCURACY
    metrics = [primary.name, "accuracy", "mae"]
    known = next((it for it in metrics if baselines.methods and it in baselines.methods[-1].validation), "loss")
    told = ", ".join(
        f"{it.name} {_plain(it.validation.get(known, float('nan')))}" for it in reversed(baselines.methods)
    )
    return f"{primary.word if known == primary.name else known} on validation: {told}"


def best(baselines: Baselines, metric: Metric) -> Method | None:
    """The method that looks at inputs and does best; None if none has that figure."""
    having = [it for it in baselines.learned if isfinite(it.validation.get(metric.name, float("nan")))]
    sign = 1 if metric.higher_is_better else -1
    return max(having, key=lambda it: sign * it.validation[metric.name], default=None)


def _margin(case: Case, rival: Method, baselines: Baselines) -> float:
    """What two figures on the same validation samples may differ by through the choice of these samples alone."""
    ours, theirs = _pair(case, rival)
    error = case.basis.sampling_error(case.metric, samples=baselines.rows.get("validation", 0))
    left, right = error(ours), rival.errors.get(case.metric.name, error(theirs))
    return TWO_ERRORS * sqrt(max(0.0, left**2 + right**2 - 2 * AGREEMENT * left * right))


def amount(difference: float, metric: Metric) -> str:
    """A difference: points of a share, else in the metric's unit."""
    if metric.is_share:
        return f"{100 * difference:.1f} points"
    return f"{_plain(difference)} {metric.unit}".rstrip()


def _figure(value: float, metric: Metric) -> str:
    return f"{metric.word} {_plain(value)}" if metric.name != "accuracy" else _plain(value)


def _plain(value: float) -> str:
    return f"{value:.3f}".removeprefix("0") if 0 <= value < 1 else number(value, 4)


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _so(sign: int) -> str:
    """What follows: 0 as good, 1 better, -1 worse."""
    return ("the simpler method does as well", "it is worth it", "it is not worth it so far")[sign]
