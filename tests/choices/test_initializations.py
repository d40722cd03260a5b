"""Initializations: the spread of the weights, and where their numbers come from."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from tui_trainer.choices.activations import Activation, LeakyRelu, Relu, Sigmoid, Tanh
from tui_trainer.choices.initializations import Auto, He, Initialization, Normal, Xavier

INPUTS, OUTPUTS = 400, 100


def filled(initialization: Initialization, activation: Activation, seed: int = 0) -> Tensor:
    weight = torch.full((OUTPUTS, INPUTS), torch.nan)
    initialization.fill(weight, activation, torch.Generator().manual_seed(seed))
    return weight


@pytest.mark.parametrize(
    ("initialization", "activation", "variance"),
    [
        (He(), Relu(), 2 / INPUTS),
        (He(), Tanh(), 2 / INPUTS),
        (He(), LeakyRelu(slope=0.5), 2 / (1 + 0.25) / INPUTS),
        (Xavier(), Relu(), 2 / (INPUTS + OUTPUTS)),
        (Normal(std=0.3), Relu(), 0.09),
        (Auto(), Relu(), 2 / INPUTS),
        (Auto(), LeakyRelu(slope=0.5), 2 / (1 + 0.25) / INPUTS),
        (Auto(), Sigmoid(), 2 / (INPUTS + OUTPUTS)),
    ],
    ids=str,
)
def test_the_weights_have_the_variance_that_it_promises(
    initialization: Initialization, activation: Activation, variance: float
) -> None:
    weight = filled(initialization, activation)

    assert weight.var().item() == pytest.approx(variance, rel=0.03)
    assert abs(weight.mean().item()) < 4 * math.sqrt(variance / weight.numel())


@pytest.mark.parametrize("kind", Activation.kinds())
def test_auto_fits_every_activation(kind: str) -> None:
    assert filled(Auto(), Activation.pick(kind)).isfinite().all()


@pytest.mark.parametrize("kind", Initialization.kinds())
def test_weights_depend_on_the_generator_only(kind: str) -> None:
    initialization = Initialization.pick(kind)
    before = torch.random.get_rng_state()

    first, same, other = (filled(initialization, Relu(), seed) for seed in (1, 1, 2))

    assert torch.equal(first, same)
    assert not torch.equal(first, other)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_he_keeps_the_size_of_signals_through_many_layers_of_relu() -> None:
    generator = torch.Generator().manual_seed(0)
    signal = torch.randn(200, 300, generator=generator)
    for _ in range(20):
        weight = torch.empty(300, 300)
        He().fill(weight, Relu(), generator)
        signal = (signal @ weight.T).relu()

    assert 0.2 < signal.square().mean().item() < 5  # of 1 at the start; half of it, with Xavier, in every layer
