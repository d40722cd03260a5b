"""What is said of networks that were really trained."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.laboratory import train
from tui_trainer.experiment.parse import parse
from tui_trainer.insight import table
from tui_trainer.insight.arms import group
from tui_trainer.insight.verdict import verdict
from tui_trainer.runs.records import RunView
from tui_trainer.runs.view import read

SEEDS = 5


def trained(**changes: Any) -> list[RunView]:
    """A network of 50 units on 200 digits, once with each seed."""
    base = {
        "data": {"kind": "digits", "train_samples": 200},
        "model": {"hidden": [50]},
        "optimizer": {"kind": "adam", "lr": 0.003},
        "training": {"batch_size": 20, "epochs": 15},
        "device": "cpu",
    }
    return [read(train(parse({**base, **changes, "seed": seed}))) for seed in range(SEEDS)]


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> list[RunView]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TUI_TRAINER_HOME", str(tmp_path_factory.mktemp("home")))
        return trained()


def test_weight_decay_that_is_too_strong_has_the_smaller_gap_and_loses(baseline: list[RunView]) -> None:
    arms = group([*baseline, *trained(regularization={"l2": 0.1})])
    assert [arm.name for arm in arms] == ["baseline", "l2 0.1"]
    made = verdict(arms)
    gaps = [cell.value for cell in table.rows(arms).row("gap.accuracy.end").cells]
    assert isinstance(gaps[0], float)
    assert isinstance(gaps[1], float)
    assert gaps[1] < gaps[0]
    assert made.winner == 0
    assert made.headline.startswith("A baseline generalizes better: validation accuracy ")
    assert "Here l2 0.1 is too strong: try l2 0.03." in made.sentences


def test_the_same_again_is_equal_to_the_last_bit(baseline: list[RunView]) -> None:
    made = verdict(group([baseline[0], trained()[0]]))
    assert made.winner is None
    assert "equal to the last bit" in made.headline


def test_a_rate_of_zero_has_no_effect(baseline: list[RunView]) -> None:
    made = verdict(group([*baseline, *trained(regularization={"dropout": 0.0})]))
    assert made.winner is None
    assert made.headline.startswith("What differs had no effect")
