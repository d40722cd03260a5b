"""Every comparison that comes with the program is complete, and shows what it says it shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import mean

import pytest

from tests.presets.conftest import SELDOM, TrainExperiment
from tui_trainer.engine.control import Control
from tui_trainer.engine.describe import describe
from tui_trainer.engine.run import train_run
from tui_trainer.experiment.comparison import Comparison, untuned_learning_rates
from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.presets import Preset, find, presets
from tui_trainer.runs import view as views
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.records import RunView
from tui_trainer.runs.store import Store

COMPARISONS = [preset for preset in presets() if preset.is_comparison]
NAMES = [
    "overfitting-cures",
    "l1-against-l2",
    "learning-rates",
    "schedules",
    "optimizers",
    "batch-sizes",
    "activations-deep",
    "initializations",
    "batch-norm",
    "transfer",
    "depth-and-width",
    "feature-scaling",
    "linear-or-network",
    "cnn-against-mlp",
    "rnn-memory",
    "mnist-300-cures",
]
GUESSING = 2.3026  # the loss of giving each of ten classes the same probability

TrainArms = Callable[..., dict[str, RunView]]


@pytest.fixture
def train_arms(train_experiment: TrainExperiment) -> TrainArms:
    """Trains the arms of a preset once each, by name."""

    def train(name: str, repeat: int = 0, **changes: object) -> dict[str, RunView]:
        by_path = {path.replace("__", "."): value for path, value in changes.items()}
        comparison = find(name).comparison().with_base(by_path)
        return {arm.name: train_experiment(arm.seeded(repeat)) for arm in comparison.arms}

    return train


def _loss(view: RunView, part: str = "validation") -> float:
    assert view.last
    return float(getattr(view.last, part)["loss"])


def _accuracy(view: RunView, part: str = "validation") -> float:
    assert view.last
    return float(getattr(view.last, part)["accuracy"])


def _gap(view: RunView) -> float:
    return _accuracy(view, "train") - _accuracy(view)


def _loss_at(view: RunView, epoch: int) -> float:
    return next(at.validation["loss"] for at in view.evaluations if at.epoch == pytest.approx(epoch))


def _with_data(comparison: Comparison, request: pytest.FixtureRequest) -> Comparison:
    if comparison.base.data.kind != "mnist":
        return comparison
    return comparison.with_base({"data.folder": str(request.getfixturevalue("mnist"))})


def test_all_comparisons_are_there() -> None:
    assert [preset.name for preset in COMPARISONS] == NAMES


@pytest.mark.parametrize("preset", COMPARISONS, ids=lambda preset: preset.name)
def test_a_comparison_says_what_it_is_and_what_it_shows(preset: Preset) -> None:
    comparison = preset.comparison()
    assert comparison.name == preset.name
    assert 10 < len(comparison.about) <= 70
    assert 60 < len(comparison.teaches) <= 400
    assert not comparison.about.endswith(".")
    assert comparison.teaches.endswith(".")


@pytest.mark.parametrize("preset", COMPARISONS, ids=lambda preset: preset.name)
def test_a_comparison_can_be_trained_and_watched(preset: Preset, request: pytest.FixtureRequest) -> None:
    comparison = _with_data(preset.comparison(), request)
    lasts = []
    for arm in comparison.arms:
        pace = arm.experiment.training.pace
        assert pace != "full"
        lasts.append(describe(to_mapping(arm.experiment))["planned_steps"] / pace)
    # Two at a time, on two cores; their workers' start comes on top.
    assert 10 <= sum(lasts) * comparison.repeats / 2 <= 35


def test_more_data_is_the_best_cure(train_arms: TrainArms) -> None:
    arms = train_arms("overfitting-cures")
    baseline, early = arms["baseline"], arms["early stopping"]
    assert max(arms, key=lambda name: _accuracy(arms[name])) == "1000 samples"
    assert min(arms, key=lambda name: _loss(arms[name])) == "1000 samples"
    for name in ("l2 0.005", "dropout 0.15"):
        assert _loss(arms[name]) < 0.8 * _loss(baseline)
        assert 0 < _accuracy(arms[name]) - _accuracy(baseline) < 0.03
    assert early.step < 0.3 * baseline.step
    assert _accuracy(early) > _accuracy(baseline) - 0.01
    assert _accuracy(arms["30 units"], "train") == 1
    assert _accuracy(arms["30 units"]) < _accuracy(baseline)


def test_l1_makes_zeros_and_l2_small_weights(train_arms: TrainArms) -> None:
    arms = train_arms("l1-against-l2")
    zeros = {name: mean(layer.zero_share for layer in view.layers[-1].layers) for name, view in arms.items()}
    size = {name: sum(layer.weight_norm for layer in view.layers[-1].layers) for name, view in arms.items()}
    assert zeros["l1 0.001"] > 0.5
    assert zeros["baseline"] < zeros["l2 0.003"] < 0.25
    assert size["l2 0.003"] < size["baseline"]
    for name in ("l1 0.001", "l2 0.003"):
        assert _loss(arms[name], "train") > 5 * _loss(arms["baseline"], "train")
    assert abs(_accuracy(arms["l1 0.001"]) - _accuracy(arms["l2 0.003"])) < 0.03


def test_one_learning_rate_of_four_is_right(train_arms: TrainArms) -> None:
    arms = train_arms("learning-rates")
    for name in ("lr 0.001", "lr 0.01"):
        assert _loss(arms[name]) < _loss_at(arms[name], 15) < _loss_at(arms[name], 10)
        assert _accuracy(arms[name]) < _accuracy(arms["lr 0.1"])
    assert _accuracy(arms["lr 0.1"]) > 0.95
    assert _loss(arms["lr 1"]) > 5 * _loss_at(arms["lr 1"], 0)
    assert _accuracy(arms["lr 1"]) < 0.15


def test_any_schedule_ends_better_than_a_constant_rate_that_is_too_large(train_arms: TrainArms) -> None:
    arms = train_arms("schedules")
    constant = arms.pop("constant")
    for name, view in arms.items():
        assert _accuracy(view) > _accuracy(constant) + 0.02, name
        assert _loss(view, "train") < 0.2 * _loss(constant, "train"), name
        rates = view.rates[1]
        assert max(rates) == pytest.approx(0.1, rel=0.02)
        assert rates[-1] < 0.05
    assert set(constant.rates[1]) == {0.1}


def test_a_first_layer_serves_other_digits_and_a_second_does_not(tmp_path: Path) -> None:
    """The arms begin from each other, within their comparison."""
    comparison, store = find("transfer").comparison(), Store(tmp_path)
    assert comparison.arms[-1].name == "0 to 4", "the verdict leaves it out where it is the last one"
    found: dict[str, list[float]] = {arm.name: [] for arm in comparison.arms}
    for repeat in range(comparison.repeats):
        for arm in reversed(comparison.arms):
            origin = Origin(comparison="20260101-000000-transfer-aaaa", arm=arm.name, repeat=repeat)
            folder = store.create(set_values(arm.seeded(repeat), {"training.pace": "full"}), origin)
            assert train_run(folder, Control()) == "finished"
            found[arm.name].append(_accuracy(views.read(folder)))
    scratch, first, both = (mean(found[name]) for name in ("from scratch", "first layer frozen", "both frozen"))
    assert first > scratch - 0.005
    assert both < scratch - 0.02
    assert mean(found["0 to 4"]) > 0.98


def test_the_optimizers_end_alike_with_their_default_rates(train_arms: TrainArms) -> None:
    comparison = find("optimizers").comparison()
    assert untuned_learning_rates(arm.experiment for arm in comparison.arms)
    repeats = [train_arms("optimizers", repeat) for repeat in range(comparison.repeats)]
    for arms in repeats:
        assert min(arms, key=lambda name: _loss_at(arms[name], 1)) == "rmsprop"
    means = [mean(_accuracy(arms[name]) for arms in repeats) for name in repeats[0]]
    seeds = [mean(map(_accuracy, arms.values())) for arms in repeats]
    assert min(means) > 0.95
    assert max(means) - min(means) < max(seeds) - min(seeds) + 0.005


def test_large_batches_make_too_few_updates(train_arms: TrainArms) -> None:
    arms = train_arms("batch-sizes")
    assert [view.step for view in arms.values()] == [3600, 900, 240, 60]
    losses = [_loss(view, "train") for view in arms.values()]
    assert losses == sorted(losses)
    assert _accuracy(arms["batch 512"]) < _accuracy(arms["batch 128"]) < _accuracy(arms["batch 8"])


def test_eight_layers_of_sigmoids_learn_nothing(train_arms: TrainArms) -> None:
    arms = train_arms("activations-deep")
    assert _loss(arms["sigmoid"]) == pytest.approx(GUESSING, abs=0.02)
    for name in ("tanh", "relu", "gelu"):
        assert _accuracy(arms[name]) > 0.93
    assert min(arms, key=lambda name: _loss_at(arms[name], 1)) == "tanh"


def test_the_start_decides_in_ten_layers_of_relu(train_arms: TrainArms) -> None:
    arms = train_arms("initializations")
    assert _loss(arms["normal 0.01"]) == pytest.approx(GUESSING, abs=0.002)
    assert _loss_at(arms["xavier"], 5) > 2
    assert _loss_at(arms["he"], 5) < 1.5
    assert _accuracy(arms["xavier"]) < _accuracy(arms["he"]) - 0.03


def test_batch_norm_mends_a_bad_start(train_arms: TrainArms) -> None:
    repeats = [train_arms("batch-norm", repeat) for repeat in range(find("batch-norm").comparison().repeats)]
    for arms in repeats:
        assert _loss(arms["bad start"]) == pytest.approx(GUESSING, abs=0.002)
        assert _loss_at(arms["good + batch norm"], 1) < _loss_at(arms["good start"], 1)
    good, normed, mended = (
        mean(_accuracy(arms[name]) for arms in repeats)
        for name in ("good start", "good + batch norm", "bad + batch norm")
    )
    assert good > 0.95
    assert normed == pytest.approx(good, abs=0.015)
    assert mended == pytest.approx(good, abs=0.015)


def test_four_narrow_layers_are_done_before_a_wide_one(train_arms: TrainArms) -> None:
    arms = train_arms("depth-and-width")
    assert (arms["1 × 512"].parameters, arms["4 × 16"].parameters) == (2562, 898)
    assert _accuracy(arms["1 × 8"]) < 0.92
    assert _accuracy(arms["1 × 512"]) > 0.95
    assert _loss_at(arms["4 × 16"], 20) < _loss(arms["1 × 512"]) < _loss_at(arms["1 × 512"], 20)
    assert _accuracy(arms["4 × 16"]) > 0.98


def test_a_smaller_gap_is_not_better_generalization(train_arms: TrainArms, mnist: Path) -> None:
    arms = train_arms("mnist-300-cures", data__folder=str(mnist), **SELDOM)
    baseline = arms["baseline"]
    for name in ("l2 0.1", "dropout 0.2"):
        assert _gap(arms[name]) < _gap(baseline)
        assert _accuracy(arms[name]) < _accuracy(baseline)
        assert _accuracy(arms[name], "train") < _accuracy(baseline, "train")
    assert _loss(arms["l2 0.01"]) < _loss(baseline)
    assert _accuracy(arms["l2 0.01"]) > _accuracy(baseline) - 0.005
    assert _accuracy(arms["30 units"], "train") > 0.98
    assert _accuracy(arms["30 units"]) < _accuracy(baseline)
    assert max(arms, key=lambda name: _accuracy(arms[name])) == "1000 samples"


def test_feature_scaling_lets_every_feature_be_heard(train_arms: TrainArms) -> None:
    arms = train_arms("feature-scaling")
    assert _accuracy(arms["one by one"]) > 0.9
    assert 0.5 < _accuracy(arms["together"]) < 0.85
    assert _accuracy(arms["unscaled"]) < 0.5


def test_a_network_is_not_worth_it_on_a_small_noisy_table(train_arms: TrainArms) -> None:
    arms = train_arms("linear-or-network")

    def explained(name: str, part: str = "validation") -> float:
        assert arms[name].last
        return float(getattr(arms[name].last, part)["r2"])

    assert explained("linear") > 0.4
    assert explained("network", "train") > 0.9
    assert explained("network") < 0.25
    best = arms["stopped early"].best
    assert best
    assert best.validation["r2"] > 0.4


@pytest.mark.parametrize("repeat", range(3))
def test_an_lstm_keeps_what_a_vanilla_network_forgets(train_arms: TrainArms, repeat: int) -> None:
    arms = train_arms("rnn-memory", repeat=repeat)
    assert _accuracy(arms["vanilla"]) < 0.4
    assert _accuracy(arms["lstm"]) > 0.95
