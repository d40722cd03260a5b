"""Each rule speaks up at a real run that is ill, and is silent at all times in one that is not."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.findings.training import Trained, digits, preset
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.schema import Experiment
from tui_trainer.insight.findings.diagnosis import diagnose
from tui_trainer.runs.events import EventReader
from tui_trainer.runs.fold import RunFold
from tui_trainer.runs.lock import LockState

TOO_LARGE = {"kind": "normal", "std": 1.0}
TOO_SMALL = {"kind": "normal", "std": 0.001}

HEALTHY = {
    "digits-mlp": preset("digits-mlp"),
    "digits-mlp, another seed": preset("digits-mlp", seed=1),
    "digits-l2": preset("digits-l2"),
    "spirals-mlp": preset("spirals-mlp"),
    "xor-mlp": preset("xor-mlp"),
    "xor-mlp, another seed": preset("xor-mlp", seed=2),
    "sine-mlp": preset("sine-mlp"),
    "linear digits": digits(model="linear"),
    "linear digits from zeros": digits(model="linear", initialization="zeros"),
    "orthogonal weights, layer norm": digits(initialization="orthogonal", regularization={"layer_norm": True}),
    "a cosine down to 0": digits(schedule="cosine"),
    "digits-cnn": preset("digits-cnn"),
    "leaps at the height of one cycle": digits(
        schedule="one_cycle", optimizer={"kind": "momentum", "lr": 0.1}, training={"batch_size": 16, "epochs": 20}
    ),
    "one cycle with clipped gradients": digits(schedule="one_cycle", regularization={"gradient_clipping": 1.0}),
    "noise, smoothed labels": digits(regularization={"input_noise": 0.1, "label_smoothing": 0.1}, optimizer="adamw"),
    "adam": digits(optimizer="adam"),
    "tanh": digits(activation="tanh"),
    "shallow sigmoid": digits(activation="sigmoid", model={"hidden": [100]}, optimizer={"lr": 0.3}),
    "deep batch norm": digits(model={"hidden": [50] * 8}, regularization={"batch_norm": True}),
    "strong dropout": digits(regularization={"dropout": 0.5}, optimizer="adam"),
    "few evaluations": digits(training={"epochs": 20, "evaluate_every": 5}),
}

ILL: dict[str, tuple[str, Experiment]] = {
    "zeros": ("equal-units", preset("zeros")),
    "zeros of sigmoids": ("equal-units", digits(initialization="zeros", activation="sigmoid", optimizer="adam")),
    "zeros for numbers": ("equal-units", preset("sine-mlp", initialization="zeros")),
    "digits-overfit": ("overfitting", preset("digits-overfit")),
    "too-many-epochs": ("overfitting", preset("too-many-epochs")),
    "too-many-epochs of a sine": (
        "overfitting",
        parse(
            {
                "data": {"kind": "sine", "samples": 60, "noise": 0.5},
                "model": {"hidden": [128, 128]},
                "activation": "tanh",
                "optimizer": {"kind": "adam", "lr": 0.003},
                "training": {"epochs": 200},
            }
        ),
    ),
    "lr-too-high": ("divergence", preset("lr-too-high")),
    "NaN": (
        "divergence",
        digits(model={"hidden": [100] * 6}, optimizer={"kind": "momentum", "lr": 1.0}),
    ),
    "lost again": ("divergence", digits(optimizer={"kind": "momentum", "lr": 0.1, "momentum": 0.98})),
    "oscillating xor": ("oscillation", preset("xor-mlp", seed=2, optimizer__lr=10.0)),
    "lr-too-low": ("too-slow", preset("lr-too-low")),
    "slow xor": ("too-slow", preset("xor-mlp", optimizer__lr=0.01)),
    "dying-relu": ("dead-units", preset("dying-relu")),
    "vanishing-sigmoid": ("vanishing-gradients", preset("vanishing-sigmoid")),
    "xor-perceptron": ("at-chance", preset("xor-perceptron")),
    "linear-stays-linear": ("at-chance", preset("linear-stays-linear")),
    "saturated tanh": ("saturated-units", digits(activation="tanh", optimizer={"kind": "adam", "lr": 0.1})),
    "large weights": ("poor-initialization", digits(initialization=TOO_LARGE, optimizer={"lr": 0.01})),
    "small weights": ("poor-initialization", digits(initialization=TOO_SMALL, model={"hidden": [50] * 4})),
    "unscaled": ("poor-initialization", digits(data={"kind": "digits", "scaling": "none"})),
    "strong decay": ("underfitting", digits(regularization={"l2": 0.3})),
    "strong dropout": ("underfitting", digits(regularization={"dropout": 0.8}, model={"hidden": [20, 20]})),
    "two units": ("underfitting", digits(model={"hidden": [2]})),
    "straight through spirals": ("underfitting", preset("spirals-mlp", model="linear", optimizer__lr=0.1)),
}


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_is_never_called_ill(trained: Trained, name: str) -> None:
    views = list(trained.prefixes(HEALTHY[name]))
    assert views[-1].state == "finished"
    told = [(view.epoch, finding.title) for view in views for finding in diagnose(view)]
    assert told == []


@pytest.mark.parametrize("name", ILL)
def test_an_illness_is_found(trained: Trained, name: str) -> None:
    kind, experiment = ILL[name]
    findings = diagnose(trained.view(experiment))
    assert kind in [finding.kind for finding in findings], [finding.title for finding in findings]
    found = next(finding for finding in findings if finding.kind == kind)
    assert found.why.count(". ") == 1, "why it happens, in two sentences"
    assert any(char.isdigit() for char in found.evidence)


@pytest.mark.parametrize("name", ["dying-relu", "vanishing-sigmoid", "lr-too-high", "xor-perceptron"])
def test_what_follows_from_an_illness_is_not_told_besides(trained: Trained, name: str) -> None:
    kind, experiment = ILL[name]
    told = Counter(finding.kind for view in trained.prefixes(experiment) for finding in diagnose(view))
    assert set(told) == {kind}


def test_a_network_that_died_of_its_first_steps_is_said_to_be_dead_to_the_end(trained: Trained) -> None:
    """Although its loss, which biases alone move, grows and falls again."""
    experiment = preset("digits-mlp", optimizer={"kind": "sgd", "lr": 20.0})
    told = [[finding.title for finding in diagnose(view)] for view in trained.prefixes(experiment)]
    first = next(i for i, titles in enumerate(told) if titles)
    assert {tuple(titles) for titles in told[first:]} == {("all units of hidden 2 are dead",)}
    assert told[-1]


def test_a_live_change_does_not_hide_that_a_network_is_dead(trained: Trained) -> None:
    events = EventReader(trained.folder(preset("digits-mlp", optimizer={"kind": "sgd", "lr": 20.0})).events_file)
    run, evaluations, after = RunFold(), 0, 0
    for event in events.read_new():
        run.apply(event)
        evaluations += event["type"] == "layers"
        if event["type"] == "layers" and evaluations == 3:
            change = {"type": "changed", "path": "optimizer.lr", "old": 20.0, "new": 10.0}
            run.apply({**event, **change})
        if evaluations >= 3:
            after += 1
            assert [it.kind for it in diagnose(run.view(LockState(1, 0.0, event["time"])))] == ["dead-units"]
    assert after > 20


def test_exploding_gradients_are_found_while_they_last(trained: Trained) -> None:
    experiment = digits(
        model={"hidden": [100] * 4}, initialization={"kind": "normal", "std": 0.5}, optimizer={"lr": 1e-4}
    )
    kinds = {finding.kind for view in trained.prefixes(experiment) for finding in diagnose(view)}
    assert "exploding-gradients" in kinds


def test_a_plateau_is_found_while_it_lasts(trained: Trained) -> None:
    experiment = preset("spirals-mlp", optimizer="sgd", optimizer__lr=0.01, training__epochs=60)
    findings = [finding for view in trained.prefixes(experiment) for finding in diagnose(view)]
    assert "plateau" in {finding.kind for finding in findings}
    assert not any(cure.certain for finding in findings if finding.kind == "plateau" for cure in finding.cures)


def test_what_is_learned_by_heart_and_tells_nothing_is_at_chance(trained: Trained) -> None:
    experiment = parse(
        {
            "data": {"kind": "circles", "noise": 5.0, "samples": 100},
            "model": {"hidden": [128] * 4},
            "activation": "gelu",
            "optimizer": {"kind": "adam", "lr": 0.003},
            "training": {"epochs": 60},
        }
    )
    view = trained.view(experiment)
    (finding,) = diagnose(view)
    assert finding.kind == "at-chance"
    assert f"train loss {view.evaluations[-1].train['loss']:.3g}" in finding.evidence
    assert not finding.cures


def test_a_run_that_started_badly_and_learned_gets_a_hint_only(trained: Trained) -> None:
    _, experiment = ILL["large weights"]
    severities = [
        finding.severity
        for view in trained.prefixes(experiment)
        for finding in diagnose(view)
        if finding.kind == "poor-initialization"
    ]
    assert severities[0] == "problem"
    assert severities[-1] == "hint"
