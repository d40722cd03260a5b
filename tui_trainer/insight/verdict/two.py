"""The verdict on two arms."""

from __future__ import annotations

from tui_trainer.insight.arms import letter
from tui_trainer.insight.basis import LOSS
from tui_trainer.insight.statistics import Effect
from tui_trainer.insight.verdict import proposals
from tui_trainer.insight.verdict.base import Proposal, Verdict
from tui_trainer.insight.verdict.case import Case
from tui_trainer.insight.verdict.phrases import (
    amount,
    counted,
    difference,
    how_sure,
    improvement,
    probable_improvement,
    value,
)

AT_LEAST_AS_GOOD = 0.01
"""How much worse an arm may look on the primary metric (one point; of a figure that is no share, a hundredth of it) and
still be called at least as good, where nothing tells the two apart there."""
UNDERFITS = 0.7
"""Below this share of the way from guessing to perfection on its own training samples, an arm underfits."""
SMALL_GAP = 0.05


def judge(case: Case) -> Verdict:
    """Two arms, the second look being at their best epochs, the second witness validation loss."""
    a, b = case.pinned, 1 - case.pinned
    effect = case.basis.compare(a, b, case.metric)
    better = probable_improvement(case.metric, effect)
    if case.only_guesses(a) and case.only_guesses(b):
        return _neither_learns(case)
    if better:
        winner, loser = (b, a) if better > 0 else (a, b)
        made = _won(case, a, b, winner, loser, effect)
    else:
        made = _tied(case, a, b, effect)
    return Verdict(
        case.when() + made.headline, made.sentences, made.winner, made.sure, made.proposals, ranking=case.ranking
    )


def _sign(case: Case) -> int:
    return 1 if case.metric.higher_is_better else -1


def _won(case: Case, a: int, b: int, winner: int, loser: int, effect: Effect) -> Verdict:
    metric = case.metric
    figures = f"{value(metric, case.validation(winner))} against {value(metric, case.validation(loser))}"
    guesses = case.only_guesses(loser)
    smaller_gap = case.basis.compare_gaps(winner, loser, metric).sign < 0
    although = ", although its gap is larger" if smaller_gap and not guesses else ""
    probably = "probably " if effect.probable else ""
    better = f"{probably}generalizes better{although}: validation {metric.word} {figures}"
    headline = f"{case.title(winner)} {better}."
    if risky := case.result(winner).diverged:
        headline = (
            f"{case.title(winner)} {better}, but {len(risky)} of its {len(case.arms[winner].runs)} runs diverged."
        )
    why, milder = _why_worse(case, loser, winner)
    if guesses:
        guessing = f"{case.guess} ({value(metric, case.guessing(loser))})"
        why = [f"{letter(loser)} is not clearly better than {guessing}, so its gap says nothing."]
    else:
        why = [f"{trade(case, a, b, effect)}.", *_gap_in_loss(case, a, b), *why]
    sentences = [
        *why,
        *_loss_agrees(case, winner, loser),
        *_at_best_epochs(case, winner, loser),
        *_both_underfit(case),
    ]
    return Verdict(
        headline,
        tuple(sentences),
        None if risky else winner,
        how_sure(case, a, b, metric, effect),
        proposals.merged(milder, proposals.repeats(case) if not effect.tested or effect.probable else []),
    )


def trade(case: Case, a: int, b: int, effect: Effect) -> str:
    """What `b` does to the gap of `a`, and at what price."""
    metric, better = case.metric, probable_improvement(case.metric, effect) > 0
    size = amount(metric, effect.difference)
    if metric.is_share:
        price = f"{'gains' if better else 'loses'} {size} of validation {metric.word}"
    else:
        price = f"{'improves' if better else 'worsens'} validation {metric.word} by {size}"
    gap = _gap(case, a, b)
    return f"{case.title(b)} {gap}{', yet' if 'widens' in gap and better else ' and'} {price}"


def _gap(case: Case, a: int, b: int) -> str:
    """What happens to the gap from `a` to `b`: `closes the gap by 7.1 points`."""
    gap = case.basis.compare_gaps(a, b, case.metric)
    if not gap.real and not gap.probable:
        return f"does not clearly change the gap ({difference(case.metric, gap.difference)})"
    verb = f"{'probably ' if gap.probable else ''}{'closes' if gap.difference < 0 else 'widens'}"
    which = "" if case.metric.is_share else f" in {case.metric.word}"
    return f"{verb} the gap{which} by {amount(case.metric, gap.difference)}"


