"""Initializations: the spread of the weights, and where their numbers come from."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from tui_trainer.choices.activations import Activation, LeakyRelu, Relu, Sigmoid, Tanh
from tui_trainer.choices.initializations import Auto, He, Initialization, Normal, Orthogonal, Uniform, Xavier, Zeros

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
        (He(gain=0.5), Relu(), 0.25 * 2 / INPUTS),
        (Xavier(gain=2.0), Tanh(), 4 * 2 / (INPUTS + OUTPUTS)),
        (Uniform(limit=0.3), Relu(), 0.09 / 3),
        (Orthogonal(), Tanh(), 1 / INPUTS),
        (Orthogonal(gain=3.0), Relu(), 9 * 2 / INPUTS),
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
    assert torch.equal(first, other) is (kind == "zeros")
    assert torch.equal(torch.random.get_rng_state(), before)


def test_he_keeps_the_size_of_signals_through_many_layers_of_relu() -> None:
    generator = torch.Generator().manual_seed(0)
    signal = torch.randn(200, 300, generator=generator)
    for _ in range(20):
        weight = torch.empty(300, 300)
        He().fill(weight, Relu(), generator)
        signal = (signal @ weight.T).relu()

    assert 0.2 < signal.square().mean().item() < 5  # of 1 at the start; half of it, with Xavier, in every layer


@pytest.mark.parametrize("shape", [(20, 30), (30, 20), (8, 3, 3, 3)])
def test_rows_or_columns_of_orthogonal_weights_stand_at_right_angles(shape: tuple[int, ...]) -> None:
    weight = torch.full(shape, torch.nan)
    Orthogonal(gain=2.0).fill(weight, Tanh(), torch.Generator().manual_seed(0))
    rows = weight.flatten(1)
    shorter = rows if len(rows) <= rows.shape[1] else rows.T
    torch.testing.assert_close(shorter @ shorter.T, 4 * torch.eye(len(shorter)), atol=1e-4, rtol=0)


def test_uniform_weights_lie_within_their_limit() -> None:
    weight = filled(Uniform(limit=0.2), Relu())
    assert weight.abs().max() <= 0.2
    assert weight.abs().max() > 0.19


def test_zeros_are_zeros() -> None:
    assert filled(Zeros(), Relu()).eq(0).all()


def test_what_fits_an_activation_keeps_the_size_of_its_signals() -> None:
    assert He().fits(Relu())
    assert not He().fits(Tanh())
    assert not He(gain=3.0).fits(Relu())
    assert Orthogonal().fits(Relu())
    assert not Orthogonal(gain=0.1).fits(Tanh())
    assert not any(it.fits(Relu()) for it in (Zeros(), Uniform(), Normal()))
