"""The verdict on two arms."""

from __future__ import annotations

from tui_trainer.insight.arms import letter
from tui_trainer.insight.basis import LOSS
from tui_trainer.insight.statistics import Effect, is_share
from tui_trainer.insight.verdict import proposals
from tui_trainer.insight.verdict.base import Proposal, Verdict
from tui_trainer.insight.verdict.case import Case
from tui_trainer.insight.verdict.phrases import amount, counted, how_sure, improvement, signed, value

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
    better = improvement(case.metric, effect)
    ranking = tuple(sorted((a, b), key=lambda i: -_sign(case) * case.validation(i)))
    if case.only_guesses(a) and case.only_guesses(b):
        return _neither_learns(case, ranking)
    if better:
        winner, loser = (b, a) if better > 0 else (a, b)
        made = _won(case, a, b, winner, loser, effect)
    else:
        made = _tied(case, a, b, effect)
    return Verdict(case.when() + made.headline, made.sentences, made.winner, made.sure, made.proposals, ranking=ranking)


def _sign(case: Case) -> int:
    return 1 if case.metric.higher_is_better else -1


def _won(case: Case, a: int, b: int, winner: int, loser: int, effect: Effect) -> Verdict:
    metric = case.metric
    figures = f"{value(metric, case.validation(winner))} against {value(metric, case.validation(loser))}"
    headline = f"{case.title(winner)} generalizes better: validation {metric.name} {figures}."
    sentences = [_trade(case, a, b, effect)]
    why, milder = _why_worse(case, loser, winner)
    sentences += why
    sentences += _loss_agrees(case, winner, loser)
    sentences += _at_best_epochs(case, winner, loser)
    if case.only_guesses(loser):
        sentences.append(f"{letter(loser)} is no better than always guessing ({value(metric, case.guessing(loser))}).")
    if case.result(winner).diverged:
        sentences.append(f"Not every run of {letter(winner)} got there, so it is no safe choice.")
    sentences += _both_underfit(case)
    surely = how_sure(case.basis, metric, effect)
    more = proposals.repeats(case) if effect.method == "sampling" else []
    certain = None if case.result(winner).diverged else winner
    return Verdict(headline, tuple(sentences), certain, surely, proposals.merged(milder, more))


def _trade(case: Case, a: int, b: int, effect: Effect) -> str:
    """What `b` does to the gap of `a`, and at what price."""
    metric = case.metric
    gain = "gains" if improvement(metric, effect) > 0 else "loses"
    if not is_share(metric):
        gain = "betters" if gain == "gains" else "worsens"
        price = f"{gain} validation {metric.name} by {amount(metric, effect.difference)}"
    else:
        price = f"{gain} {amount(metric, effect.difference)} of validation {metric.name}"
    return f"{case.title(b)} {_gap(case, a, b)} and {price}."


def _gap(case: Case, a: int, b: int) -> str:
    """What happens to the gap from `a` to `b`: `closes the gap by 7.1 points`."""
    gap = case.basis.compare_gaps(a, b, case.metric)
    if not gap.real:
        return "leaves the gap much as it is"
    return f"{'closes' if gap.difference < 0 else 'widens'} the gap by {amount(case.metric, gap.difference)}"


def _why_worse(case: Case, loser: int, winner: int) -> tuple[list[str], list[Proposal]]:
    """Where the loser is worse on its training samples too, that is why: it was held back, not cured."""
    metric, sign = case.metric, _sign(case)
    mine, other = case.train(loser), case.train(winner)
    fitted_less = sign * (other - mine) > (AT_LEAST_AS_GOOD if is_share(metric) else AT_LEAST_AS_GOOD * abs(other))
    if not fitted_less:
        return [], []
    words, milder = proposals.too_strong(case, loser, winner)
    figures = f"train {metric.name} {value(metric, mine)} against {value(metric, other)}"
    sentences = [f"{letter(loser)} learns its training samples less well, too: {figures}."]
    gap = case.basis.compare_gaps(winner, loser, metric)
    if gap.sign < 0:
        sentences.append(
            f"The gap of {letter(loser)} is smaller because training got worse, not because validation got better."
        )
    if words:
        tried = f"; try {milder[0].words}" if milder else ""
        sentences.append(f"{words}{tried}.")
    return sentences, milder


