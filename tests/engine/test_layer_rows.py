"""The figures of layers that have several matrices of weights."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tests.engine.laboratory import small, train
from tui_trainer.engine.build import Network, build, build_optimizer
from tui_trainer.engine.build import matrices as build_matrices
from tui_trainer.engine.layers import UpdateWatch, layer_figures
from tui_trainer.engine.prepare import Part
from tui_trainer.modules.signature import Signature
from tui_trainer.runs.view import read

CPU = torch.device("cpu")
PART = Part(torch.randn(12, 7, 3, generator=torch.Generator().manual_seed(0)), torch.arange(12) % 4)


def stack(**model: Any) -> tuple[Network, torch.optim.Optimizer]:
    """Two recurrent layers that read in both directions, and their optimizer."""
    layers = {"kind": "rnn", "cell": "lstm", "hidden": 5, "layers": 2, "bidirectional": True}
    experiment = small(model=layers | model, optimizer={"kind": "sgd", "lr": 0.1})
    network = build(experiment, Signature((7, 3), 4), CPU)
    return network, build_optimizer(experiment, network)


def matrices(module: nn.Module) -> list[Tensor]:
    return [parameter for parameter in module.parameters() if parameter.ndim == 2]


def length(tensors: list[Tensor]) -> float:
    return float(torch.cat([tensor.detach().flatten() for tensor in tensors]).norm())


@pytest.mark.parametrize("norm", [nn.LayerNorm((3, 4)), nn.RMSNorm((3, 4)), nn.BatchNorm2d(3)], ids=str)
def test_a_norm_is_no_layer_whatever_it_is_over(norm: nn.Module) -> None:
    assert build_matrices(norm) == ()


def test_a_recurrent_layer_is_told_by_all_its_weights() -> None:
    network, optimizer = stack()
    modules = [*network.model.get_submodule("recurrent").children(), network.model.get_submodule("output")]
    assert [len(matrices(module)) for module in modules] == [4, 4, 1]
    watch = UpdateWatch(network)
    nn.functional.cross_entropy(network.model(PART.x), PART.y).backward()
    gradients = [length([weight.grad for weight in matrices(it) if weight.grad is not None]) for it in modules]
    before = [[weight.detach().clone() for weight in matrices(it)] for it in modules]
    watch.before()
    optimizer.step()
    watch.after(0)
    network.model.eval()
    rows = layer_figures(network, watch, PART)
    assert [row["name"] for row in rows] == ["recurrent 1", "recurrent 2", "output"]
    for row, module, gradient, old in zip(rows, modules, gradients, before, strict=True):
        moved = length([now - then for now, then in zip(matrices(module), old, strict=True)])
        assert row["gradient_norm"] == pytest.approx(gradient, rel=1e-4)
        assert row["update_ratio"] == pytest.approx(moved / length(old), rel=1e-4)
        assert row["weight_norm"] == pytest.approx(length(matrices(module)), rel=1e-4)


@pytest.mark.parametrize("part", ["weight_ih_l0", "weight_hh_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse"])
def test_each_part_of_a_recurrent_layer_counts(part: str) -> None:
    network, _ = stack()
    weight = network.model.get_parameter(f"recurrent.0.{part}")
    watch = UpdateWatch(network)
    weight.grad = torch.ones_like(weight)
    watch.before()
    with torch.no_grad():
        weight.zero_()
    watch.after(0)
    network.model.eval()
    first, second, _ = layer_figures(network, watch, PART)
    assert first["gradient_norm"] == pytest.approx(weight.numel() ** 0.5, rel=1e-4)
    assert 0 < first["update_ratio"] < 1
    whole = sum(it.numel() for it in matrices(network.model.get_submodule("recurrent.0")))
    assert first["zero_share"] == pytest.approx(weight.numel() / whole, abs=0.05)
    assert second["gradient_norm"] == second["update_ratio"] == 0


@pytest.mark.parametrize("cell", ["vanilla", "lstm", "gru"])
def test_a_run_tells_a_row_a_layer(cell: str) -> None:
    model = {"kind": "rnn", "cell": cell, "hidden": 4, "layers": 2, "bidirectional": True}
    data = {"kind": "parity", "length": 5, "samples": 60}
    view = read(train(small(data=data, model=model, training={"epochs": 2, "batch_size": 16})))
    assert view.state == "finished", view.why
    assert [layer.name for layer in view.layers[-1].layers] == ["recurrent 1", "recurrent 2", "output"]
    assert all(layer.gradient_norm > 0 and layer.update_ratio > 0 for layer in view.layers[-1].layers)


def test_where_the_input_of_a_recurrent_layer_goes_wrong_is_told() -> None:
    """Its weights from state to state are still finite then."""
    network, _ = stack()
    with torch.no_grad():
        network.model.get_parameter("recurrent.1.weight_ih_l0")[0, 0] = torch.inf
    assert [layer.is_finite for layer in network.layers] == [True, False, True]
