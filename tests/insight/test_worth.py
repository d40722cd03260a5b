"""Whether a network is worth it, in a sentence that claims no more than the figures say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests import looks
from tests.insight.own_data import logs
from tests.ui.views import run
from tui_trainer.insight.arms import Arm
from tui_trainer.insight.verdict.judge import verdict
from tui_trainer.insight.worth import best, in_short, worth, worth_in_short
from tui_trainer.runs.baselines import Baselines, Method
from tui_trainer.runs.records import RunView

BASELINES = Baselines.read(looks.baselines())


def network(accuracy: float) -> RunView:
    """A run that has this accuracy on validation at its end."""
    view = run()
    end = replace(view.evaluations[-1], validation={"loss": 0.5, "accuracy": accuracy})
    return replace(view, evaluations=(*view.evaluations[:-1], end))


@pytest.mark.parametrize(
    ("accuracy", "words"),
    [
        (0.93, "beats the random forest's .600 by 33.0 points: it is worth it"),
        (0.41, "falls short of the random forest's .600 by 19.0 points: it is not worth it so far"),
        (0.61, "the random forest's .600 are 1.0 points apart; up to "),
        (0.59, "may be chance: the simpler method does as well"),
    ],
)
def test_a_difference_counts_beyond_the_sampling_error(accuracy: float, words: str) -> None:
    said = worth(network(accuracy), BASELINES)
    assert words in said
    assert said.startswith(f"The network's {f'{accuracy:.3f}'[1:]}")


def test_with_fewer_samples_more_is_chance() -> None:
    few = replace(BASELINES, rows={"train": 80, "validation": 20})
    assert "beats" in worth(network(0.7), BASELINES)
    assert "chance" in worth(network(0.7), few)


def test_without_figures_nothing_is_claimed() -> None:
    assert worth(replace(run(), best=None, evaluations=()), BASELINES) == ""
    assert worth(network(0.9), replace(BASELINES, methods=BASELINES.methods[:1])) == ""


def test_the_best_method_looks_at_the_inputs() -> None:
    metric = run().task.primary
    found = best(BASELINES, metric)
    assert found
    assert found.name == "random forest"
    assert in_short(BASELINES).startswith("accuracy on validation: random forest .600, logistic regression .550")


def of_customers(macro_f1: float) -> Baselines:
    """A logistic regression on the customers, 22 of whom leave among the 240 that validate."""
    guess = Method("the commonest class", {}, {"macro_f1": 0.476, "accuracy": 0.908})
    known = {"macro_f1": macro_f1, "accuracy": 0.9}
    return Baselines((guess, Method("logistic regression", known, known)), {"train": 960, "validation": 240})


def test_the_best_of_many_noisy_epochs_is_not_what_the_network_gets() -> None:
    customers = logs.run("customers")
    assert customers.best
    assert customers.best.validation["macro_f1"] == 0.5932
    said = worth(customers, of_customers(0.512))
    assert said.startswith("The network's Macro F1 .522 and the logistic regression's Macro F1 .512")
    assert said.endswith("neither is clearly better than always guessing the commonest class (.476)")
    assert worth_in_short(customers, of_customers(0.512)) == "no better than guessing"


def test_where_few_are_of_a_class_macro_f1_may_differ_by_far() -> None:
    """22 of 240 decide half of it: 6 points of it are less than what some other 22 would change."""
    stopped = logs.run("customers-stopped-early")
    said = worth(stopped, of_customers(0.62))
    assert "6.1 points apart" in said
    assert said.endswith("may be chance: the simpler method does as well")
    assert worth_in_short(stopped, of_customers(0.62)) == "no better than logistic regression"
    assert worth(stopped, of_customers(0.48)).endswith("it is worth it")
    assert worth_in_short(stopped, of_customers(0.48)) == "beats logistic regression"
    assert worth_in_short(stopped, of_customers(0.9)) == "worse than logistic regression"


def test_a_comparison_of_the_same_runs_says_the_same() -> None:
    arms = [Arm(name, (logs.run(name),)) for name in ("customers-seed-1", "customers-stopped-early")]
    made = verdict(arms)
    assert "validation Macro F1 cannot tell them apart" in made.headline
    assert any("within the sampling error of 240 validation samples" in it for it in made.sentences)


def test_large_figures_are_written_as_in_the_tables() -> None:
    houses = logs.run("houses")
    known = {"mae": 20_884.2, "r2": 0.95, "loss": 0.05}
    methods = (Method("the mean", {}, {"mae": 93_742.5}), Method("linear regression", known, known, {"mae": 900.0}))
    said = worth(houses, Baselines(methods, {"validation": 120}))
    assert said.startswith("The network's mae 21,870 and the linear regression's mae 20,884 are 985.8 apart")
