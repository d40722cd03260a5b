"""Regularizers: each hook on plain values, and changes of their live fields."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn
from torch.nn import Parameter

from tests.choices.learning import Learner, build, live
from tui_trainer.choices.models import Mlp
from tui_trainer.choices.regularizers import L1, L2, BatchNorm, Dropout, EarlyStopping, Regularizer
from tui_trainer.modules.batch_norm import BatchNorm as BatchNormModule
from tui_trainer.modules.dropout import Dropout as DropoutModule
from tui_trainer.modules.live import LiveValue


def linear_with_gradients() -> nn.Linear:
    layer = nn.Linear(2, 1)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[2.0, -3.0]]))
        layer.bias.fill_(5.0)
    layer.weight.grad = torch.tensor([[1.0, 1.0]])
    layer.bias.grad = torch.tensor([1.0])
    return layer


@pytest.mark.parametrize(
    ("regularizer", "gradient", "penalty"),
    [(L1(strength=0.5), [1.5, 0.5], 0.5 * 5), (L2(strength=0.5), [2.0, -0.5], 0.5 / 2 * 13)],
    ids=["l1", "l2"],
)
def test_weight_penalties_act_on_weights_and_leave_biases_alone(
    regularizer: Regularizer, gradient: list[float], penalty: float
) -> None:
    layer, values = linear_with_gradients(), live(regularizer)

    regularizer.gradients(list(layer.parameters()), values)

    assert layer.weight.grad is not None
    assert layer.bias.grad is not None
    assert layer.weight.grad.flatten().tolist() == pytest.approx(gradient)
    assert layer.bias.grad.tolist() == [1.0]
    assert layer.weight.flatten().tolist() == [2.0, -3.0]
    reported = regularizer.penalty(layer, values)
    assert reported is not None
    assert reported.item() == pytest.approx(penalty)


@pytest.mark.parametrize("regularizer", [L1(strength=0.5), L2(strength=0.5)], ids=["l1", "l2"])
def test_the_added_gradient_is_that_of_the_reported_penalty(regularizer: Regularizer) -> None:
    module, values = build(Mlp(hidden=(3,))), live(regularizer)
    for parameter in module.parameters():
        parameter.grad = torch.zeros_like(parameter)
    regularizer.gradients(list(module.parameters()), values)

    weight = module.get_parameter("output.weight")
    before = regularizer.penalty(module, values)
    with torch.no_grad():
        weight[0, 0] += 1e-2
    after = regularizer.penalty(module, values)

    assert before is not None
    assert after is not None
    assert weight.grad is not None
    assert (after - before).item() / 1e-2 == pytest.approx(weight.grad[0, 0].item(), abs=6e-3)


@pytest.mark.parametrize("kind", ["l1", "l2"])
def test_a_weight_penalty_can_be_turned_up_from_nothing(kind: str) -> None:
    off = Regularizer.kinds()[kind].off()
    assert off is not None
    layer, values = linear_with_gradients(), live(off)
    assert layer.weight.grad is not None

    off.gradients(list(layer.parameters()), values)
    assert layer.weight.grad.tolist() == [[1.0, 1.0]]
    assert off.penalty(layer, values) is None

    values["strength"].set(0.5)
    off.gradients(list(layer.parameters()), values)
    assert layer.weight.grad.tolist() != [[1.0, 1.0]]
    assert off.penalty(layer, values) is not None


def test_a_weight_without_a_gradient_is_passed_over() -> None:
    frozen, layer = Parameter(torch.ones(2, 2), requires_grad=False), linear_with_gradients()
    L2(strength=0.5).gradients([frozen, *layer.parameters()], live(L2(strength=0.5)))
    assert frozen.grad is None
    assert layer.weight.grad is not None
    assert layer.weight.grad.tolist() == [[2.0, -0.5]]


def test_l1_makes_zeros_and_l2_makes_small_weights() -> None:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(200, 20, generator=generator)
    samples = (x, (x[:, 0] > 0).long())  # 19 of the 20 inputs say nothing

    def sizes(*regularizers: Regularizer) -> torch.Tensor:
        learner = Learner(regularizers=regularizers, samples=samples)
        learner.train(400)
        return learner.module.get_parameter("hidden.0.linear.weight").detach().abs()

    plain, l1, l2 = sizes(), sizes(L1(strength=0.01)), sizes(L2(strength=0.01))

    def near_zero(weights: torch.Tensor) -> float:
        return (weights < 0.02).float().mean().item()

    assert near_zero(l1) > 0.8
    assert near_zero(plain) < 0.2
    assert near_zero(l2) < near_zero(l1)
    assert l2.square().sum() < plain.square().sum() / 2
    assert l2.max() < plain.max()


class TestDropout:
    def test_it_zeroes_the_share_and_scales_the_rest(self) -> None:
        torch.manual_seed(0)
        y = DropoutModule(LiveValue(0.2))(torch.ones(100_000))

        assert set(y.unique().tolist()) == {0.0, 1.25}
        assert (y == 0).float().mean().item() == pytest.approx(0.2, abs=0.01)

    def test_the_gradient_passes_through_the_same_units(self) -> None:
        x = torch.ones(1000, requires_grad=True)
        y = DropoutModule(LiveValue(0.5))(x)
        y.sum().backward()

        assert x.grad is not None
        assert torch.equal(x.grad, y)

    @pytest.mark.parametrize(("rate", "training"), [(0.0, True), (0.5, False)])
    def test_it_costs_and_draws_nothing_at_rate_zero_and_in_evaluation(self, rate: float, training: bool) -> None:
        module = DropoutModule(LiveValue(rate)).train(training)
        state = torch.random.get_rng_state()
        x = torch.ones(10)

        assert module(x) is x
        assert torch.equal(torch.random.get_rng_state(), state)

    def test_a_change_of_the_rate_reaches_every_layer(self) -> None:
        values = live(Dropout(rate=0.0))
        module = build(Mlp(hidden=(1000, 1000)), regularizers=[(Dropout(rate=0.0), values)]).train()
        layers = [layer for layer in module.modules() if isinstance(layer, DropoutModule)]
        assert len(layers) == 2

        values["rate"].set(0.5)

        for layer in layers:
            assert (layer(torch.ones(1000)) == 0).float().mean().item() == pytest.approx(0.5, abs=0.1)

    def test_it_leaves_the_state_of_a_model_as_it_was(self) -> None:
        plain = build(Mlp())
        dropped = build(Mlp(), regularizers=[(Dropout(), live(Dropout()))])
        assert plain.state_dict().keys() == dropped.state_dict().keys()


class TestBatchNorm:
    def test_a_batch_is_normalized_and_the_running_statistics_follow(self) -> None:
        module = BatchNormModule(2, momentum=1.0)
        x = torch.tensor([[0.0, 10.0], [2.0, 30.0]])

        y = module(x)

        torch.testing.assert_close(y, torch.tensor([[-1.0, -1.0], [1.0, 1.0]]), atol=1e-4, rtol=0)
        assert module.running_mean is not None
        assert module.running_mean.tolist() == pytest.approx([1.0, 20.0])

    def test_a_batch_of_one_uses_the_running_statistics_and_keeps_them(self) -> None:
        module = BatchNormModule(2, momentum=1.0)
        module(torch.tensor([[0.0, 10.0], [2.0, 30.0]]))
        before = {name: value.clone() for name, value in module.state_dict().items()}

        one = module(torch.tensor([[1.0, 20.0]]))

        assert one.abs().max().item() < 1e-5
        assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())
        one.sum().backward()  # and it can be trained on
        assert module.bias.grad is not None

    def test_it_takes_images(self) -> None:
        module = BatchNormModule(3)
        assert module(torch.randn(1, 3, 4, 4)).mean().item() == pytest.approx(0, abs=1e-5)

    def test_a_model_with_it_trains_and_evaluates(self) -> None:
        learner = Learner(regularizers=[BatchNorm()])
        learner.train(200)
        assert learner.figures()["accuracy"] == 1


class TestEarlyStopping:
    EPOCHS = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]

    def stop(self, losses: list[float], **fields: float) -> str | None:
        regularizer = Regularizer.pick("early_stopping", **fields)
        return regularizer.stop(losses, self.EPOCHS[: len(losses)])

    def test_it_waits_for_its_patience_and_says_why(self) -> None:
        losses = [3.0, 1.0, 2.0, 2.0, 2.0]

        assert self.stop(losses[:4], patience=3) is None
        assert (
            self.stop(losses, patience=3)
            == "early stopping: validation loss not below 1 (reached at epoch 2) for 3 epochs"
        )

    def test_an_improvement_starts_the_wait_again(self) -> None:
        assert self.stop([3.0, 2.0, 2.5, 1.0, 2.0, 2.0], patience=3) is None

    def test_an_improvement_below_the_delta_does_not_count(self) -> None:
        losses = [1.0, 0.99, 0.98, 0.97]
        assert self.stop(losses, patience=3) is None
        assert self.stop(losses, patience=3, min_delta=0.1) is not None

    def test_many_small_improvements_together_count(self) -> None:
        losses = [1.0, 0.94, 0.88, 0.82, 0.76, 0.70]
        assert self.stop(losses, patience=3, min_delta=0.1) is None

    def test_losses_that_are_no_numbers_are_no_improvement(self) -> None:
        assert self.stop([math.nan] * 3, patience=3) == "early stopping: no finite validation loss in 3 epochs"
        assert self.stop([1.0, math.nan, math.nan], patience=3) is None
        assert self.stop([1.0, math.nan, math.nan, math.nan], patience=3) is not None

    def test_patience_counts_epochs_and_not_evaluations(self) -> None:
        assert EarlyStopping(patience=10).stop([1.0, 2.0, 2.0], [5, 10, 14]) is None
        assert EarlyStopping(patience=10).stop([1.0, 2.0, 2.0], [5, 10, 15]) is not None

    def test_nothing_seen_stops_nothing(self) -> None:
        assert EarlyStopping().stop([], []) is None

    def test_whether_the_best_weights_come_back_is_its_field(self) -> None:
        assert EarlyStopping().restores_best()
        assert not EarlyStopping(restore_best=False).restores_best()
        assert not L2().restores_best()


def test_those_that_can_be_turned_up_while_training_have_an_off() -> None:
    assert {kind: cls.off() for kind, cls in Regularizer.kinds().items()} == {
        "l1": L1(strength=0.0),
        "l2": L2(strength=0.0),
        "dropout": Dropout(rate=0.0),
        "batch_norm": None,
        "early_stopping": None,
    }


@pytest.mark.parametrize(
    ("kind", "hooks"),
    [
        ("l1", {"gradients", "penalty"}),
        ("l2", {"gradients", "penalty"}),
        ("dropout", {"layers"}),
        ("batch_norm", {"layers"}),
        ("early_stopping", {"stop"}),
    ],
)
def test_a_regularizer_fills_the_hooks_that_it_needs(kind: str, hooks: set[str]) -> None:
    every = ("layers", "batch", "gradients", "weights", "penalty", "stop")
    assert {hook for hook in every if Regularizer.pick(kind).fills(hook)} == hooks
