"""Optimizers: how the gradient moves the weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

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


def momentum_field() -> float:
    """The field of optimizers that are carried on by their last updates."""
    momentum: float = setting(
        0.9,
        ge=0,
        lt=1,
        ladder=DECAY_LADDER,
        help="Share of the last update's direction that the next one keeps.",
        low="0 is plain sgd.",
        high="The weights shoot past the minimum and swing back; close to 1 the loss oscillates or grows.",
    )
    return momentum


def epsilon(default: float = 1e-8) -> float:
    """The field of optimizers that divide by the size of the gradients."""
    eps: float = setting(
        default,
        gt=0,
        le=1,
        ladder=EPS_LADDER,
        help="Added to the divisor, so that a weight whose gradients are all tiny does not make a huge step.",
        low="Weights that hardly matter may make large, random steps.",
        high="It outweighs the gradients: the steps are no longer adapted and become small.",
    )
    return eps


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


class Optimizer(Choice):
    """A rule that turns gradients into updates of the weights."""

    family = "optimizer"
    memory: ClassVar[str] = ""  # the kind whose memory of past gradients it can go on with, where not its own alone
    lr: float

    @classmethod
    def upgraded(cls, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """Nesterov's form was a switch of momentum once."""
        if fields.get("kind") != "momentum" or not isinstance(fields.get("nesterov"), bool):
            return fields
        others = {name: value for name, value in fields.items() if name != "nesterov"}
        return others | {"kind": "nesterov"} if fields["nesterov"] else others

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
