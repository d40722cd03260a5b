"""Optimizers: how the gradient moves the weights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.base import Choice, setting

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Parameter
    from torch.optim import Optimizer as TorchOptimizer

LR_LADDER = (1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def learning_rate(default: float) -> float:
    """The field that every optimizer has, with its own sensible default."""
    rate: float = setting(
        default,
        gt=0,
        le=1000,
        live=True,
        ladder=LR_LADDER,
        help="Learning rate: how far each update moves the weights along the gradient.",
        low="The loss falls, but so slowly that the run ends before it gets anywhere.",
        high="The loss jumps up and down, grows, or becomes NaN.",
    )
    return rate


class Optimizer(Choice):
    """A rule that turns gradients into updates of the weights."""

    family = "optimizer"
    lr: float

    def build(self, parameters: Iterable[Parameter], lr: Tensor) -> TorchOptimizer:
        """The torch optimizer over `parameters`; `lr` is a 0-dim tensor that the loop changes in place."""
        raise NotImplementedError


class Sgd(Optimizer):
    """Stochastic gradient descent: each update is the gradient of one batch times the learning rate.

    The plainest rule, and the one on which the effect of the learning rate is easiest to see.
    """

    kind: Literal["sgd"] = "sgd"
    lr: float = learning_rate(0.1)

    def build(self, parameters: Iterable[Parameter], lr: Tensor) -> TorchOptimizer:
        from torch.optim import SGD

        return SGD(parameters, lr=lr, fused=True)  # type: ignore[arg-type]
