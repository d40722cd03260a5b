"""Adam and its relative: momentum, and a rate for each weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.given import Given
from tui_trainer.choices.optimizers.base import DECAY_LADDER, Optimizer, epsilon, learning_rate

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Parameter
    from torch.optim import Optimizer as TorchOptimizer


def direction_memory() -> float:
    """Adam's first decay rate."""
    beta: float = setting(
        0.9,
        ge=0,
        lt=1,
        ladder=DECAY_LADDER,
        help="Memory for the direction: the share of the running average of gradients that each update keeps.",
        low="0 is no momentum: noisy steps.",
        high="The weights keep going in old directions and overshoot.",
    )
    return beta


def size_memory() -> float:
    """Adam's second decay rate."""
    beta: float = setting(
        0.999,
        ge=0,
        lt=1,
        ladder=DECAY_LADDER,
        help="Memory for the size of the gradients, by which each weight's step is divided.",
        low="Only the last gradients count: steps become erratic.",
        high="The average reacts late when the gradients change.",
    )
    return beta


def largest_size() -> bool:
    """The switch of Adam's variant."""
    amsgrad: bool = setting(
        False,
        help="Divide by the largest average so far instead of the present one: steps can only become smaller. Reddi et "
        "al., 2018.",
    )
    return amsgrad


class Adam(Optimizer):
    """Adam: momentum, and a rate for each weight as in RMSprop, both corrected for their start from zero.

    It learns fast with its defaults on most problems, which makes it the usual first try; sgd with a well chosen rate
    may generalize better in the end. Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2014.
    """

    kind: Literal["adam"] = "adam"
    lr: float = learning_rate(0.001)

    beta1: float = direction_memory()
    beta2: float = size_memory()
    eps: float = epsilon()
    amsgrad: bool = largest_size()

    def build(self, parameters: Iterable[Parameter], lr: Tensor) -> TorchOptimizer:
        from torch.optim import Adam as TorchAdam

        betas = (self.beta1, self.beta2)
        return TorchAdam(parameters, lr=lr, betas=betas, eps=self.eps, amsgrad=self.amsgrad, fused=True)


class AdamW(Optimizer):
    """AdamW: Adam with weight decay beside the gradient instead of in it.

    Adam divides what an L2 penalty adds to the gradient by the gradient's size, so that large gradients are hardly
    decayed. Here every update takes the same share off each weight: learning rate x weight decay. Loshchilov and
    Hutter, "Decoupled Weight Decay Regularization", 2017.
    """

    kind: Literal["adamw"] = "adamw"
    lr: float = learning_rate(0.001)

    weight_decay: float = setting(
        0.01,
        ge=0,
        le=100,
        ladder=(0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
        help="How much of each weight an update takes off, times the learning rate.",
        low="Nothing changes: the network still overfits. 0 is Adam.",
        high="The weights vanish and both curves get worse: underfitting.",
    )
    decay_biases: bool = setting(
        False, help="Decay biases, and the scales and shifts of norms, too: they seldom overfit, and norms need theirs."
    )
    beta1: float = direction_memory()
    beta2: float = size_memory()
    eps: float = epsilon()
    amsgrad: bool = largest_size()

    def unused(self, given: Given) -> Mapping[str, str]:
        return {} if self.weight_decay else {"decay_biases": "nothing decays"}

    def build(self, parameters: Iterable[Parameter], lr: Tensor) -> TorchOptimizer:
        from torch.optim import AdamW as TorchAdamW

        every = list(parameters)
        groups = [
            {"params": [it for it in every if it.ndim >= 2 or self.decay_biases], "weight_decay": self.weight_decay},
            {"params": [it for it in every if it.ndim < 2 and not self.decay_biases], "weight_decay": 0.0},
        ]
        betas = (self.beta1, self.beta2)
        return TorchAdamW(
            [group for group in groups if group["params"]],
            lr=lr,
            betas=betas,
            eps=self.eps,
            amsgrad=self.amsgrad,
            fused=True,
        )
