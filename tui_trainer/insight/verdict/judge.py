"""Which verdict there is to give: on many arms, on two, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tui_trainer.insight.arms import Arm
from tui_trainer.insight.bands import deviation
from tui_trainer.insight.sources import about_sources, source_count
from tui_trainer.insight.verdict import caveats, equality, many, two
from tui_trainer.insight.verdict.base import Verdict
from tui_trainer.insight.verdict.case import Case
from tui_trainer.insight.verdict.phrases import amount, listed, value


def verdict(arms: Sequence[Arm], pinned: int = 0) -> Verdict:
    """Judges the arms of a comparison; `pinned` is the index of the one that the others are measured against.

    What counts is the primary metric on validation of the network that training leaves behind: at the end of the run,
    or at its best evaluation where early stopping puts those weights back. The best epoch of every arm is the second
    look, and is told where it says something else. It cannot be the first, because it is picked by the very figures
    that are compared (Cawley and Talbot 2010, "On over-fitting in model selection and subsequent selection bias in
    performance evaluation"). Where the metric cannot tell arms apart, validation loss is asked. The gap never decides.

    Arms at the end that learn other data only for the others to begin from their weights are not judged.
    """
    judged = arms[: len(arms) - source_count(arms)]
    case = Case(tuple(judged), pinned if 0 <= pinned < len(judged) else 0)
    made = replace(_verdict(case), so_far=case.basis.so_far)
    if unjudged := about_sources(arms):
        made = replace(made, sentences=(*made.sentences, unjudged))
    return replace(made, headline=_sentence(made.headline), sentences=tuple(map(_sentence, made.sentences)))


def _verdict(case: Case) -> Verdict:
    missing = caveats.missing(case)
    if not case.present:
        return Verdict(_nothing(case), tuple(missing))
    if case.basis.epoch == 0:
        return Verdict("training has only begun: there is nothing to compare yet.", tuple(missing))
    if case.basis.obstacle:
        return Verdict(f"Not comparable. {case.basis.obstacle}", (*_each_alone(case), *missing))
    if len(case.present) == 1:
        return _one(case, missing)
    told = equality.equal(case)
    if told:
        return replace(told, sentences=(*told.sentences, *missing))
    made = two.judge(case) if len(case.arms) == 2 else many.judge(case)
    return replace(made, sentences=(*made.sentences, *missing, *caveats.fairness(case)))


def _nothing(case: Case) -> str:
    if not case.arms:
        return "There is nothing to compare."
    diverged = [i for i in range(len(case.arms)) if case.result(i).diverged]
    if len(diverged) == len(case.arms):
        return "Both diverged." if len(diverged) == 2 else f"{'All arms' if len(diverged) > 1 else 'It'} diverged."
    if all(arm.runs and not result.unfinished for arm, result in zip(case.arms, case.basis.results, strict=True)):
        return "No figures: no run got as far as its first evaluation."
    return "No figures yet: the first evaluation is still to come."


def _one(case: Case, missing: list[str]) -> Verdict:
    """One arm alone has figures, because it is the only one, or because the others diverged or have not begun."""
    (index,) = case.present
    metric, reached = case.metric, case.result(index).figures("validation", case.metric.name)
    figure = f"validation {metric.word} {value(metric, case.validation(index))}"
    if len(reached) > 1:
        figure += f" ± {amount(metric, deviation(list(reached.values())))} over {len(reached)} seeds"
    others = [i for i in range(len(case.arms)) if i != index]
    lost = [i for i in others if case.result(i).diverged and not case.result(i).unfinished]
    if others and len(lost) == len(others) and not case.only_guesses(index):
        gone = listed([case.title(i) for i in lost])
        headline = f"{case.when()}{case.title(index)} is better: {gone} diverged."
        return Verdict(headline, (f"It has {figure}.", *missing), index, ranking=(index,))
    if others:
        return Verdict(
            f"{case.when()}only {case.title(index)} has figures: {figure}.", tuple(missing), ranking=(index,)
        )
    return Verdict(f"{case.when()}{case.title(index)}: {figure}.", tuple(missing), ranking=(index,))


def _each_alone(case: Case) -> list[str]:
    """What each arm reaches on its own data, against guessing there."""
    sentences = []
    for i in case.present:
        metric = case.result(i).outcomes[0].run.task.primary
        reached = case.result(i).mean("validation", metric.name)
        words = f"{case.title(i)} has validation {metric.word} {value(metric, reached)}"
        guessing = case.result(i).outcomes[0].run.baseline.get(metric.name)
        sentences.append(
            words + (f", where always guessing gets {value(metric, guessing)}." if guessing is not None else ".")
        )
    return sentences


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
