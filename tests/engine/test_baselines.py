"""What simpler methods get: for every kind of data where they have a meaning, the same each time, honest figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.engine.test_look import mapping_of
from tui_trainer.choices.data import DataSet
from tui_trainer.engine import baselines as module
from tui_trainer.engine.baselines import baselines
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.runs.baselines import Baselines

WITHOUT = {"copy", "reverse", "text", "sentences"}
"""Kinds that predict tokens."""


@pytest.fixture(autouse=True)
def few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TREES", 10)


def measured(mapping: dict[str, Any]) -> Baselines:
    """As whoever asked a worker reads it."""
    said = json.dumps(baselines(mapping, lambda what, share: None), allow_nan=False)
    return Baselines.read(json.loads(said))


@pytest.mark.parametrize("kind", [kind for kind in DataSet.kinds() if kind not in WITHOUT])
def test_every_kind_has_baselines(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 400)
    found = measured(mapping_of(kind, tmp_path))
    assert len(found.methods) == 3
    for method in found.methods:
        assert {"loss"} < set(method.train) == set(method.validation)
        assert all(value == value for value in (method.validation["loss"], method.train["loss"]))


@pytest.mark.parametrize("kind", sorted(WITHOUT))
def test_predicted_texts_have_none_and_say_so(kind: str, tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="no baselines"):
        baselines(mapping_of(kind, tmp_path), lambda what, share: None)


def test_they_learn_what_there_is_to_learn() -> None:
    guess, linear, forest = measured({"data": "digits"}).methods
    assert guess.validation["accuracy"] < 0.2
    assert linear.name == "logistic regression"
    assert linear.validation["accuracy"] > 0.94
    assert forest.validation["accuracy"] > 0.9
    assert linear.validation["loss"] < guess.validation["loss"]


def test_numbers_are_judged_in_their_own_unit() -> None:
    guess, linear, forest = measured({"data": "diabetes"}).methods
    assert guess.validation["mae"] > 50
    assert 30 < linear.validation["mae"] < 55
    assert linear.errors["mae"] > 0
    assert forest.validation["r2"] > guess.validation["r2"]


def test_the_same_each_time() -> None:
    first, second = (measured({"data": "moons", "seed": 3}) for _ in range(2))
    assert [it.validation for it in first.methods] == [it.validation for it in second.methods]


def test_a_single_score_is_judged_alike() -> None:
    """Two classes with one output or two are the same question."""
    two, one = (measured({"data": "moons", "loss": loss}) for loss in ("cross_entropy", "binary_cross_entropy"))
    for a, b in zip(two.methods, one.methods, strict=True):
        assert a.validation["accuracy"] == b.validation["accuracy"]
        assert a.validation["loss"] == pytest.approx(b.validation["loss"], rel=1e-3)


def test_an_autoencoder_has_none() -> None:
    with pytest.raises(ExperimentError, match="reconstruction"):
        baselines({"data": "digits", "model": "autoencoder"}, lambda what, share: None)


def test_progress_goes_from_nothing_on_and_names_what_is_done() -> None:
    told: list[tuple[str, float]] = []
    baselines({"data": "moons"}, lambda what, share: told.append((what, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1
    assert any("trees" in what for what, _ in told)


@pytest.mark.parametrize("horizon", [1, 3])
def test_a_series_has_its_last_value_as_one_more(tmp_path: Path, horizon: int) -> None:
    """A series that goes up by 2 in each row: the last value is off by 2, 4, 6 …"""
    (tmp_path / "t.csv").write_text("y\n" + "".join(f"{2 * i}.5\n" for i in range(60)))
    data = {"kind": "csv", "file": str(tmp_path / "t.csv"), "target": "y", "window": 4, "horizon": horizon}
    _guess, last, *others = measured({"data": data}).methods
    assert last.name == "last value"
    assert last.validation["mae"] == pytest.approx(1 + horizon, rel=1e-4)
    assert len(others) == 2
