"""The verdict on more than two arms: a ranking, and what of it can be relied on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from tui_trainer.choices.tasks import Metric
from tui_trainer.insight.arms import letter, seed_of
from tui_trainer.insight.basis import LOSS
from tui_trainer.insight.statistics import Effect, holm
from tui_trainer.insight.verdict import proposals
from tui_trainer.insight.verdict.base import Verdict
from tui_trainer.insight.verdict.case import Case
from tui_trainer.insight.verdict.equality import same_curves
from tui_trainer.insight.verdict.phrases import (
    behind,
    difference,
    how_sure,
    improvement,
    listed,
    probable_improvement,
    value,
)
from tui_trainer.insight.verdict.two import at_least_as_good, trade

Effects = Mapping[int, Effect]
"""By the index of the arm, against another one that they are all compared with."""


def judge(case: Case) -> Verdict:
    """All arms with figures against the best of them, then against the pinned one; p is corrected after Holm."""
    ranking = case.ranking
    top, *others = ranking
    if all(case.only_guesses(i) for i in ranking):
        guessing = f"{case.guess} ({value(case.metric, case.guessing(top))})"
        return Verdict(f"{case.when()}no arm is clearly better than {guessing}.", (_order(case),), ranking=ranking)
    effects = dict(zip(others, holm([case.basis.compare(top, i, case.metric) for i in others]), strict=True))
    worse = [i for i in others if improvement(case.metric, effects[i]) < 0]
    probably = [i for i in others if effects[i].probable]
    tied = [i for i in ranking if i not in worse and i not in probably]
    lowest, losses = _lowest_loss(case, tied)
    winner = top if len(tied) == 1 else lowest
    border, further = proposals.beyond(case, top if winner is None else winner) if worse else ("", [])
    sentences = [
        _order(case),
        *_standing(case, worse, probably, tied, effects),
        *_by_loss(case, tied, lowest),
        *_against_pinned(case, worse, lowest),
        *_guessing(case),
        *_equal(case),
        *([border] if border else []),
    ]
    if lowest is not None:
        surely = _how_sure(case, lowest, losses, list(losses), LOSS)
    else:
        told = [*worse, *probably] or others
        surely = _how_sure(case, top, effects, told, case.metric)
    untested = any(not it.tested or it.probable for it in effects.values())
    more = proposals.repeats(case) if len(tied) > 1 or untested else []
    diverged = winner is not None and bool(case.result(winner).diverged)
    return Verdict(
        case.when() + _headline(case, winner, tied, bool(probably)),
        tuple(sentences),
        None if diverged else winner,
        surely,
        proposals.merged(further, more),
        ranking=ranking,
    )


def _headline(case: Case, winner: int | None, tied: Sequence[int], probably: bool) -> str:
    metric = case.metric.word
    if winner is None:
        if len(tied) == len(case.present):
            with_one = "with one seed, " if all(len(case.result(i).outcomes) == 1 for i in tied) else ""
            if len(tied) == 2:
                return f"{with_one}{listed([case.title(i) for i in tied])} cannot be told apart in validation {metric}."
            return f"{with_one}no arm is clearly the best in validation {metric}."
        return f"{listed([case.title(i) for i in tied])} are best, and cannot be told apart in validation {metric}."
    if len(tied) > 1:
        best = f"as good as the best in validation {metric}, with the lowest validation loss among them"
        return f"{case.title(winner)} is at least {best}."
    reached = f"validation {metric} {value(case.metric, case.validation(winner))}"
    if diverged := case.result(winner).diverged:
        reached += f", but {len(diverged)} of its {len(case.arms[winner].runs)} runs diverged"
    return f"{case.title(winner)} {'probably ' if probably else ''}generalizes best: {reached}."


def _lowest_loss(case: Case, tied: Sequence[int]) -> tuple[int | None, Effects]:
    """Of arms that the primary metric cannot tell apart, the one that validation loss tells from all others; None if
    there is none such. How much higher the loss of the others is."""
    if len(tied) < 2 or case.metric.name == LOSS.name:
        return None, {}
    lowest = min(tied, key=lambda i: case.validation(i, LOSS))
    others = [i for i in tied if i != lowest]
    effects = holm([case.basis.compare(lowest, i, LOSS) for i in others])
    if all(it.sign > 0 for it in effects) and at_least_as_good(case, lowest, tied[0]):
        return lowest, dict(zip(others, effects, strict=True))
    return None, {}


def _order(case: Case) -> str:
    figures = [f"{case.title(i)} {value(case.metric, case.validation(i))}" for i in case.ranking]
    return f"By validation {case.metric.word}: {', '.join(figures)}."


def _standing(
    case: Case, worse: Sequence[int], probably: Sequence[int], tied: Sequence[int], effects: Effects
) -> list[str]:
    """Which arms are really worse than the best one, which probably are, and which cannot be told from it."""
    top, sentences = case.ranking[0], []
    tested = all(effects[i].tested for i in worse)
    for some, how in ((worse, "Clearly worse" if tested else "Worse"), (probably, "Probably worse")):
        if some:
            how_much = [behind(case.metric, letter(i), effects[i].difference) for i in some]
            sentences.append(f"{how} than {letter(top)}: {listed(how_much)}.")
    alike = [letter(i) for i in tied if i != top]
    if alike and sentences:
        sentences.append(f"Not to be told from {letter(top)}: {listed(alike)}.")
    return sentences


def _by_loss(case: Case, tied: Sequence[int], lowest: int | None) -> list[str]:
    if lowest is None:
        return []
    others = sorted(case.validation(i, LOSS) for i in tied if i != lowest)
    span = " to ".join(dict.fromkeys(value(LOSS, figure) for figure in (others[0], others[-1])))
    mine = value(LOSS, case.validation(lowest, LOSS))
    return [f"Of these, {letter(lowest)} has the lowest validation loss: {mine} against {span}."]


def _against_pinned(case: Case, worse: Sequence[int], lowest: int | None) -> list[str]:
    """How the others do against the arm that all are measured against, and at what price a gap was closed."""
    pinned, metric = case.pinned, case.metric
    if pinned not in case.present:
        return _smallest_gap(case, worse)
    others = [i for i in case.present if i != pinned]
    effects = dict(zip(others, holm([case.basis.compare(pinned, i, metric) for i in others]), strict=True))
    lost = [i for i in others if improvement(metric, effects[i]) < 0]
    bought = [i for i in lost if case.basis.compare_gaps(pinned, i, metric).sign < 0 and not case.only_guesses(i)]
    said = [] if pinned == case.ranking[0] else _told_from(metric, {i: effects[i] for i in others if i not in bought})
    alike = [i for i in others if not probable_improvement(metric, effects[i])]
    clauses = [", ".join(said)] if said else []
    if said and alike:
        clauses.append(f"{listed([letter(i) for i in alike])} cannot be told from it")
    if metric.name != LOSS.name and (lowest is None or said):
        losses = holm([case.basis.compare(pinned, i, LOSS) for i in others])
        by_loss = _told_from(LOSS, {i: it for i, it in zip(others, losses, strict=True) if i in alike})
        clauses += [f"by validation loss {', '.join(by_loss)}"] if by_loss else []
    sentences = [f"Against {case.title(pinned)}, {'; '.join(clauses)}."] if clauses else []
    although = f"{letter(pinned)} generalizes better, although its gap is larger"
    sentences += [f"{trade(case, pinned, i, effects[i])}: {although}." for i in bought]
    return sentences + _smallest_gap(case, [i for i in worse if i not in bought])


def _told_from(metric: Metric, effects: Effects) -> list[str]:
    """Which arms are better and which are worse than another one: `B and C are better`, `D is probably worse`."""
    kinds = (("better", 1, False), ("probably better", 1, True), ("worse", -1, False), ("probably worse", -1, True))
    groups = [
        (word, [i for i, it in effects.items() if it.probable == unsure and probable_improvement(metric, it) == sign])
        for word, sign, unsure in kinds
    ]
    return [f"{_are(some)} {word}" for word, some in groups if some]


def _are(arms: Sequence[int]) -> str:
    return f"{listed([letter(i) for i in arms])} {'is' if len(arms) == 1 else 'are'}"


def _smallest_gap(case: Case, worse: Sequence[int]) -> list[str]:
    """A word on the arm with the smallest gap, if that is clearly smaller than the best arm's and it is a worse one."""
    metric = case.metric
    sign = 1 if metric.higher_is_better else -1
    gaps = {i: sign * (case.train(i) - case.validation(i)) for i in case.present if not case.only_guesses(i)}
    smallest = min(gaps, key=lambda i: gaps[i])
    if smallest not in worse or case.basis.compare_gaps(case.ranking[0], smallest, metric).sign >= 0:
        return []
    size = difference(metric, gaps[smallest]).removeprefix("+")
    gap = f"{letter(smallest)} has the smallest gap, {size}"
    return [f"{gap}, but that alone is no merit: its validation {metric.word} is worse."]


def _guessing(case: Case) -> list[str]:
    some = [i for i in case.present if case.only_guesses(i)]
    if not some:
        return []
    guessing = value(case.metric, case.guessing(some[0]))
    return [f"{_are(some)} not clearly better than {case.guess} ({guessing})."]


def _equal(case: Case) -> list[str]:
    """Arms whose curves are the same: what differs had no effect there."""
    return [
        f"{letter(a)} and {letter(b)} are equal to the last bit: what differs between them had no effect."
        for a, b in combinations(case.present, 2)
        if _same(case, a, b)
    ]


def _same(case: Case, a: int, b: int) -> bool:
    runs = {seed_of(run): run for run in case.arms[b].runs}
    pairs = [(run, runs[seed_of(run)]) for run in case.arms[a].runs if seed_of(run) in runs]
    return bool(pairs) and all(same_curves(left, right) for left, right in pairs)


def _how_sure(case: Case, best: int, effects: Effects, told: Sequence[int], metric: Metric) -> str:
    """Of the effects that are told, the least sure one: the others are surer."""
    least = max(told, key=lambda i: (effects[i].p if effects[i].tested else 0.0, -abs(effects[i].difference)))
    return how_sure(case, best, least, metric, effects[least], len(effects))