def _loss_agrees(case: Case, winner: int, loser: int) -> list[str]:
    if case.metric.name == LOSS.name:
        return []
    effect = case.basis.compare(winner, loser, LOSS)
    mine, other = (value(LOSS, case.validation(i, LOSS)) for i in (winner, loser))
    match effect.sign:
        case 1:
            return [f"Validation loss agrees: {mine} against {other}, lower{counted(effect)}."]
        case -1:
            return [
                f"Validation loss says otherwise: that of {letter(loser)} is lower, {other} against {mine}{counted(effect)}. "
                f"It is wrong more often, but less sure of itself where it is."
            ]
    return [f"Validation loss cannot tell them apart: {mine} and {other}."]


def _at_best_epochs(case: Case, winner: int, loser: int) -> list[str]:
    """What the best epochs say, where that is something else."""
    metric = case.metric
    effect = case.basis.compare(winner, loser, metric, "best")
    better = improvement(metric, effect)
    mine, other = (value(metric, case.validation(i, moment="best")) for i in (winner, loser))
    if better > 0:
        return [
            f"At its best epoch {letter(loser)} is ahead: {other} against {mine}. What it needs is to stop earlier."
        ]
    if better == 0:
        return [f"At their best epochs they cannot be told apart: {mine} and {other}."]
    return []


def _tied(case: Case, a: int, b: int, effect: Effect) -> Verdict:
    """The primary metric cannot tell them apart, so validation loss is asked."""
    metric = case.metric
    loss = case.basis.compare(a, b, LOSS)
    figures = [value(metric, case.validation(i)) for i in (a, b)]
    by_loss = metric.name != LOSS.name and loss.sign
    lower = b if loss.sign < 0 else a
    other = a if lower == b else b
    sentences = [_within(case, effect), f"{case.title(b)} {_gap(case, a, b)}."]
    winner = lower if by_loss and _at_least_as_good(case, lower, other) else None
    if by_loss:
        sentences.insert(1, _lower_loss(case, lower, other, loss))
    elif metric.name != LOSS.name:
        losses = [value(LOSS, case.validation(i, LOSS)) for i in (a, b)]
        sentences.insert(1, f"Nor can validation loss: {losses[0]} and {losses[1]}.")
    if winner is not None:
        headline = (
            f"{case.title(winner)} is at least as good: the same validation {metric.name}, lower validation loss."
        )
    else:
        headline = f"{case.title(a)} and {case.title(b)} cannot be told apart: validation {metric.name} {figures[0]} and {figures[1]}."
    sentences += _best_tells(case, a, b)
    sentences += _both_underfit(case)
    decided, by = (loss, LOSS) if winner is not None else (effect, metric)
    return Verdict(
        headline, tuple(sentences), winner, how_sure(case.basis, by, decided), tuple(proposals.repeats(case))
    )


def _within(case: Case, effect: Effect) -> str:
    metric = case.metric
    difference = signed(metric, effect.difference) + (" points" if is_share(metric) else "")
    if effect.difference == 0:
        return f"Validation {metric.name} is the same{' with every seed' if effect.n > 1 else ''}."
    if effect.method == "sampling":
        within = f"within the sampling error of {case.basis.validation_samples:,} validation samples"
    else:
        within = "within the spread over the seeds"
    return f"The difference in validation {metric.name}, {difference}, is {within}."


def _lower_loss(case: Case, lower: int, other: int, loss: Effect) -> str:
    mine, others = (value(LOSS, case.validation(i, LOSS)) for i in (lower, other))
    return f"Validation loss of {letter(lower)} is lower{counted(loss)}: {mine} against {others}."


def _at_least_as_good(case: Case, one: int, other: int) -> bool:
    behind = _sign(case) * (case.validation(other) - case.validation(one))
    return behind <= (AT_LEAST_AS_GOOD if is_share(case.metric) else AT_LEAST_AS_GOOD * abs(case.validation(other)))


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
        perfect = 1.0 if is_share(metric) else 0.0
        if is_share(metric) and abs(train - case.validation(i)) > SMALL_GAP:
            return []
        if guessing == perfect or not (train - guessing) / (perfect - guessing) < UNDERFITS:
            return []
    figures = " and ".join(value(metric, case.train(i)) for i in case.present)
    return [f"Both underfit: even on the samples that they train on, {metric.name} is only {figures}."]


def _neither_learns(case: Case, ranking: tuple[int, ...]) -> Verdict:
    metric = case.metric
    figures = " and ".join(value(metric, case.validation(i)) for i in (0, 1))
    guessing = value(metric, case.guessing(0))
    headline = f"{case.when()}neither {case.title(0)} nor {case.title(1)} is better than always guessing."
    return Verdict(
        headline, (f"Validation {metric.name} is {figures}, where guessing gets {guessing}.",), ranking=ranking
    )
