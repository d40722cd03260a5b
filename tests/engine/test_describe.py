"""What an experiment adds up to before it is trained."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.engine.laboratory import SMALL, small
from tui_trainer.choices.activations import Activation
from tui_trainer.choices.models import Model
from tui_trainer.choices.optimizers import Optimizer
from tui_trainer.engine.build import build, build_optimizer, optimizer_floats
from tui_trainer.engine.describe import describe
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.modules.signature import Signature
from tui_trainer.runs.description import Description


def problems(mapping: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(ExperimentError) as raised:
        describe(mapping)
    return {problem.path: problem.message for problem in raised.value.problems}


def test_an_experiment_adds_up() -> None:
    described = Description.read(describe({"model": {"hidden": [100] * 6}, "device": "cpu"}))
    assert described.parameters == 58_010
    assert [layer.name for layer in described.layers] == [f"hidden {i}" for i in range(1, 7)] + ["output"]
    assert sum(layer.parameters for layer in described.layers) == 58_010
    assert described.samples == {"train": 1438, "validation": 359, "available": 1438}
    assert (described.shape, described.task, len(described.classes)) == ((1, 8, 8), "classification", 10)
    assert (described.updates_per_epoch, described.planned_steps, described.threads) == (45, 1350, 1)
    assert described.bytes["weights"] == described.bytes["gradients"] == 4 * 58_010
    assert described.bytes["total"] == sum(size for name, size in described.bytes.items() if name != "total")
    assert described.baseline["accuracy"] == pytest.approx(0.1, abs=0.01)
    assert described.device == "cpu"


def test_a_layers_norm_counts_with_it() -> None:
    described = describe({**SMALL, "regularization": {"batch_norm": True}})
    assert [layer["parameters"] for layer in described["layers"]] == [2 * 8 + 8 + 16, 8 * 6 + 6 + 12, 6 * 2 + 2]
    assert described["parameters"] == 40 + 66 + 14


@pytest.mark.parametrize(
    ("kind", "floats"),
    [("sgd", 0), ("momentum", 1), ("nesterov", 1), ("adagrad", 1), ("rmsprop", 1), ("adam", 2), ("adamw", 2)],
)
def test_what_optimizers_keep(kind: str, floats: int) -> None:
    assert optimizer_floats(small(optimizer={"kind": kind})) == floats


def test_all_that_is_wrong_is_said_with_its_path(tmp_path: Path) -> None:
    wrong = problems({"data": {"kind": "mnist", "folder": str(tmp_path / "none")}, "device": "cuda:77"})
    assert "no such folder" in wrong["data.folder"]
    assert "cuda:77" in wrong["device"]
    assert (
        "100 training samples"
        in problems({**SMALL, "data": {"kind": "moons", "samples": 125, "train_samples": 101}})["data.train_samples"]
    )
    assert set(problems({"optimizer": {"lr": -1}, "model": {"hiden": [3]}})) == {"optimizer.lr", "model.hiden"}
    assert "make it smaller" in problems({"model": {"hidden": [65_536] * 200}})["model"]


def test_what_is_tight_is_warned_of() -> None:
    described = describe({**SMALL, "model": {"hidden": [8, 6]}, "training": {"batch_size": 100}})
    assert described["warnings"] == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"schedule": {"kind": "cosine", "warmup": 5000}}, "the warm-up takes 5,000 updates and the run has 10"),
        ({"schedule": {"kind": "cosine", "warmup": 10}}, ""),
        ({"optimizer": "adamw", "regularization": {"weight_decay": 0.1}}, "decay twice"),
        ({"optimizer": {"kind": "adamw", "weight_decay": 0}, "regularization": {"weight_decay": 0.1}}, ""),
        ({"optimizer": "adam", "regularization": {"weight_decay": 0.1}}, ""),
        ({"warm_start": {"freeze": 1}}, "freeze needs a run"),
    ],
)
def test_settings_that_are_hardly_meant_so_are_warned_of(settings: dict[str, Any], told: str) -> None:
    plan = {"training": {"batch_size": 100, "epochs": 10}}
    warnings = describe({**SMALL, "data": {"kind": "moons", "samples": 125}, **plan, **settings})["warnings"]
    assert len(warnings) == bool(told)
    assert told in " ".join(warnings)


@pytest.mark.parametrize("activation", list(Activation.kinds()))
@pytest.mark.parametrize("model", [kind for kind in Model.kinds() if kind != "module"])
def test_everything_that_can_be_picked_can_be_described_and_built(model: str, activation: str) -> None:
    mapping = {
        **SMALL,
        **({"data": "digits"} if model in ("cnn", "rnn", "transformer", "autoencoder") else {}),
        "model": model,
        "activation": activation,
        "regularization": {"batch_norm": True, "dropout": 0.1},
    }
    described = describe(mapping)
    tensors = [tensor for step in described["steps"] for tensor in step["tensors"]]
    assert described["parameters"] == sum(math.prod(tensor["shape"]) for tensor in tensors)
    assert all(step["output"] for step in described["steps"])
    assert {tensor["role"] for tensor in tensors} >= {"weights", "biases"}


CPU = torch.device("cpu")


@pytest.mark.parametrize("kind", list(Optimizer.kinds()))
def test_a_learning_rate_is_one_tensor_for_all(kind: str) -> None:
    experiment = small(optimizer={"kind": kind, "lr": 0.5})
    network = build(experiment, Signature((2,), 2), CPU)
    optimizer = build_optimizer(experiment, network)
    assert all(group["lr"] is network.rate.tensor for group in optimizer.param_groups)


def test_every_live_number_can_be_reached() -> None:
    """Those of what means something for the data, whether it is on or not."""
    network = build(small(), Signature((2,), 2), CPU)
    assert sorted(network.live) == [
        "optimizer.lr",
        "regularization.dropout.rate",
        "regularization.gradient_clipping.norm",
        "regularization.input_noise.std",
        "regularization.l1.strength",
        "regularization.l2.strength",
        "regularization.label_smoothing.share",
        "regularization.weight_decay.strength",
    ]
    images = build(small(), Signature((1, 8, 8), 2), CPU)
    assert {path.rpartition(".")[2] for path in set(images.live) - set(network.live)} == {"shift", "rotate", "flip"}


def test_what_is_off_costs_the_loop_nothing() -> None:
    network = build(small(), Signature((1, 8, 8), 2), CPU)
    hooks = (network.batch_hooks, network.objective_hooks, network.gradient_hooks, network.weight_hooks)
    assert [len(it) for it in hooks] == [0, 0, 0, 0]
    for live in network.live.values():
        live.set(0.5)
    network.choose_hooks()
    hooks = (network.batch_hooks, network.objective_hooks, network.gradient_hooks, network.weight_hooks)
    assert [len(it) for it in hooks] == [2, 1, 3, 1]


@pytest.mark.parametrize(
    ("regularization", "path", "message"),
    [
        (
            {"batch_norm": True, "layer_norm": True},
            "regularization.layer_norm",
            "batch_norm and layer_norm exclude each other (turn one of them off)",
        ),
        (
            {"augmentation": True},
            "regularization.augmentation",
            "augmentation moves images, and the inputs are none (turn it off)",
        ),
    ],
)
def test_regularization_that_cannot_be_is_said(regularization: dict[str, Any], path: str, message: str) -> None:
    assert problems({**SMALL, "regularization": regularization}) == {path: message}


def test_label_smoothing_is_for_classes() -> None:
    mapping = {**SMALL, "data": {"kind": "sine"}, "regularization": {"label_smoothing": 0.1}}
    assert list(problems(mapping)) == ["regularization.label_smoothing"]


def test_parts_of_very_few_samples_are_warned_of(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"

    def warnings(rows: int) -> list[str]:
        table.write_text("a,b\n" + "".join(f"{n}.5,{2 * n}.5\n" for n in range(rows)))
        data = {"kind": "csv", "file": str(table), "target": "b"}
        said: list[str] = describe({**SMALL, "data": data, "training": {"batch_size": 2}})["warnings"]
        return said

    assert warnings(3) == [
        "only 2 samples train: figures of so few are mostly chance",
        "only 1 sample validates: figures of one are chance, and some have no meaning (NaN)",
    ]
    assert warnings(60) == []
