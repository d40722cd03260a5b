"""One metric judges all arms of a comparison, whichever each would be judged by alone."""

from __future__ import annotations

from dataclasses import replace

from tests.insight.arms_made import FIVE, GOOD, around, run
from tui_trainer.choices.tasks.classification import ACCURACY, MACRO_F1
from tui_trainer.insight import table
from tui_trainer.insight.arms import Arm
from tui_trainer.insight.basis import basis
from tui_trainer.insight.deciding import about_metric, deciding
from tui_trainer.insight.verdict import verdict
from tui_trainer.runs.records import Evaluation, Figures, RunView

BY_CLASS = 0.5


def lopsided(view: RunView, f1: float, *, judges: bool = True) -> RunView:
    """The same run on data with a class of more than three quarters: Macro F1 falls to `f1` at its end.

    It was highest at its first evaluation. Without `judges` it goes by accuracy, as where that class is not so common.
    """

    def told(it: Evaluation) -> Evaluation:
        share = it.epoch / view.epoch

        def more(figures: Figures) -> Figures:
            return {**figures, "macro_f1": BY_CLASS + (f1 - BY_CLASS) * share}

        return replace(it, train=more(it.train), validation=more(it.validation))

    metrics = (MACRO_F1, ACCURACY) if judges else (ACCURACY, MACRO_F1)
    evaluations = tuple(map(told, view.evaluations))
    best = evaluations[0] if judges else evaluations[-1]
    return replace(view, task=replace(view.task, metrics=metrics), evaluations=evaluations, best=best)


def arm(name: str, accuracy: float, f1: float, *, judges: bool) -> Arm:
    """Five seeds; validation accuracy goes up to about `accuracy`, Macro F1 down to about `f1`."""
    figures = around((1.0, accuracy, 0.02, 0.4), FIVE)
    runs = [run(one, seed, data={"train_samples": 900 if judges else 100}) for seed, one in enumerate(figures)]
    return Arm(name, tuple(lopsided(one, f1 + 0.001 * seed, judges=judges) for seed, one in enumerate(runs)))


def two() -> list[Arm]:
    """By accuracy the first is better, by Macro F1 the second."""
    return [arm("few", 0.9, 0.2, judges=False), arm("all", 0.8, 0.4, judges=True)]


def test_macro_f1_decides_for_all_arms_if_it_does_for_one() -> None:
    arms = two()
    for order in (arms, arms[::-1]):
        assert deciding([each for it in order for each in it.runs]) == MACRO_F1
        made = verdict(order)
        winner = order.index(arms[1])
        assert made.winner == winner
        assert "Macro F1" in made.headline
        assert "Macro F1 decides for all" in " ".join(made.sentences)
        assert [note for note in table.rows(order).notes if "Macro F1 decides for all" in note]


def test_the_best_epoch_is_by_the_metric_that_judges_all() -> None:
    few, whole = basis(two()).results
    assert {it.best.epoch for it in whole.outcomes} == {it.best.epoch for it in few.outcomes}
    assert all(it.run.best == it.run.evaluations[-1] for it in few.outcomes)
    assert all(it.best == it.run.evaluations[0] and it.end == it.run.evaluations[-1] for it in few.outcomes)


def test_what_all_are_judged_by_anyway_needs_no_word() -> None:
    alike = [lopsided(run(GOOD, seed), 0.4) for seed in range(2)]
    assert (deciding(alike), about_metric(alike)) == (MACRO_F1, "")
    usual = [run(GOOD, seed) for seed in range(2)]
    assert (deciding(usual), about_metric(usual)) == (ACCURACY, "")


def test_what_only_some_arms_measure_decides_nothing() -> None:
    old, new = run(GOOD), lopsided(run(GOOD, data={"train_samples": 100}), 0.4)
    old = replace(old, task=replace(old.task, metrics=(ACCURACY,)))
    assert deciding([old, new]) == ACCURACY
    assert about_metric([old, new]) == "Accuracy decides for all: it is what all arms measure."

    only_f1 = replace(new, task=replace(new.task, metrics=(MACRO_F1,)))
    assert verdict([Arm("old", (old,)), Arm("new", (only_f1,))]).headline.startswith("Not comparable")
