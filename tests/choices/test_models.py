"""Models: their names, their shapes, and that they learn."""

from __future__ import annotations

import pytest
import torch

from tests.choices.learning import Learner, build, live
from tui_trainer.choices.activations import Activation
from tui_trainer.choices.models import Linear, Mlp, Model
from tui_trainer.choices.optimizers import Optimizer
from tui_trainer.choices.regularizers import Regularizer


@pytest.mark.parametrize("kind", ["linear", "mlp"])
@pytest.mark.parametrize("inputs", [(3,), (1, 4, 5), (6, 2)])
def test_a_batch_of_samples_becomes_a_batch_of_scores(kind: str, inputs: tuple[int, ...]) -> None:
    assert build(Model.pick(kind), inputs, outputs=7)(torch.randn(5, *inputs)).shape == (5, 7)


def test_the_names_of_parameters_do_not_depend_on_optional_layers() -> None:
    def names(*regularizers: Regularizer) -> set[str]:
        module = build(Mlp(hidden=(4, 3)), regularizers=[(each, live(each)) for each in regularizers])
        return {name for name, _ in module.named_parameters()}

    plain = names()
    full = names(Regularizer.pick("dropout"), Regularizer.pick("batch_norm"))

    assert plain == {
        f"{layer}.{part}" for layer in ("hidden.0.linear", "hidden.1.linear", "output") for part in ("weight", "bias")
    }
    assert full - plain == {f"hidden.{layer}.norm.{part}" for layer in (0, 1) for part in ("weight", "bias")}
    assert plain <= full
    assert {name for name, _ in build(Linear()).named_parameters()} == {"output.weight", "output.bias"}


def test_a_block_applies_linear_norm_activation_and_dropout_in_that_order() -> None:
    both = [Regularizer.pick("dropout"), Regularizer.pick("batch_norm")]
    module = build(Mlp(hidden=(4,)), regularizers=[(each, live(each)) for each in both])

    (block,) = module.get_submodule("hidden").children()
    assert [name for name, _ in block.named_children()] == ["linear", "norm", "activation", "dropout"]


@pytest.mark.parametrize(
    ("model", "shape"),
    [(Mlp(hidden=(100,) * 6), "6 × 100"), (Mlp(hidden=(256, 128)), "256-128"), (Linear(), "no hidden layer")],
    ids=str,
)
def test_a_model_says_its_shape_in_a_few_characters(model: Model, shape: str) -> None:
    assert model.shape() == shape


@pytest.mark.parametrize("kind", [kind for kind in Activation.kinds() if kind not in ("identity", "step")])
def test_an_mlp_learns_xor_with_every_bent_activation(kind: str) -> None:
    learner = Learner(activation=Activation.pick(kind))
    before = learner.figures()

    learner.train(300)

    assert learner.figures()["loss"] < before["loss"] / 4
    assert learner.figures()["accuracy"] == 1


@pytest.mark.parametrize("kind", Optimizer.kinds())
def test_an_mlp_learns_xor_with_every_optimizer(kind: str) -> None:
    learner = Learner(optimizer=Optimizer.pick(kind))
    before = learner.figures()["loss"]

    learner.train(300)

    assert learner.figures()["loss"] < 0.8 * before


@pytest.mark.parametrize(
    "learner", [Learner(model=Linear()), Learner(activation=Activation.pick("identity"))], ids=["linear", "identity"]
)
def test_a_network_without_a_bend_cannot_learn_xor(learner: Learner) -> None:
    learner.train(300)

    assert learner.figures()["accuracy"] <= 0.75
    assert learner.figures()["loss"] > 0.69  # log 2: no better than a guess


def test_below_a_step_activation_nothing_learns() -> None:
    learner = Learner(activation=Activation.pick("step"))
    before = {name: value.clone() for name, value in learner.module.state_dict().items()}

    learner.train(20)

    changed = {name for name, value in learner.module.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {"output.weight", "output.bias"}
