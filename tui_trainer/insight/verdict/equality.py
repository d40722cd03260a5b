"""Two arms that are the same experiment, or whose curves are the same."""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.insight.arms import experiment_of, seed_of, telling_changes
from tui_trainer.insight.verdict.base import Verdict
from tui_trainer.insight.verdict.case import Case
from tui_trainer.insight.verdict.phrases import listed, value
from tui_trainer.runs.records import Evaluation, RunView
from tui_trainer.runs.summary import epochs


def equal(case: Case) -> Verdict | None:
    """What to say where two arms differ in nothing but chance; None if they differ in more."""
    if len(case.arms) != 2:
        return None
    a, b = case.arms
    pairs = [(left, right) for left in a.runs for right in b.runs if seed_of(left) == seed_of(right)]
    told = [(left, right) for left, right in pairs if left.evaluations and right.evaluations]
    same = bool(told) and all(same_curves(left, right) for left, right in told)
    both = listed([case.title(0), case.title(1)])
    forked = [run.origin.from_epoch for pair in told for run in pair if run.origin.from_epoch is not None]
    if same and forked and min(run.epoch for pair in told for run in pair) <= max(forked):
        return Verdict(
            f"the fork has only begun: up to epoch {epochs(max(forked))} both are the same run.", ranking=(0, 1)
        )
    ranking = (0, 1)
    if _same_experiment(case):
        if same:
            return Verdict(
                f"{case.when()}{both} are the same experiment, and their curves are equal to the last bit.",
                ranking=ranking,
            )
        if told:
            return Verdict(f"{both} are the same experiment, but their curves differ.", _why(*told[0]), ranking=ranking)
        return _chance(case, both)
    if same and any(left.step > 0 for left, _ in told):
        return Verdict(
            f"{case.when()}what differs had no effect: the curves of {both} are equal to the last bit.",
            ranking=ranking,
        )
    return None


def _chance(case: Case, both: str) -> Verdict:
    metric = case.metric
    figures = listed([value(metric, case.validation(i)) for i in (0, 1)])
    return Verdict(
        f"{both} differ in nothing but their seed: what differs in their figures is chance.",
        (f"Validation {metric.word} is {figures}: so much is due to {case.luck} alone.",),
        ranking=(0, 1),
    )


def _same_experiment(case: Case) -> bool:
    a, b = (experiment_of(arm) for arm in case.arms)
    if a is None or b is None or case.differing_of((0, 1)):
        return False
    changes = [
        {repr([(it.epoch, it.path, it.new) for it in telling_changes(run)]) for run in arm.runs} for arm in case.arms
    ]
    return changes[0] == changes[1]


def same_curves(a: RunView, b: RunView) -> bool:
    """Whether all that both have recorded is equal."""
    shared = min(len(a.evaluations), len(b.evaluations))
    ended = a.ended and b.ended
    if not shared or (ended and len(a.evaluations) != len(b.evaluations)):
        return False
    for part in (slice(shared - 1, shared), slice(0, shared)):  # most that differ do so at the last one
        if _figures(a.evaluations[part]) != _figures(b.evaluations[part]):
            return False
    return not ended or repr(list(a.train_loss.mean)) == repr(list(b.train_loss.mean))


def _figures(evaluations: Sequence[Evaluation]) -> str:
    """As text, in which not a number is equal to itself."""
    return repr([(it.step, dict(it.train), dict(it.validation)) for it in evaluations])


def _why(a: RunView, b: RunView) -> tuple[str, ...]:
    if a.threads != b.threads:
        return (f"They ran with {a.threads} and {b.threads} threads, which add up in another order.",)
    if a.device != b.device:
        return (f"They ran on {a.device} and {b.device}, which round in other ways.",)
    if a.versions != b.versions:
        return ("They ran with other versions of the program or of PyTorch.",)
    if a.device != "cpu":
        return (f"On {a.device} sums are not always made in the same order.",)
    return ()
