"""Pulls on the weights: penalties on their size, and their decay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Self

from tui_trainer.choices.base import setting
from tui_trainer.choices.regularizers.base import Regularizer

if TYPE_CHECKING:
    from torch import Tensor, nn
    from torch.nn import Parameter

    from tui_trainer.choices.regularizers.base import Live

STRENGTH_LADDER = (0.0, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0)


def biases_field() -> bool:
    """The field that lets a pull act on all parameters."""
    biases: bool = setting(
        False,
        help="Pull biases, and the scales and shifts of norms, too: they seldom overfit, and norms need theirs.",
    )
    return biases


class _Pull(Regularizer):
    """Something that pulls weights towards zero with a strength; biases and scales are left alone by default."""

    main_field = "strength"
    strength: float
    biases: bool

    @classmethod
    def off(cls) -> Self:
        return cls.model_validate({"strength": 0.0})

    def pulls(self, parameter: Parameter) -> bool:
        """Whether it acts on a parameter: weights have two dimensions or more, biases and scales one."""
        return self.biases or parameter.ndim >= 2

    def trained(self, parameters: Sequence[Parameter]) -> tuple[list[Tensor], list[Tensor]]:
        """The parameters that it acts on and that are trained, and their gradients."""
        weights: list[Tensor] = []
        gradients: list[Tensor] = []
        for parameter in parameters:
            if parameter.grad is not None and self.pulls(parameter):
                weights.append(parameter)
                gradients.append(parameter.grad)
        return weights, gradients


class _Penalty(_Pull):
    """A penalty on the size of the weights, times a strength."""

    def gradients(self, parameters: Sequence[Parameter], live: Live) -> None:
        import torch

        weights, gradients = self.trained(parameters)
        if weights and not self.is_idle(live):
            with torch.no_grad():
                torch._foreach_add_(gradients, torch._foreach_mul(self.slope(weights), live["strength"].tensor))

    def penalty(self, model: nn.Module, live: Live) -> Tensor | None:
        if self.is_idle(live):
            return None
        import torch

        sizes = [self.size(parameter.detach()) for parameter in model.parameters() if self.pulls(parameter)]
        return live["strength"].tensor * torch.stack(sizes).sum()

    def size(self, weight: Tensor) -> Tensor:
        """What is penalized of a weight matrix, 0-dim."""
        raise NotImplementedError

    def slope(self, weights: list[Tensor]) -> list[Tensor] | tuple[Tensor, ...]:
        """The derivative of `size` for each weight matrix."""
        raise NotImplementedError


class L1(_Penalty):
    """L1 penalty: adds strength x the sign of each weight to its gradient; biases are left alone.

    It pulls every weight towards zero with the same force, however small the weight already is, so that many end within
    one step of zero: the network uses few of its inputs. Its penalty is strength times the sum of the absolute weights.
    Tibshirani, "Regression Shrinkage and Selection via the Lasso", 1996.
    """

    kind: Literal["l1"] = "l1"
    strong = 0.001

    strength: float = setting(
        1e-4,
        ge=0,
        le=100,
        live=True,
        ladder=STRENGTH_LADDER,
        help="Strength (lambda): the constant force that pulls every weight towards zero.",
        low="Nothing changes: the network still overfits. 0 is off.",
        high="Nearly all weights become zero and both curves get worse: underfitting.",
    )
    biases: bool = biases_field()

    def size(self, weight: Tensor) -> Tensor:
        return weight.abs().sum()

    def slope(self, weights: list[Tensor]) -> list[Tensor] | tuple[Tensor, ...]:
        import torch

        return torch._foreach_sign(weights)


class L2(_Penalty):
    """L2 penalty, weight decay in the gradient: adds strength x weight to the gradient of each weight; biases are left
    alone.

    It pulls every weight towards zero in proportion to its size, so that large weights must pay for themselves.
    Weights become small, seldom exactly zero. Its penalty is strength / 2 times the sum of the squared weights. Krogh
    and Hertz, "A Simple Weight Decay Can Improve Generalization", 1991.
    """

    kind: Literal["l2"] = "l2"
    strong = 0.03

    strength: float = setting(
        0.01,
        ge=0,
        le=100,
        live=True,
        ladder=STRENGTH_LADDER,
        help="Strength (lambda): how hard every weight is pulled towards zero, in proportion to its size.",
        low="Nothing changes: the network still overfits. 0 is off.",
        high="The weights vanish and both curves get worse: underfitting.",
    )
    biases: bool = biases_field()

    def size(self, weight: Tensor) -> Tensor:
        return weight.square().sum() / 2

    def slope(self, weights: list[Tensor]) -> list[Tensor] | tuple[Tensor, ...]:
        return weights


class WeightDecay(_Pull):
    """Decoupled weight decay: after each update, takes learning rate x strength off each weight, past the gradient.

    With sgd it does what l2 does. Optimizers that divide by the size of the gradients (adam, rmsprop, adagrad) would
    divide an l2 penalty too and so hardly decay weights with large gradients; this decays all alike. Adam with it is
    AdamW. Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2017.
    """

    kind: Literal["weight_decay"] = "weight_decay"
    strong = 3.0

    strength: float = setting(
        0.01,
        ge=0,
        le=100,
        live=True,
        ladder=(0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
        help="How much of each weight an update takes off, times the learning rate.",
        low="Nothing changes: the network still overfits. 0 is off.",
        high="The weights vanish and both curves get worse: underfitting.",
    )
    biases: bool = biases_field()

    def weights(self, parameters: Sequence[Parameter], live: Live) -> None:
        import torch

        weights, _ = self.trained(parameters)
        if weights:
            with torch.no_grad():
                torch._foreach_mul_(weights, 1 - live["lr"].tensor * live["strength"].tensor)