def _gap_in_loss(case: Case, a: int, b: int, *, decisive: bool = False) -> list[str]:
    """What happens to the gap in loss from `a` to `b`, where loss decides or the metric's gap does not tell."""
    gap, in_loss = (case.basis.compare_gaps(a, b, metric) for metric in (case.metric, LOSS))
    if case.metric.name == LOSS.name or not (in_loss.real or in_loss.probable):
        return []
    if (gap.real or gap.probable) and not decisive:
        return []
    verb = f"{'probably ' if in_loss.probable else ''}{'falls' if in_loss.difference < 0 else 'grows'}"
    before, after = (value(LOSS, case.validation(i, LOSS) - case.train(i, LOSS)) for i in (a, b))
    return [f"The gap in loss {verb} from {before} to {after}."]


def _why_worse(case: Case, loser: int, winner: int) -> tuple[list[str], list[Proposal]]:
    """Where the loser is worse on its training samples too, that is why: it was held back, not cured."""
    metric, sign = case.metric, _sign(case)
    mine, other = case.train(loser), case.train(winner)
    fitted_less = sign * (other - mine) > (AT_LEAST_AS_GOOD if metric.is_share else AT_LEAST_AS_GOOD * abs(other))
    if not fitted_less:
        return [], []
    words, milder = proposals.goes_too_far(case, loser, winner)
    figures = f"train {metric.word} {value(metric, mine)} against {value(metric, other)}"
    sentences = [f"{letter(loser)} learns its training samples less well, too: {figures}."]
    gap = case.basis.compare_gaps(winner, loser, metric)
    if gap.sign < 0:
        sentences.append(
            f"The gap of {letter(loser)} is smaller because training got worse, not because validation got better."
        )
    if words:
        tried = f": try {milder[0].words}" if milder else ""
        sentences.append(f"{words}{tried}.")
    return sentences, milder


def _loss_agrees(case: Case, winner: int, loser: int) -> list[str]:
    if case.metric.name == LOSS.name or not case.basis.compares(LOSS):
        return []
    effect = case.basis.compare(winner, loser, LOSS)
    mine, other = (value(LOSS, case.validation(i, LOSS)) for i in (winner, loser))
    match effect.sign:
        case 1:
            return [
                f"Validation loss agrees: {mine} against {other}{', lower' if effect.n > 1 else ''}{counted(effect)}."
            ]
        case -1:
            lower = f"{letter(loser)} has the lower one{counted(effect)}, {other} against {mine}"
            why = " It is wrong more often, but probably less sure where it is wrong." if case.metric.is_share else ""
            return [f"Validation loss says otherwise: {lower}.{why}"]
    if effect.probable and effect.difference > 0:
        return [f"Validation loss points the same way: {mine} against {other}, lower{counted(effect)}."]
    return [f"Validation loss cannot tell them apart: {mine} and {other}."]


def _at_best_epochs(case: Case, winner: int, loser: int) -> list[str]:
    """What the best epochs say, where that is something else."""
    metric = case.metric
    better = probable_improvement(metric, case.basis.compare(winner, loser, metric, "best"))
    mine, other = (value(metric, case.validation(i, moment="best")) for i in (winner, loser))
    if better > 0:
        return [
            f"At its best epoch {letter(loser)} is ahead, {other} against {mine}: what it needs is to stop earlier."
        ]
    if better == 0:
        return [f"At their best epochs they cannot be told apart: {mine} and {other}."]
    return []


def _tied(case: Case, a: int, b: int, effect: Effect) -> Verdict:
    """The primary metric cannot tell them apart: one that diverges is worse, else validation loss is asked."""
    metric = case.metric
    loss = case.basis.compare(a, b, LOSS)
    lower, other = (b, a) if loss.sign < 0 else (a, b)
    more = tuple(proposals.repeats(case))
    sentences = (
        _within(case, effect),
        *_by_loss(case, a, b, lower, other, loss),
        f"{case.title(b)} {_gap(case, a, b)}.",
        *_gap_in_loss(case, a, b, decisive=bool(loss.sign)),
        *_best_tells(case, a, b),
        *_both_underfit(case),
    )
    risky = [i for i in (a, b) if case.result(i).diverged]
    if len(risky) == 1:
        safe = a if risky == [b] else b
        worse = f"{case.title(risky[0])} is no better, and diverged with some seeds"
        headline = f"{case.title(safe)} is the safer choice: {worse}."
        return Verdict(headline, sentences, safe, how_sure(case, a, b, metric, effect), more)
    if metric.name != LOSS.name and loss.sign and at_least_as_good(case, lower, other):
        return Verdict(_by_loss_in_short(case, lower, other), sentences, lower, how_sure(case, a, b, LOSS, loss), more)
    figures = " and ".join(value(metric, case.validation(i)) for i in (a, b))
    headline = f"{case.title(a)} and {case.title(b)} cannot be told apart: validation {metric.word} {figures}."
    return Verdict(headline, sentences, None, how_sure(case, a, b, metric, effect), more)


