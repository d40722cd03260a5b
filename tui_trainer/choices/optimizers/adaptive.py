"""Optimizers that give each weight a rate of its own, by the size of its gradients."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.optimizers.base import DECAY_LADDER, Optimizer, epsilon, learning_rate

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Parameter
    from torch.optim import Optimizer as TorchOptimizer


class Adagrad(Optimizer):
    """Adagrad: divides each weight's gradient by the size of all its gradients so far.

    Weights that seldom get a gradient, such as those of rare words, take large steps when they do. The sum only grows,
    so that every rate falls for ever: training may come to rest before it is done. Duchi, Hazan and Singer, "Adaptive
    Subgradient Methods for Online Learning and Stochastic Optimization", 2011.
    """

    kind: Literal["adagrad"] = "adagrad"
    lr: float = learning_rate(0.01)

    initial_sum: float = setting(
        0.0,
        ge=0,
        le=1000,
        ladder=(0.0, 0.01, 0.1, 1.0, 10.0),
        help="What the sum of squared gradients begins with.",
        low="0 makes the first step of every weight as large as the learning rate.",
        high="It outweighs the first gradients: steps begin small.",
    )
    lr_decay: float = setting(
        0.0,
        ge=0,
        le=1,
        ladder=(0.0, 1e-5, 1e-4, 1e-3, 0.01, 0.1),
        help="The learning rate is divided by 1 + steps x this, besides what the sum does.",
        low="0 leaves it to the sum.",
        high="It falls so fast that training stops early.",
    )
    eps: float = epsilon(1e-10)

    def build(self, parameters: Iterable[Parameter], lr: Tensor) -> TorchOptimizer:
        from torch.optim import Adagrad as TorchAdagrad

        return TorchAdagrad(
            parameters,
            lr=lr,
            lr_decay=self.lr_decay,
            initial_accumulator_value=self.initial_sum,
            eps=self.eps,
            fused=lr.device.type == "cpu",  # elsewhere there is no such form
        )


class RmsProp(Optimizer):
    """RMSprop: divides each weight's gradient by the recent size of its gradients.

    Every weight so gets a rate of its own: steps are about as large where gradients are small as where they are large.
    Tieleman and Hinton, "Lecture 6.5: rmsprop", 2012.
    """

    kind: Literal["rmsprop"] = "rmsprop"
    lr: float = learning_rate(0.001)

    alpha: float = setting(
        0.99,
        ge=0,
        lt=1,
        ladder=DECAY_LADDER,
        help="Memory for the size of the gradients: the share of the running average that each update keeps.",
        low="Only the last gradient counts: the size of the steps no longer depends on the gradient's.",
        high="The average reacts late when the gradients change.",
    )
    momentum: float = setting(
        0.0,
        ge=0,
        lt=1,
        ladder=DECAY_LADDER,
        help="Share of the last update's direction that the next one keeps.",
        low="0 is plain RMSprop.",
        high="The weights shoot past the minimum and swing back.",
    )
    centered: bool = setting(
        False,
        help="Divide by the spread of the gradients around their mean instead of their size: larger steps where they "
        "agree. Graves, 2013.",
    )
    eps: float = epsilon()

    def build(self, parameters: Iterable[Parameter], lr: Tensor) -> TorchOptimizer:
        from torch.optim import RMSprop

        # There is no fused RMSprop. On CUDA, capturable keeps the step from waiting for the learning rate.
        return RMSprop(
            parameters,
            lr=lr,
            alpha=self.alpha,
            eps=self.eps,
            momentum=self.momentum,
            centered=self.centered,
            foreach=True,
            capturable=lr.is_cuda,
        )
