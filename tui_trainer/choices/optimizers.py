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
DECAY_LADDER = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999)
EPS_LADDER = (1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)


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


def epsilon() -> float:
    """The field of optimizers that divide by the size of the gradients."""
    eps: float = setting(
        1e-8,
        gt=0,
        le=1,
        ladder=EPS_LADDER,
        help="Added to the divisor, so that a weight whose gradients are all tiny does not make a huge step.",
        low="Weights that hardly matter may make large, random steps.",
        high="It outweighs the gradients: the steps are no longer adapted and become small.",
    )
    return eps


class Optimizer(Choice):
    """A rule that turns gradients into updates of the weights."""

    family = "optimizer"
    lr: float

    def build(self, parameters: Iterable[Parameter], lr: Tensor) -> TorchOptimizer:
        """The torch optimizer over `parameters`; `lr` is a 0-dim tensor, on their device, that the loop changes in
        place.

        The optimizer's `load_state_dict` puts a tensor of its own in the place of `lr`: set `group["lr"]` again then.
        """
        raise NotImplementedError


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
    convergence of iteration methods", 1964; Nesterov's form: Sutskever et al., "On the importance of initialization and
    momentum in deep learning", 2013.
    """

    kind: Literal["momentum"] = "momentum"
    lr: float = learning_rate(0.01)

    momentum: float = setting(
        0.9,
        ge=0,
        lt=1,
        ladder=DECAY_LADDER,
        help="Share of the last update's direction that the next one keeps.",
        low="0 is plain sgd.",
        high="The weights shoot past the minimum and swing back; close to 1 the loss oscillates or grows.",
    )
    nesterov: bool = setting(
        False,
        help="Look ahead: use the gradient where the momentum is about to carry the weights, which brakes earlier.",
    )

    def build(self, parameters: Iterable[Parameter], lr: Tensor) -> TorchOptimizer:
        from torch.optim import SGD

        nesterov = self.nesterov and self.momentum > 0  # without momentum there is nowhere to look ahead to
        return SGD(parameters, lr=lr, momentum=self.momentum, nesterov=nesterov, fused=True)


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
    eps: float = epsilon()

    def build(self, parameters: Iterable[Parameter], lr: Tensor) -> TorchOptimizer:
        from torch.optim import RMSprop

        # There is no fused RMSprop. On CUDA, capturable keeps the step from waiting for the learning rate.
        return RMSprop(parameters, lr=lr, alpha=self.alpha, eps=self.eps, foreach=True, capturable=lr.is_cuda)


class Adam(Optimizer):
    """Adam: momentum, and a rate for each weight as in RMSprop, both corrected for their start from zero.

    It learns fast with its defaults on most problems, which makes it the usual first try; sgd with a well chosen rate
    may generalize better in the end. Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2014.
    """

    kind: Literal["adam"] = "adam"
    lr: float = learning_rate(0.001)

    beta1: float = setting(
        0.9,
        ge=0,
        lt=1,
        ladder=DECAY_LADDER,
        help="Memory for the direction: the share of the running average of gradients that each update keeps.",
        low="0 is no momentum: noisy steps.",
        high="The weights keep going in old directions and overshoot.",
    )
    beta2: float = setting(
        0.999,
        ge=0,
        lt=1,
        ladder=DECAY_LADDER,
        help="Memory for the size of the gradients, by which each weight's step is divided.",
        low="Only the last gradients count: steps become erratic.",
        high="The average reacts late when the gradients change.",
    )
    eps: float = epsilon()

    def build(self, parameters: Iterable[Parameter], lr: Tensor) -> TorchOptimizer:
        from torch.optim import Adam as TorchAdam

        return TorchAdam(parameters, lr=lr, betas=(self.beta1, self.beta2), eps=self.eps, fused=True)
