"""Whether a network is worth it, in a sentence that claims no more than the figures say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests import looks
from tests.ui.views import run
from tui_trainer.insight.worth import best, in_short, worth
from tui_trainer.runs.baselines import Baselines
from tui_trainer.runs.records import RunView

BASELINES = Baselines.read(looks.baselines())


def network(accuracy: float) -> RunView:
    """A run whose best evaluation has this accuracy on validation."""
    view = run()
    assert view.best
    return replace(view, best=replace(view.best, validation={"loss": 0.5, "accuracy": accuracy}))


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
