"""Activations: the curve that the picker draws is the one that torch computes."""

from __future__ import annotations

import math

import pytest
import torch

from tui_trainer.choices.activations import Activation, LeakyRelu

ACTIVATIONS = [*(Activation.pick(kind) for kind in Activation.kinds()), LeakyRelu(slope=0.2), LeakyRelu(slope=1.0)]
GRID = [x / 8 for x in range(-160, 161)]  # holds 0, where several have a corner


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
def test_value_and_derivative_agree_with_torch(activation: Activation) -> None:
    x = torch.tensor(GRID, dtype=torch.float64, requires_grad=True)
    y = activation.build()(x)
    y.sum().backward()

    assert [activation.value(point) for point in GRID] == pytest.approx(y.tolist(), rel=1e-9, abs=1e-8)
    assert x.grad is not None
    assert [activation.derivative(point) for point in GRID] == pytest.approx(x.grad.tolist(), rel=1e-9, abs=1e-8)


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
@pytest.mark.parametrize("x", [-1e4, 1e4])
def test_far_out_they_stay_finite(activation: Activation, x: float) -> None:
    assert math.isfinite(activation.value(x))
    assert math.isfinite(activation.derivative(x))


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
def test_what_it_says_of_its_slope_is_so(activation: Activation) -> None:
    slopes = [activation.derivative(point) for point in GRID]
    assert max(slopes) == pytest.approx(activation.steepest, rel=0.15)
    flat_left, flat_right = abs(slopes[0]) < 1e-3, abs(slopes[-1]) < 1e-3
    assert activation.saturates == (flat_left and flat_right and max(slopes) > 0)
    assert activation.is_linear == (min(slopes) == max(slopes) != 0)
    assert not activation.can_die or (slopes[0] == 0 and slopes[-1] == 1)
