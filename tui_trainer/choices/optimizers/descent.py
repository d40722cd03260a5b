"""Gradient descent, plain and with momentum: one learning rate for all weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.given import Given
from tui_trainer.choices.optimizers.base import Optimizer, learning_rate, momentum_field

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Parameter
    from torch.optim import Optimizer as TorchOptimizer


class Sgd(Optimizer):
    """Stochastic gradient descent: each update is the gradient of one batch times the learning rate.

    The plainest rule, and the one on which the effect of the learning rate is easiest to see. Every weight gets the
    same rate, so a long narrow valley of the loss is crossed in zigzags. Robbins and Monro, "A stochastic
    approximation method", 1951.
    """

    kind: Literal["sgd"] = "sgd"
    lr: float = learning_rate(0.1)

    def build(self, parameters: Iterable[Parameter], lr: Tensor) -> TorchOptimizer:
        from torch.optim import SGD

        return SGD(parameters, lr=lr, fused=True)


class Momentum(Optimizer):
    """Gradient descent with momentum: each update follows a decaying sum of the gradients so far, like a heavy ball.

    Steps that agree add up, steps that contradict each other cancel. With momentum 0.9 they add up to ten times the
    learning rate, which is why its default is a tenth of plain sgd's. Polyak, "Some methods of speeding up the
    convergence of iteration methods", 1964.
    """

    kind: Literal["momentum"] = "momentum"
    lr: float = learning_rate(0.01)

    momentum: float = momentum_field()
    dampening: float = setting(
        0.0,
        ge=0,
        le=1,
        ladder=(0.0, 0.1, 0.3, 0.5, 0.9, 1.0),
        help="Share of each new gradient that is left out of the sum.",
        low="0 adds every gradient in full, so that steps that agree grow.",
        high="As large as the momentum it makes the sum an average, with steps of sgd's size.",
    )

    def unused(self, given: Given) -> Mapping[str, str]:
        return {} if self.momentum else {"dampening": "without momentum there is no sum"}

    def build(self, parameters: Iterable[Parameter], lr: Tensor) -> TorchOptimizer:
        from torch.optim import SGD

        return SGD(parameters, lr=lr, momentum=self.momentum, dampening=self.dampening, fused=True)


class Nesterov(Optimizer):
    """Nesterov's momentum: the gradient is used where the momentum is about to carry the weights.

    Looking ahead it brakes before the ball has rolled up the other side, so that it swings less than plain momentum and
    stands larger values of it. Nesterov, "A method for solving the convex programming problem with convergence rate
    O(1/k²)", 1983; this form: Sutskever et al., "On the importance of initialization and momentum in deep learning",
    2013.
    """

    kind: Literal["nesterov"] = "nesterov"
    memory = "momentum"
    lr: float = learning_rate(0.01)

    momentum: float = momentum_field()

    def build(self, parameters: Iterable[Parameter], lr: Tensor) -> TorchOptimizer:
        from torch.optim import SGD

        # Without momentum there is nowhere to look ahead to.
        return SGD(parameters, lr=lr, momentum=self.momentum, nesterov=self.momentum > 0, fused=True)