def _by_loss_in_short(case: Case, lower: int, other: int) -> str:
    metric = case.metric
    if at_least_as_good(case, other, lower):
        return f"{case.title(lower)} is at least as good: validation {metric.word} is alike, validation loss lower."
    figures = f"{value(metric, case.validation(lower))} against {value(metric, case.validation(other))}"
    apart = f"validation {metric.word} cannot tell them apart, {figures}"
    with_one = "with one seed, " if case.basis.compare(lower, other, metric).n == 1 else ""
    return f"{case.title(lower)} is ahead in validation loss; {with_one}{apart}."


def _by_loss(case: Case, a: int, b: int, lower: int, other: int, loss: Effect) -> list[str]:
    if case.metric.name == LOSS.name or not case.basis.compares(LOSS):
        return []
    if not loss.sign:
        figures = " and ".join(value(LOSS, case.validation(i, LOSS)) for i in (a, b))
        return [f"Nor can validation loss tell them apart: {figures}."]
    mine, others = (value(LOSS, case.validation(i, LOSS)) for i in (lower, other))
    return [f"Validation loss of {letter(lower)} is lower{counted(loss)}: {mine} against {others}."]


def _within(case: Case, effect: Effect) -> str:
    metric = case.metric
    if not effect.higher and not effect.lower:
        return f"Validation {metric.word} is the same{' with every seed' if effect.n > 1 else ''}."
    if effect.beyond_chance:
        within = f"seen with only {effect.agreeing} of {effect.n} seeds"
    elif effect.method == "sampling":
        within = f"within the sampling error of {case.basis.validation_samples:,} validation samples"
    elif effect.method == "unshared":
        within = "no more than what other seeds may change"
    elif effect.method == "paired" and effect.spread < abs(effect.difference):
        within = f"not certain, as it varies by ± {amount(metric, effect.spread)} over {effect.n} seeds"
    else:
        within = f"within the spread over {effect.n} seeds"
    return f"The difference in validation {metric.word}, {difference(metric, effect.difference)}, is {within}."


def at_least_as_good(case: Case, one: int, other: int) -> bool:
    """Whether `one` does not look much worse on the primary metric either, where nothing tells them apart there."""
    behind = _sign(case) * (case.validation(other) - case.validation(one))
    return behind <= (AT_LEAST_AS_GOOD if case.metric.is_share else AT_LEAST_AS_GOOD * abs(case.validation(other)))


def _best_tells(case: Case, a: int, b: int) -> list[str]:
    metric = case.metric
    better = improvement(metric, case.basis.compare(a, b, metric, "best"))
    if not better:
        return []
    ahead, behind = (b, a) if better > 0 else (a, b)
    mine, other = (value(metric, case.validation(i, moment="best")) for i in (ahead, behind))
    return [f"At its best epoch {letter(ahead)} is ahead, {mine} against {other}, but training on loses that again."]


def _both_underfit(case: Case) -> list[str]:
    """Where even the training samples are not learned, the gap says little."""
    metric = case.metric
    for i in case.present:
        guessing, train = case.guessing(i), case.train(i)
        perfect = 1.0 if metric.is_share else 0.0
        if metric.is_share and abs(train - case.validation(i)) > SMALL_GAP:
            return []
        if guessing == perfect or not (train - guessing) / (perfect - guessing) < UNDERFITS:
            return []
    figures = " and ".join(value(metric, case.train(i)) for i in case.present)
    poor = "only" if metric.higher_is_better else "still"
    return [f"Both underfit: even on the samples that they train on, {metric.word} is {poor} {figures}."]


def _neither_learns(case: Case) -> Verdict:
    metric = case.metric
    figures = " and ".join(value(metric, case.validation(i)) for i in (0, 1))
    guessing = value(metric, case.guessing(0))
    headline = f"{case.when()}neither {case.title(0)} nor {case.title(1)} is clearly better than {case.guess}."
    return Verdict(
        headline, (f"Validation {metric.word} is {figures}, where that gets {guessing}.",), ranking=case.ranking
    )
