"""Every experiment that comes with the program is complete, and shows what it says it shows."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

import pytest
from sklearn.linear_model import LogisticRegression

from tests.presets.conftest import SELDOM, Train
from tui_trainer.engine.describe import describe
from tui_trainer.engine.prepare import prepare
from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.presets import Preset, find, presets
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.records import Evaluation, RunView

NAMES = [
    "digits-mlp",
    "digits-overfit",
    "digits-l2",
    "digits-dropout",
    "too-many-epochs",
    "lr-too-low",
    "lr-too-high",
    "dying-relu",
    "vanishing-sigmoid",
    "zeros",
    "sigmoid-neuron",
    "xor-perceptron",
    "xor-mlp",
    "linear-stays-linear",
    "spirals-mlp",
    "sine-mlp",
    "bumps-mlp",
    "iris-mlp",
    "parity-by-heart",
    "digits-cnn",
    "mnist-cnn",
    "text-transformer",
    "reverse-transformer",
    "autoencoder",
    "mnist-300-overfit",
    "mnist-300-weight-decay",
    "mnist-300-dropout",
]
CHANCE = 0.15  # ten classes, always guessing one of them, and some luck


def _last(view: RunView) -> Evaluation:
    assert view.state == "finished", view.reason
    assert view.last
    return view.last


def _lowest(view: RunView) -> Evaluation:
    return min(view.evaluations, key=lambda evaluation: evaluation.validation["loss"])


def _best_accuracy(view: RunView) -> float:
    assert view.best
    return view.best.validation["accuracy"]


def _with_data(experiment: Experiment, request: pytest.FixtureRequest) -> Experiment:
    """The experiment with the folder of the MNIST files, if it needs one and there is one."""
    if experiment.data.kind != "mnist":
        return experiment
    return set_values(experiment, {"data.folder": str(request.getfixturevalue("mnist"))})


EXPERIMENTS = [preset for preset in presets() if not preset.is_comparison]


def test_all_presets_are_there() -> None:
    assert [preset.name for preset in EXPERIMENTS] == NAMES


@pytest.mark.parametrize("preset", EXPERIMENTS, ids=lambda preset: preset.name)
def test_a_preset_says_what_it_is_and_what_it_shows(preset: Preset) -> None:
    experiment = preset.experiment()
    assert experiment.name == preset.name
    assert 10 < len(experiment.about) <= 70
    assert 60 < len(experiment.teaches) <= 400
    assert not experiment.about.endswith(".")
    assert experiment.teaches.endswith(".")


@pytest.mark.parametrize("preset", EXPERIMENTS, ids=lambda preset: preset.name)
def test_a_preset_lasts_about_20_seconds_in_the_dashboard(preset: Preset, request: pytest.FixtureRequest) -> None:
    experiment = _with_data(preset.experiment(), request)
    description = describe(to_mapping(experiment))
    assert not description["warnings"] or description["device"] == "cpu"
    pace = experiment.training.pace
    assert pace != "full"
    assert 15 <= description["planned_steps"] / pace <= 25


def test_digits_mlp_learns_to_read(train: Train) -> None:
    view = train("digits-mlp")
    last = _last(view)
    assert _best_accuracy(view) >= 0.96
    assert last.validation["accuracy"] >= 0.95
    assert last.validation["loss"] < 1.3 * _lowest(view).validation["loss"] + 0.02


def test_iris_mlp_tells_the_species_apart_but_for_a_few(train: Train) -> None:
    last = _last(train("iris-mlp"))
    assert last.train["accuracy"] >= 0.97
    assert last.validation["accuracy"] >= 0.9


def test_bumps_mlp_finds_the_hills(train: Train) -> None:
    last = _last(train("bumps-mlp"))
    assert last.validation["r2"] > 0.75
    assert last.train["mae"] > 0.08


def test_parity_by_heart_is_no_better_than_a_coin_on_new_sequences(train: Train) -> None:
    last = _last(train("parity-by-heart"))
    assert last.train["accuracy"] == 1
    assert 0.35 < last.validation["accuracy"] < 0.65


def test_digits_overfit_overfits(train: Train) -> None:
    view = train("digits-overfit")
    last, lowest = _last(view), _lowest(view)
    assert last.train["accuracy"] == 1
    assert last.train["loss"] < 0.01 * lowest.train["loss"]
    assert lowest.epoch < 30
    assert last.validation["loss"] > 1.2 * lowest.validation["loss"]


def test_digits_l2_ends_with_a_lower_validation_loss(train: Train) -> None:
    overfit, decayed = train("digits-overfit"), train("digits-l2")
    assert _last(decayed).validation["loss"] < 0.8 * _last(overfit).validation["loss"]
    assert _lowest(decayed).validation["loss"] < _lowest(overfit).validation["loss"]
    assert _last(decayed).train["loss"] > 10 * _last(overfit).train["loss"]


def test_digits_dropout_generalizes_better_at_its_best(train: Train) -> None:
    overfit, dropped = train("digits-overfit"), train("digits-dropout")
    assert _lowest(dropped).validation["loss"] < 0.9 * _lowest(overfit).validation["loss"]
    assert _best_accuracy(dropped) > _best_accuracy(overfit)
    assert _lowest(dropped).epoch > _lowest(overfit).epoch


@pytest.mark.parametrize("name", ["digits-l2", "digits-dropout"])
def test_the_cures_differ_from_digits_overfit_in_one_thing(name: str) -> None:
    cured = to_mapping(find(name).experiment())
    overfit = to_mapping(find("digits-overfit").experiment())
    words = {"name", "about", "teaches"}
    assert {key for key in cured if cured[key] != overfit.get(key)} - words == {"regularization"}


def test_mnist_300_overfit_overfits(train: Train, mnist: Path) -> None:
    last = _last(train("mnist-300-overfit", data__folder=str(mnist), **SELDOM))
    assert last.train["accuracy"] > 0.99
    assert 0.7 < last.validation["accuracy"] < 0.87


def test_mnist_300_weight_decay_closes_the_gap_by_hurting_both(train: Train, mnist: Path) -> None:
    overfit = _last(train("mnist-300-overfit", data__folder=str(mnist), **SELDOM))
    decayed = _last(train("mnist-300-weight-decay", data__folder=str(mnist), **SELDOM))
    assert decayed.train["accuracy"] < overfit.train["accuracy"] - 0.03
    assert decayed.validation["accuracy"] < overfit.validation["accuracy"]
    assert _gap(decayed) < _gap(overfit)


def test_a_weaker_decay_is_the_cure(train: Train, mnist: Path) -> None:
    overfit = _last(train("mnist-300-overfit", data__folder=str(mnist), **SELDOM))
    cured = _last(train("mnist-300-weight-decay", data__folder=str(mnist), **SELDOM, regularization__l2=0.01))
    assert cured.validation["loss"] < overfit.validation["loss"]
    assert cured.validation["accuracy"] > overfit.validation["accuracy"] - 0.01


def test_mnist_300_dropout_learns_slower_and_no_better(train: Train, mnist: Path) -> None:
    overfit = _last(train("mnist-300-overfit", data__folder=str(mnist), **SELDOM))
    dropped = _last(train("mnist-300-dropout", data__folder=str(mnist), **SELDOM))
    assert 0.9 < dropped.train["accuracy"] < 0.99
    assert dropped.validation["accuracy"] < overfit.validation["accuracy"]


def _gap(evaluation: Evaluation) -> float:
    return evaluation.train["accuracy"] - evaluation.validation["accuracy"]


def test_a_sigmoid_neuron_is_logistic_regression(train: Train) -> None:
    data = prepare(find("sigmoid-neuron").experiment())
    x, y, known, asked = data.samples.x, data.samples.y, data.split.train, data.split.validation
    regression = LogisticRegression(C=1e6).fit(x[known], y[known])
    last = _last(train("sigmoid-neuron"))
    assert last.train["accuracy"] == pytest.approx(regression.score(x[known], y[known]), abs=0.01)
    assert last.validation["accuracy"] == pytest.approx(regression.score(x[asked], y[asked]), abs=0.02)


@pytest.mark.parametrize("name", ["xor-perceptron", "linear-stays-linear"])
def test_what_draws_one_line_stays_near_one_half(train: Train, name: str) -> None:
    view = train(name)
    late = [evaluation.validation for evaluation in view.evaluations[len(view.evaluations) // 2 :]]
    assert mean(figures["accuracy"] for figures in late) == pytest.approx(0.5, abs=0.15)
    assert min(figures["loss"] for figures in late) > 0.67
    assert _best_accuracy(view) < 0.75


def test_xor_mlp_solves_it(train: Train) -> None:
    assert _last(train("xor-mlp")).validation["accuracy"] > 0.95
    assert _best_accuracy(train("xor-mlp", activation="identity")) < 0.75


def test_a_tanh_solves_the_circles(train: Train) -> None:
    view = train("linear-stays-linear", activation="tanh")
    assert _last(view).validation["accuracy"] > 0.95
    assert view.parameters == 898


def test_spirals_mlp_untangles_them_after_a_plateau(train: Train) -> None:
    view = train("spirals-mlp")
    assert _last(view).validation["accuracy"] > 0.97
    assert all(evaluation.validation["accuracy"] < 0.75 for evaluation in view.evaluations[:4])
    assert _best_accuracy(train("spirals-mlp", model__hidden=[8])) < 0.93


def test_sine_mlp_draws_the_wave_bend_by_bend_and_no_nearer_than_the_noise(train: Train) -> None:
    view = train("sine-mlp")
    errors = [evaluation.validation["mae"] for evaluation in view.evaluations]
    assert view.baseline["mae"] > 0.6
    assert errors[0] > 0.5
    assert min(errors[:15]) > 0.3, "half the bends are there, at most"
    assert errors[-1] < 0.25
    assert _last(view).train["mae"] > 0.13
    assert _last(train("sine-mlp", model="linear")).validation["mae"] > 0.4


def test_vanishing_sigmoid_learns_nothing_for_want_of_gradient(train: Train) -> None:
    view = train("vanishing-sigmoid")
    assert _best_accuracy(view) < CHANCE
    for at in view.layers[1:]:
        assert at.layers[0].gradient_norm < 1e-4 * at.layers[-1].gradient_norm
    assert _last(train("vanishing-sigmoid", activation="relu")).validation["accuracy"] > 0.9


def test_zeros_learns_nothing_for_want_of_differences(train: Train) -> None:
    view = train("zeros")
    assert _best_accuracy(view) < CHANCE
    assert _last(view).validation["loss"] == pytest.approx(2.303, abs=0.01)
    for at in view.layers:
        assert [layer.gradient_norm for layer in at.layers] == [0, 0, 0]
        assert [layer.weight_norm for layer in at.layers] == [0, 0, 0]
    assert _last(train("zeros", initialization="auto")).validation["accuracy"] > 0.95


def test_dying_relu_kills_its_units(train: Train) -> None:
    view = train("dying-relu")
    assert _last(view).validation["accuracy"] < CHANCE
    dead = [layer.dead_share for layer in view.layers[-1].layers if layer.dead_share is not None]
    assert len(dead) == 2
    assert min(dead) > 0.5
    assert max(dead) > 0.9
    assert _last(train("dying-relu", optimizer__lr=0.3)).validation["accuracy"] > 0.95


def test_leaky_units_do_not_die(train: Train) -> None:
    view = train("dying-relu", activation="leaky_relu")
    assert max(layer.dead_share or 0 for layer in view.layers[-1].layers) == 0


def test_lr_too_high_leaps_away(train: Train) -> None:
    view = train("lr-too-high")
    assert _last(view).validation["accuracy"] < CHANCE
    assert _last(view).train["loss"] > 5 * view.evaluations[0].train["loss"]
    assert _last(train("lr-too-high", optimizer__lr=0.3)).validation["accuracy"] > 0.95


def test_lr_too_low_is_still_falling(train: Train) -> None:
    view = train("lr-too-low")
    first, middle, last = (view.evaluations[i].validation for i in (0, len(view.evaluations) // 2, -1))
    assert first["loss"] > middle["loss"] > last["loss"] > 1.5
    assert last["accuracy"] < 0.6
    cured = set_values(find("lr-too-low").experiment(), {"optimizer.lr": 0.1})
    words = {"name", "about", "teaches"}
    healthy = to_mapping(find("digits-mlp").experiment())
    assert {k: v for k, v in to_mapping(cured).items() if k not in words} == {
        k: v for k, v in healthy.items() if k not in words
    }


def test_too_many_epochs_ends_far_from_its_best(train: Train) -> None:
    view = train("too-many-epochs")
    lowest = _lowest(view)
    assert lowest.epoch < 100
    assert _last(view).validation["loss"] > 1.7 * lowest.validation["loss"]
    stopped = train("too-many-epochs", regularization__early_stopping=20)
    assert stopped.epoch < 150
    assert stopped.reason.startswith("early stopping")


def test_a_transformer_learns_to_write_letters_backwards(train: Train) -> None:
    assert _last(train("reverse-transformer", **SELDOM)).validation["accuracy"] > 0.99


def test_a_transformer_learns_words_from_letters(train: Train) -> None:
    view = train("text-transformer", **SELDOM)
    assert _last(view).validation["perplexity"] < 2.5
    assert view.evaluations[0].validation["perplexity"] > 20


def test_an_autoencoder_gives_back_more_than_the_mean_digit(train: Train) -> None:
    view = train("autoencoder")
    assert _last(view).validation["mse"] < 0.8 * view.evaluations[1].validation["mse"]
