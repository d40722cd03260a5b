"""What the data says is found before training, told in the log, and turned into findings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.findings.training import Trained, digits, preset
from tui_trainer.choices.data import Samples
from tui_trainer.choices.data.moons import Moons
from tui_trainer.engine.facts import feature_scores, repeated_rows
from tui_trainer.experiment.parse import parse
from tui_trainer.insight.findings.base import Finding
from tui_trainer.insight.findings.diagnosis import diagnose
from tui_trainer.runs.records import RunView

Load = Callable[[np.random.Generator], Samples]
ROWS = 400


def _noise(draw: np.random.Generator, rows: int = ROWS, features: int = 3) -> np.ndarray:
    return draw.standard_normal((rows, features)).astype(np.float32)


def _samples(x: np.ndarray, y: np.ndarray, classes: tuple[str, ...] = ("no", "yes")) -> Samples:
    names = ("age", "height", "weight")[: x.shape[1]]
    return Samples(x, y, classes, names, task="classification" if classes else "regression")


def ordinary(draw: np.random.Generator) -> Samples:
    x = _noise(draw)
    return _samples(x, (x.sum(axis=1) > 0).astype(np.int64))


def constant(draw: np.random.Generator) -> Samples:
    samples = ordinary(draw)
    samples.x[:, 1] = 7.5
    return samples


def leaking(draw: np.random.Generator) -> Samples:
    samples = ordinary(draw)
    samples.x[:, 2] = np.where(samples.y == 1, 12.0, 3.0)
    return samples


def leaking_number(draw: np.random.Generator) -> Samples:
    x = _noise(draw)
    return _samples(x, 5 + 100 * np.tanh(x[:, 0]), classes=())


def imbalanced(draw: np.random.Generator) -> Samples:
    x = _noise(draw)
    y = np.zeros(ROWS, dtype=np.int64)
    y[:20] = 1
    return _samples(x, y)


def repeated(draw: np.random.Generator) -> Samples:
    samples = ordinary(draw)
    x = np.concatenate([samples.x[: ROWS // 2]] * 2)
    y = np.concatenate([samples.y[: ROWS // 2]] * 2)
    return _samples(x, y)


@pytest.fixture
def train(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> Callable[[Load], RunView]:
    """A short run on other data, which stand in for the points of moons."""

    def train(load: Load) -> RunView:
        monkeypatch.setattr(Moons, "load", lambda self, seed: load(np.random.default_rng(seed)))
        data = {"kind": "moons", "samples": ROWS}
        name = getattr(load, "__name__", "")
        return trained.view(parse({"name": name, "data": data, "training": {"epochs": 2}}))

    return train


def _hints(view: RunView) -> dict[str, Finding]:
    kinds = ("class-imbalance", "constant-feature", "lone-feature", "repeated-rows")
    return {finding.kind: finding for finding in diagnose(view) if finding.kind in kinds}


@pytest.mark.parametrize(
    ("load", "kind", "words"),
    [
        (constant, "constant-feature", ["height", "1 of 3"]),
        (leaking, "lone-feature", ["weight", "accuracy 1.000"]),
        (leaking_number, "lone-feature", ["age", "% of the variance"]),
        (imbalanced, "class-imbalance", ["304 training samples of class no, 16 of class yes", "0.950"]),
    ],
)
def test_what_is_odd_about_the_data_is_a_hint(
    train: Callable[[Load], RunView], load: Load, kind: str, words: list[str]
) -> None:
    (finding,) = _hints(train(load)).values()
    assert finding.kind == kind
    assert finding.severity == "hint"
    assert all(word in f"{finding.title} {finding.evidence}" for word in words), finding


def test_rows_on_both_sides_are_a_problem(train: Callable[[Load], RunView]) -> None:
    view = train(repeated)
    (finding,) = _hints(view).values()
    assert finding.kind == "repeated-rows"
    assert finding.severity == "problem"
    assert view.facts
    assert 40 < view.facts.repeated_rows < view.facts.rows_compared == 80


def test_ordinary_data_is_nothing_to_speak_of(train: Callable[[Load], RunView]) -> None:
    view = train(ordinary)
    assert _hints(view) == {}
    assert view.facts
    assert sum(view.facts.class_counts) == 320
    assert view.facts.repeated_rows == 0
    assert 0.5 < view.facts.best_feature_score < 0.9


def test_pixels_may_be_constant(trained: Trained) -> None:
    view = trained.view(digits(training={"epochs": 1}))
    assert _hints(view) == {}
    assert view.facts
    assert view.facts.best_feature == ""
    assert len(view.facts.class_counts) == 10


def test_a_single_feature_is_no_lone_one(trained: Trained) -> None:
    view = trained.view(preset("sine-mlp", training__epochs=1, data__noise=0.0))
    assert view.facts
    assert view.facts.best_feature == "x"
    assert view.facts.best_feature_score > 0.9
    assert _hints(view) == {}


def test_rows_are_compared_to_the_last_bit() -> None:
    x = np.random.default_rng(0).random((50, 4), dtype=np.float32)
    y = np.arange(50)
    nearly = x[:10].copy()
    nearly[:, 0] = np.nextafter(nearly[:, 0], np.float32(2))
    assert repeated_rows((x, y), (x[20:35], y[20:35])) == 15
    assert repeated_rows((x, y), (nearly, y[:10])) == 0
    assert repeated_rows((x, y), (np.concatenate([x[:1]] * 3), y[[0, 0, 0]])) == 3


@pytest.mark.parametrize("targets", ["classes", "numbers", "several numbers"])
def test_rows_of_the_same_inputs_and_other_targets_are_no_copies(targets: str) -> None:
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    y = {
        "classes": np.array([0, 1, 2, 3]),
        "numbers": np.array([0.1, 0.2, 0.3, 0.4], dtype=np.float32),
        "several numbers": np.random.default_rng(0).random((4, 3), dtype=np.float32),
    }[targets]
    assert repeated_rows((x, y), (x, y)) == 4
    assert repeated_rows((x, y), (x, y[::-1].copy())) == 0
    assert repeated_rows((x, y), (x[[0, 1]], y[[0, 2]])) == 1


def test_a_feature_is_scored_by_what_it_tells_about_other_rows() -> None:
    draw = np.random.default_rng(0)
    x = draw.standard_normal((2000, 3)).astype(np.float32)
    y = (np.abs(x[:, 1]) > 0.7).astype(np.int64)  # no threshold does it, two do
    scores = feature_scores(x[:1000], y[:1000], x[1000:], y[1000:])
    assert scores[1] > 0.97
    assert max(scores[0], scores[2]) < 0.65
    few = feature_scores(x[:3], y[:3], x[1000:], y[1000:])
    assert few.shape == (3,)
    assert np.isfinite(few).all()
