"""What is told of a convolutional network: its layers, their figures, and the memory that it takes."""

from __future__ import annotations

import math

import pytest
import torch

from tests.engine.laboratory import small, train
from tui_trainer.engine.build import build
from tui_trainer.engine.describe import describe
from tui_trainer.experiment.dump import to_mapping
from tui_trainer.modules.signature import Signature
from tui_trainer.runs.view import read

BLOCKS = [4, {"filters": 6, "kernel": 3, "padding": "valid", "pooling": "average"}]
EXPERIMENT = small(
    data={"kind": "digits", "train_samples": 100},
    model={"kind": "cnn", "blocks": BLOCKS, "hidden": [5]},
    optimizer={"kind": "sgd", "lr": 0.1},
    training={"batch_size": 20, "epochs": 2},
)


def test_layers_are_told_with_shapes_parameters_and_memory() -> None:
    description = describe(to_mapping(EXPERIMENT))

    told = [(layer["output"], layer["parameters"]) for layer in description["layers"]]
    assert told == [([4, 8, 8], 9 * 4 + 4), ([6, 2, 2], 9 * 4 * 6 + 6), ([5], 6 * 5 + 5), ([10], 60)]
    # Activations and pooled ones; of a largest value also its place, in 8 bytes, and of the scores their logarithms.
    floats = 4 * 8 * 8 + 4 * 4 * 4 * (1 + 2) + 6 * 2 * 2 + 6 + 5 + 10
    assert description["bytes"]["activations"] == 4 * 20 * (64 + floats)


def test_a_filter_works_once_for_each_place() -> None:
    network = build(EXPERIMENT, Signature((1, 8, 8), 10), torch.device("meta"))
    assert network.work == 9 * 4 * 64 + 9 * 4 * 6 * 4 + 6 * 5 + 5 * 10


def test_initial_filters_have_the_spread_of_their_own_inputs() -> None:
    wide = small(model={"kind": "cnn", "blocks": [256, 256]}, initialization="he")
    network = build(wide, Signature((3, 8, 8), 10), torch.device("cpu"))
    for name, inputs in (("blocks.0.linear", 27), ("blocks.1.linear", 256 * 9)):
        assert math.isclose(
            network.model.get_parameter(f"{name}.weight").std().item(), (2 / inputs) ** 0.5, rel_tol=0.1
        )
        assert not network.model.get_parameter(f"{name}.bias").any()


def test_a_channel_is_a_unit_of_the_layer_figures() -> None:
    view = read(train(EXPERIMENT))
    assert view.state == "finished", view.why
    layers = view.layers[-1].layers
    assert [layer.name for layer in layers] == ["blocks 1", "blocks 2", "hidden 1", "output"]
    for layer in layers:
        assert layer.gradient_norm is not None
        assert layer.update_ratio is not None
        assert layer.update_ratio > 0
    # One of four, or of six, channels is the least that can be dead.
    for layer, units in zip(layers, (4, 6, 5), strict=False):
        assert layer.dead_share is not None
        assert layer.dead_share * units == pytest.approx(round(layer.dead_share * units), abs=1e-5)
    assert layers[-1].dead_share is None
