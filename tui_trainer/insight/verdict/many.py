"""The verdict on more than two arms: a ranking, and what of it can be relied on."""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.insight.arms import letter
from tui_trainer.insight.basis import LOSS
from tui_trainer.insight.statistics import Effect, holm, is_share
from tui_trainer.insight.verdict import proposals
from tui_trainer.insight.verdict.base import Verdict
from tui_trainer.insight.verdict.case import Case
from tui_trainer.insight.verdict.phrases import amount, how_sure, improvement, listed, value
from tui_trainer.insight.verdict.two import AT_LEAST_AS_GOOD


def judge(case: Case) -> Verdict:
    """All arms with figures against the best of them, then against the pinned one; p is corrected after Holm."""
    metric = case.metric
    sign = 1 if metric.higher_is_better else -1
    ranking = sorted(case.present, key=lambda i: -sign * case.validation(i))
    top, *others = ranking
    if all(case.only_guesses(i) for i in ranking):
        guessing = value(metric, case.guessing(top))
        return Verdict(
            f"{case.when()}no arm is better than always guessing ({guessing}).",
            (_order(case, ranking),),
            ranking=tuple(ranking),
        )
    effects = dict(zip(others, holm([case.basis.compare(top, i, metric) for i in others]), strict=True))
    worse = [i for i in others if improvement(metric, effects[i]) < 0]
    tied = [top, *(i for i in others if i not in worse)]
    winner, headline, by_loss = _winner(case, tied, top)
    sentences = [_order(case, ranking)]
    sentences += _standing(case, worse, tied, top, effects)
    sentences += by_loss
    sentences += _against_pinned(case, top)
    sentences += _smallest_gap(case, worse)
    border, further = proposals.beyond(case, top if winner is None else winner) if worse else ("", [])
    if border:
        sentences.append(border)
    closest = (
        min(effects.values(), key=lambda it: abs(it.difference))
        if worse == []
        else max((effects[i] for i in worse), key=lambda it: it.p if it.p == it.p else 0.0)
    )
    surely = how_sure(case.basis, metric, closest, len(effects))
    more = proposals.repeats(case) if len(tied) > 1 or closest.method == "sampling" else []
    return Verdict(
        case.when() + headline,
        tuple(sentences),
        winner,
        surely,
        proposals.merged(further, more),
        ranking=tuple(ranking),
    )


def _winner(case: Case, tied: Sequence[int], top: int) -> tuple[int | None, str, list[str]]:
    """The best, if there is one; the headline; what validation loss says where it was asked."""
    metric = case.metric
    if len(tied) == 1:
        return (
            top,
            f"{case.title(top)} generalizes best: validation {metric.name} {value(metric, case.validation(top))}.",
            [],
        )
    lowest = min(tied, key=lambda i: case.validation(i, LOSS))
    rest = [i for i in tied if i != lowest]
    lower = holm([case.basis.compare(lowest, i, LOSS) for i in rest])
    near = abs(case.validation(lowest) - case.validation(top))
    limit = AT_LEAST_AS_GOOD if is_share(metric) else AT_LEAST_AS_GOOD * abs(case.validation(top))
    if metric.name != LOSS.name and near <= limit and all(it.sign > 0 for it in lower):
        next_lowest = min(case.validation(i, LOSS) for i in rest)
        losses = f"{value(LOSS, case.validation(lowest, LOSS))} against {value(LOSS, next_lowest)} and more"
        if len(rest) == 1:
            losses = losses.removesuffix(" and more")
        best = f"is at least as good as the best in validation {metric.name}"
        headline = f"{case.title(lowest)} {best}, with the lowest validation loss."
        said = f"Of these, {letter(lowest)} has the lowest validation loss: {losses}."
        return (
            lowest,
            headline,
            [said],
        )
    if len(tied) == len(case.present):
        return None, f"none of the {len(tied)} arms can be told from the best in validation {metric.name}.", []
    names = listed([case.title(i) for i in tied])
    return None, f"{names} are best, and cannot be told apart in validation {metric.name}.", []


def _order(case: Case, ranking: Sequence[int]) -> str:
    figures = [f"{case.title(i)} {value(case.metric, case.validation(i))}" for i in ranking]
    return f"By validation {case.metric.name}: {', '.join(figures)}."


def _standing(case: Case, worse: Sequence[int], tied: Sequence[int], top: int, effects: dict[int, Effect]) -> list[str]:
    sentences = []
    if worse:
        how_much = [f"{letter(i)} by {amount(case.metric, effects[i].difference)}" for i in worse]
        sentences.append(f"Clearly worse than {letter(top)}: {listed(how_much)}.")
    alike = [letter(i) for i in tied if i != top]
    if alike:
        sentences.append(f"Not to be told from {letter(top)}: {listed(alike)}.")
    guessing = [letter(i) for i in case.present if case.only_guesses(i)]
    if guessing:
        verb = "is" if len(guessing) == 1 else "are"
        sentences.append(
            f"{listed(guessing)} {verb} no better than always guessing ({value(case.metric, case.guessing(top))})."
        )
    return sentences


def _against_pinned(case: Case, top: int) -> list[str]:
    """Where the arm that all are measured against is not the best, how each does against it."""
    pinned, metric = case.pinned, case.metric
    if pinned == top or pinned not in case.present:
        return []
    others = [i for i in case.present if i != pinned]
    effects = holm([case.basis.compare(pinned, i, metric) for i in others])
    better = [letter(i) for i, it in zip(others, effects, strict=True) if improvement(metric, it) > 0]
    worse = [letter(i) for i, it in zip(others, effects, strict=True) if improvement(metric, it) < 0]
    said = [
        f"{listed(some)} {'is' if len(some) == 1 else 'are'} {word}"
        for some, word in ((better, "better"), (worse, "worse"))
        if some
    ]
    return [f"Against {case.title(pinned)}: {', '.join(said) or 'no clear difference'}."]


def _smallest_gap(case: Case, worse: Sequence[int]) -> list[str]:
    """A word on the arm with the smallest gap, if it is none of the good ones."""
    gaps = {i: case.train(i) - case.validation(i) for i in case.present}
    if not case.metric.higher_is_better:
        gaps = {i: -gap for i, gap in gaps.items()}
    smallest = min(gaps, key=lambda i: gaps[i])
    if smallest not in worse:
        return []
    return [
        f"{letter(smallest)} has the smallest gap, {amount(case.metric, gaps[smallest])}, but that alone is no merit."
    ]
