"""What must be known to read a verdict: what is missing, and where the comparison is not quite fair."""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.experiment.comparison import untuned_learning_rates
from tui_trainer.experiment.text import clean
from tui_trainer.insight.arms import letter, seed_of
from tui_trainer.insight.basis import Outcome, Result, mixed
from tui_trainer.insight.verdict.case import Case
from tui_trainer.insight.verdict.phrases import listed
from tui_trainer.runs.records import RunView
from tui_trainer.runs.summary import epochs

SAME_EFFORT = 1.1
"""Up to this ratio, numbers of updates or of samples count as the same."""


def missing(case: Case) -> list[str]:
    """Which arms or runs have no say in the verdict, and why."""
    return [words for index in range(len(case.arms)) for words in _missing(index, case.result(index))]


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
    if not runs:
        sentences.append(f"{name} has not begun.")
    elif not result.outcomes and result.unfinished:
        sentences.append(f"{name} has not been evaluated yet.")
    elif result.unfinished and len(runs) > 1:
        sentences.append(f"{name} still trains{_of(result.unfinished, runs)}.")
    return sentences


def _of(some: Sequence[RunView], runs: Sequence[RunView]) -> str:
    return f" in {len(some)} of {len(runs)} seeds" if len(runs) > 1 else ""


def _when(runs: Sequence[RunView]) -> str:
    """The epochs they had reached: `3`, or `3 to 12`."""
    reached = sorted(run.epoch for run in runs)
    first, last = (epochs(round(epoch, 1)) for epoch in (reached[0], reached[-1]))
    return first if first == last else f"{first} to {last}"


def fairness(case: Case) -> list[str]:
    """What else differs than what was meant to be compared."""
    sentences = []
    experiments = [experiment for i in case.present if (experiment := case.experiments[i])]
    if untuned_learning_rates(experiments):
        sentences.append(
            "The learning rates were not tuned: each is its optimizer's default, so this compares defaults, "
            "not optimizers."
        )
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
    """Where the plans of the arms come to other numbers of updates or samples."""
    if case.basis.epoch is not None:
        return []
    firsts = [case.result(i).outcomes[0].run for i in case.present]
    updates = [run.planned_steps for run in firsts]
    seen = [run.planned_epochs * run.samples.get("train", 0) for run in firsts]
    unequal = [_ratio(counts) > SAME_EFFORT for counts in (updates, seen)]
    if not any(unequal) or 0 in updates:
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


def _ratio(counts: Sequence[int]) -> float:
    return max(counts) / min(counts) if min(counts) > 0 else 1.0


def _stopped_early(case: Case) -> list[str]:
    sentences = []
    for i in case.present:
        outcomes = [it for it in case.result(i).outcomes if _is_early(it)]
        if outcomes:
            planned = outcomes[0].run.planned_epochs
            some = _of([it.run for it in outcomes], case.arms[i].runs) if len(outcomes) < len(case.arms[i].runs) else ""
            sentences.append(
                f"{letter(i)} stopped early{some}, at epoch {_when([it.run for it in outcomes])} of {planned}."
            )
    return sentences


def _is_early(outcome: Outcome) -> bool:
    run = outcome.run
    return run.state == "finished" and run.planned_epochs > 0 and run.epoch < run.planned_epochs - 1e-6


def _seeds(case: Case) -> list[str]:
    made = case.basis
    sets = {tuple(seed_of(it.run) for it in case.result(i).outcomes) for i in case.present}
    if len(sets) <= 1:
        return []
    if made.seeds:
        return [f"Only the seeds that all have are compared in pairs: {listed([str(seed) for seed in made.seeds])}."]
    return [f"The arms share no seed: {case.luck} differ as well, so part of the difference is luck."]
