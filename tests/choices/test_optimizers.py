"""Optimizers: their rules, and a learning rate that changes while they run."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import Parameter

from tui_trainer.choices.optimizers import Adam, Momentum, Optimizer, RmsProp, Sgd
from tui_trainer.modules.live import LiveValue

OPTIMIZERS = [*(Optimizer.pick(kind) for kind in Optimizer.kinds()), Momentum(nesterov=True), Momentum(momentum=0.0)]
GRADIENTS = [torch.tensor([[1.0, -2.0], [0.5, 0.0]]), torch.tensor([[0.5, 1.0], [-0.5, 0.1]])] * 2


def path(optimizer: Optimizer, rates: list[float]) -> list[Tensor]:
    """The weights after each update with the learning rate of that update, which changes in place."""
    parameter = Parameter(torch.ones(2, 2))
    rate = LiveValue(rates[0])
    rule = optimizer.build([parameter], rate.tensor)
    weights = []
    for lr, gradient in zip(rates, GRADIENTS, strict=False):
        rate.set(lr)
        parameter.grad = gradient.clone()
        rule.step()
        weights.append(parameter.detach().clone())
    return weights


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
def test_a_changed_learning_rate_counts_from_the_next_update(optimizer: Optimizer) -> None:
    """The size of the last step is proportional to the rate, whatever the rule remembers of those before."""
    constant = path(optimizer, [0.1, 0.1, 0.1])
    changed = path(optimizer, [0.1, 0.1, 0.05])

    assert torch.equal(constant[1], changed[1])
    torch.testing.assert_close((changed[2] - changed[1]) * 2, constant[2] - constant[1])


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
def test_a_rate_that_was_changed_equals_one_that_was_built_in(optimizer: Optimizer) -> None:
    parameters = [Parameter(torch.ones(2, 2)) for _ in range(2)]
    changed = LiveValue(0.5)
    rules = [optimizer.build([parameters[0]], changed.tensor), optimizer.build([parameters[1]], torch.tensor(0.02))]
    changed.set(0.02)
    for gradient in GRADIENTS:
        for parameter, rule in zip(parameters, rules, strict=True):
            parameter.grad = gradient.clone()
            rule.step()

    assert torch.equal(*parameters)


def test_the_rules_are_those_of_their_papers() -> None:
    """Against the formulas, written out for a single weight with two gradients."""
    lr, first, second = 0.1, -2.0, 1.0  # the weight at (0, 1)

    sgd = [1 - lr * first, 1 - lr * first - lr * second]
    assert [float(weights[0, 1]) for weights in path(Sgd(), [lr] * 2)] == pytest.approx(sgd)

    momentum = [1 - lr * first, 1 - lr * first - lr * (0.9 * first + second)]
    assert [float(weights[0, 1]) for weights in path(Momentum(), [lr] * 2)] == pytest.approx(momentum)

    ahead = 1 - lr * (first + 0.9 * first)
    nesterov = [ahead, ahead - lr * (second + 0.9 * (0.9 * first + second))]
    assert [float(weights[0, 1]) for weights in path(Momentum(nesterov=True), [lr] * 2)] == pytest.approx(nesterov)

    size = 0.01 * first**2
    start = 1 - lr * first / size**0.5
    rmsprop = [start, start - lr * second / (0.99 * size + 0.01 * second**2) ** 0.5]
    assert [float(weights[0, 1]) for weights in path(RmsProp(), [lr] * 2)] == pytest.approx(rmsprop, rel=1e-5)

    start = 1 + lr  # corrected for its start from zero, the first step is as large as the rate
    direction = (0.9 * 0.1 * first + 0.1 * second) / (1 - 0.9**2)
    size = (0.999 * 0.001 * first**2 + 0.001 * second**2) / (1 - 0.999**2)
    adam = [start, start - lr * direction / size**0.5]
    assert [float(weights[0, 1]) for weights in path(Adam(), [lr] * 2)] == pytest.approx(adam, rel=1e-5)


def test_every_optimizer_has_a_default_rate_of_its_own() -> None:
    assert {kind: Optimizer.pick(kind).lr for kind in Optimizer.kinds()} == {
        "sgd": 0.1,
        "momentum": 0.01,
        "rmsprop": 0.001,
        "adam": 0.001,
    }


@pytest.mark.gpu
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
@pytest.mark.filterwarnings("ignore:This instance was constructed with capturable=True")
def test_a_step_on_the_gpu_does_not_wait_for_it(optimizer: Optimizer) -> None:
    parameter = Parameter(torch.ones(100, 100, device="cuda"))
    rate = LiveValue(0.1, "cuda")
    rule = optimizer.build([parameter], rate.tensor)
    parameter.grad = torch.ones_like(parameter)
    rule.step()
    torch.cuda.set_sync_debug_mode("error")
    try:
        rate.set(0.05)
        rule.step()
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert parameter.isfinite().all()
