"""What must be known to read a verdict: what is missing, and where the comparison is not quite fair."""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.experiment.comparison import untuned_learning_rates
from tui_trainer.experiment.text import clean
from tui_trainer.insight.arms import letter
from tui_trainer.insight.bands import mean
from tui_trainer.insight.basis import Outcome, Result, mixed
from tui_trainer.insight.verdict.case import Case
from tui_trainer.insight.verdict.phrases import listed
from tui_trainer.runs.records import RunView
from tui_trainer.runs.summary import epochs

SAME_EFFORT = 1.1
"""Up to this ratio, numbers of updates or of samples count as the same."""


def missing(case: Case) -> list[str]:
    """Which arms or runs have no say in the verdict, and why."""
    results = [case.result(index) for index in range(len(case.arms))]
    sentences = [words for index, result in enumerate(results) for words in _missing(index, result)]
    waiting = [letter(index) for index, result in enumerate(results) if not result.arm.runs]
    unseen = [
        letter(index)
        for index, result in enumerate(results)
        if result.arm.runs and not result.outcomes and result.unfinished
    ]
    for names, what in ((waiting, "begun"), (unseen, "been evaluated yet")):
        if names:
            sentences.append(f"{listed(names)} {'has' if len(names) == 1 else 'have'} not {what}.")
    return sentences


def _missing(index: int, result: Result) -> list[str]:
    name, runs = letter(index), result.arm.runs
    sentences = []
    if result.diverged:
        some = f"{_of(result.diverged, runs)} at epoch {_when(result.diverged)}"
        sentences.append(f"{name} diverged{some}: its loss was not finite any more.")
    failed = [run for run in result.failed if run.state in ("failed", "died")]
    if failed:
        why = clean(failed[0].why or failed[0].state, 120)
        sentences.append(f"{name} {failed[0].state}{_of(failed, runs)} at epoch {_when(failed)}: {why}.")
    halted = [run for run in result.failed if run.state not in ("failed", "died")]
    if halted:
        sentences.append(f"{name} was {halted[0].state}{_of(halted, runs)} at epoch {_when(halted)}.")
    return sentences


def _of(some: Sequence[RunView], runs: Sequence[RunView]) -> str:
    return f" in {len(some)} of {len(runs)} seeds" if len(runs) > 1 else ""


def _when(runs: Sequence[RunView]) -> str:
    """The epochs they had reached: `3`, or `3 to 12`."""
    return _span([run.epoch for run in runs])


def _span(reached: Sequence[float]) -> str:
    """Epochs from the first to the last: `3`, or `3 to 12`."""
    first, last = (epochs(round(epoch, 1)) for epoch in (min(reached), max(reached)))
    return first if first == last else f"{first} to {last}"


def fairness(case: Case) -> list[str]:
    """What else differs than what was meant to be compared."""
    sentences = [case.basis.about_metric] if case.basis.about_metric else []
    experiments = [experiment for i in case.present if (experiment := case.experiments[i])]
    if untuned_learning_rates(experiments):
        sentences.append(
            "The learning rates were not tuned: each is its optimizer's default, so this compares defaults, "
            "not optimizers."
        )
    if not case.basis.one_loss:
        sentences.append("The arms are trained on different losses, which do not compare: only metrics do.")
    sentences += _effort(case)
    sentences += _stopped_early(case)
    sentences += _seeds(case)
    sentences += [
        f"The runs of {letter(i)} are not all the same experiment: some were changed while they trained."
        for i in case.present
        if mixed(case.arms[i])
    ]
    return sentences


def _effort(case: Case) -> list[str]:
    """How many updates and samples the arms took, where their plans come to other numbers of them."""
    if case.basis.epoch is not None:
        return []
    firsts = [case.result(i).outcomes[0].run for i in case.present]
    planned = [
        [run.planned_steps for run in firsts],
        [run.planned_epochs * run.samples.get("train", 0) for run in firsts],
    ]
    if not any(_ratio(counts) > SAME_EFFORT for counts in planned) or 0 in planned[0]:
        return []
    updates, seen = _made(case)
    unequal = [_ratio(counts) > SAME_EFFORT for counts in (updates, seen)]
    if not any(unequal):
        return []
    if len(firsts) > 2:
        if not unequal[1]:
            return [f"All saw as many samples, in {min(updates):,} to {max(updates):,} updates."]
        what = [
            f"{min(counts):,} to {max(counts):,} {words}"
            for counts, words, differs in zip((updates, seen), ("updates", "samples seen"), unequal, strict=True)
            if differs
        ]
        return [f"The arms were not trained equally long: {listed(what)}."]
    names = [letter(i) for i in case.present]
    if not unequal[1]:
        return [f"Both saw as many samples, {names[0]} in {updates[0]:,} updates and {names[1]} in {updates[1]:,}."]
    if not unequal[0]:
        return [f"Both made as many updates, {names[0]} with {seen[0]:,} samples and {names[1]} with {seen[1]:,}."]
    return [
        f"They were not trained equally long: {names[0]} made {updates[0]:,} updates with {seen[0]:,} samples, "
        f"{names[1]} {updates[1]:,} with {seen[1]:,}."
    ]


def _made(case: Case) -> tuple[list[int], list[int]]:
    """The updates that each arm made and the samples that it saw, on average over its seeds."""
    arms = [[it.run for it in case.result(i).outcomes] for i in case.present]
    updates = [round(mean([run.step for run in runs])) for runs in arms]
    return updates, [round(mean([run.epoch * run.samples.get("train", 0) for run in runs])) for runs in arms]


def _ratio(counts: Sequence[int]) -> float:
    return max(counts) / min(counts) if min(counts) > 0 else 1.0


def _stopped_early(case: Case) -> list[str]:
    sentences = []
    for i in case.present:
        early = [it for it in case.result(i).outcomes if _is_early(it)]
        restored = [it for it in case.result(i).outcomes if it.restored]
        parts = []
        if early:
            planned = early[0].run.planned_epochs
            some = _of([it.run for it in early], case.arms[i].runs) if len(early) < len(case.arms[i].runs) else ""
            parts.append(f"stopped early{some}, at epoch {_span([it.run.epoch for it in early])} of {planned}")
        if restored:
            parts.append(f"put back its best weights, of epoch {_span([it.best.epoch for it in restored])}")
        if parts:
            sentences.append(f"{letter(i)} {', and '.join(parts)}.")
    return sentences


def _is_early(outcome: Outcome) -> bool:
    run = outcome.run
    return run.state == "finished" and run.planned_epochs > 0 and run.epoch < run.planned_epochs - 1e-6


def _seeds(case: Case) -> list[str]:
    if case.basis.shares_no_seed:
        so_far = " so far" if case.basis.so_far else ""
        luck = f"{case.luck} differ as well, so part of the difference is luck"
        return [f"The arms share no seed{so_far}: {luck}."]
    return [case.basis.about_seeds] if case.basis.about_seeds else []
