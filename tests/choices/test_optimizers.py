"""Optimizers: their rules, and a learning rate that changes while they run."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import Parameter

from tui_trainer.choices.optimizers import Adagrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Sgd
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.parse import parse
from tui_trainer.modules.live import LiveValue

OPTIMIZERS = [
    *(Optimizer.pick(kind) for kind in Optimizer.kinds()),
    *(Momentum(momentum=0.0), Momentum(dampening=0.5), Nesterov(momentum=0.0), Adagrad(lr_decay=0.01)),
    *(RmsProp(momentum=0.9, centered=True), Adam(amsgrad=True), AdamW(weight_decay=0.0)),
]
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
    assert [float(weights[0, 1]) for weights in path(Nesterov(), [lr] * 2)] == pytest.approx(nesterov)

    size = 0.01 * first**2
    start = 1 - lr * first / size**0.5
    rmsprop = [start, start - lr * second / (0.99 * size + 0.01 * second**2) ** 0.5]
    assert [float(weights[0, 1]) for weights in path(RmsProp(), [lr] * 2)] == pytest.approx(rmsprop, rel=1e-5)

    start = 1 + lr  # corrected for its start from zero, the first step is as large as the rate
    direction = (0.9 * 0.1 * first + 0.1 * second) / (1 - 0.9**2)
    size = (0.999 * 0.001 * first**2 + 0.001 * second**2) / (1 - 0.999**2)
    adam = [start, start - lr * direction / size**0.5]
    assert [float(weights[0, 1]) for weights in path(Adam(), [lr] * 2)] == pytest.approx(adam, rel=1e-5)


def test_the_newer_rules_are_those_of_their_papers() -> None:
    lr, first, second = 0.1, -2.0, 1.0

    dampened = [1 - lr * first, 1 - lr * first - lr * (0.9 * first + 0.5 * second)]
    assert [float(it[0, 1]) for it in path(Momentum(dampening=0.5), [lr] * 2)] == pytest.approx(dampened)

    start = 1 + lr
    adagrad = [start, start - lr * second / (first**2 + second**2) ** 0.5]
    assert [float(it[0, 1]) for it in path(Adagrad(), [lr] * 2)] == pytest.approx(adagrad, rel=1e-5)
    slower = 1 - lr * first / (first**2 + 5.0) ** 0.5
    assert float(path(Adagrad(initial_sum=5.0), [lr])[0][0, 1]) == pytest.approx(slower, rel=1e-5)
    falling = [start, start - lr / 1.5 * second / (first**2 + second**2) ** 0.5]
    assert [float(it[0, 1]) for it in path(Adagrad(lr_decay=0.5), [lr] * 2)] == pytest.approx(falling, rel=1e-5)

    adam, adamw = path(Adam(), [lr]), path(AdamW(weight_decay=0.5), [lr])
    torch.testing.assert_close(adamw[0], adam[0] - lr * 0.5)  # of a weight of 1

    spread = (0.01 * first**2 - (0.01 * first) ** 2) ** 0.5
    centered = path(RmsProp(centered=True), [lr])
    assert float(centered[0][0, 1]) == pytest.approx(1 - lr * first / spread, rel=1e-5)


@pytest.mark.parametrize("decay_biases", [False, True])
def test_adamw_decays_no_biases_unless_it_is_told_to(decay_biases: bool) -> None:
    weight, bias = Parameter(torch.ones(2, 2)), Parameter(torch.ones(2))
    rule = AdamW(weight_decay=0.5, decay_biases=decay_biases).build([weight, bias], torch.tensor(0.1))
    for parameter in (weight, bias):
        parameter.grad = torch.zeros_like(parameter)
    rule.step()
    assert weight.eq(0.95).all()
    assert bias.eq(0.95 if decay_biases else 1.0).all()


def test_amsgrad_never_divides_by_less_than_before() -> None:
    plain, largest = path(Adam(beta2=0.1), [0.1] * 2), path(Adam(beta2=0.1, amsgrad=True), [0.1] * 2)
    assert torch.equal(plain[0], largest[0])
    assert (largest[1] - largest[0])[0, 0].abs() <= (plain[1] - plain[0])[0, 0].abs()


@pytest.mark.parametrize("switch", [True, False])
def test_a_file_of_before_may_ask_momentum_to_be_nesterovs(switch: bool) -> None:
    experiment = parse({"optimizer": {"kind": "momentum", "lr": 0.03, "momentum": 0.8, "nesterov": switch}})
    assert experiment.optimizer == (Nesterov if switch else Momentum)(lr=0.03, momentum=0.8)
    assert set_values(parse({"optimizer": "momentum"}), {"optimizer.nesterov": True}).optimizer == Nesterov()


def test_every_optimizer_has_a_default_rate_of_its_own() -> None:
    assert {kind: Optimizer.pick(kind).lr for kind in Optimizer.kinds()} == {
        "sgd": 0.1,
        "momentum": 0.01,
        "nesterov": 0.01,
        "adagrad": 0.01,
        "rmsprop": 0.001,
        "adam": 0.001,
        "adamw": 0.001,
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
