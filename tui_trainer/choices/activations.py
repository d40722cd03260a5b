"""Activation functions: what a unit makes of the weighted sum of its inputs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Literal

from tui_trainer.choices.base import Choice, setting

if TYPE_CHECKING:
    from torch import nn


class Activation(Choice):
    """An activation function, applied to each unit's weighted sum."""

    family = "activation"
    initialization: ClassVar[str] = "xavier"  # the initialization that fits it, which `auto` picks
    steepest: ClassVar[float] = 1.0  # the largest slope that it has, roughly
    saturates: ClassVar[bool] = False  # flat at both ends: a unit whose sums are large hardly learns

    @property
    def can_die(self) -> bool:
        """Whether it is flat on one side, so that a unit may get no gradient at all any more."""
        return False

    @property
    def is_linear(self) -> bool:
        """Whether layers of it multiply out to a single one."""
        return False

    @property
    def gain(self) -> float:
        """The factor by which He's initialization makes up for the signal that the activation takes away."""
        return math.sqrt(2.0)

    def build(self) -> nn.Module:
        """The torch module that applies it elementwise."""
        raise NotImplementedError

    def value(self, x: float) -> float:
        """f(x), in plain Python: the picker draws it without torch."""
        raise NotImplementedError

    def derivative(self, x: float) -> float:
        """f'(x); at a kink, the value that torch uses."""
        raise NotImplementedError


class Step(Activation):
    """Step function: 1 for a positive sum, else 0. The unit of the first perceptrons.

    Its derivative is zero everywhere, so no gradient passes through it: the layers below never learn, and only the
    output layer does. Good for seeing why smooth activations replaced it, and for nothing else here.
    Rosenblatt, "The perceptron", 1958.
    """

    kind: Literal["step"] = "step"
    steepest = 0.0

    def build(self) -> nn.Module:
        from tui_trainer.modules.step import Step as Module

        return Module()

    def value(self, x: float) -> float:
        return 1.0 if x > 0 else 0.0

    def derivative(self, x: float) -> float:
        return 0.0


class Identity(Activation):
    """Identity: passes the sum on unchanged, as if there were no activation.

    Layers of it multiply out to one linear map, so that a network of any depth draws straight boundaries only. Good for
    seeing what activations are for.
    """

    kind: Literal["identity"] = "identity"

    @property
    def is_linear(self) -> bool:
        return True

    def build(self) -> nn.Module:
        from torch import nn

        return nn.Identity()

    def value(self, x: float) -> float:
        return x

    def derivative(self, x: float) -> float:
        return 1.0


class Sigmoid(Activation):
    """Sigmoid (logistic function): an S-curve from 0 to 1.

    Its slope is at most 1/4 and fades towards both ends, so that gradients shrink at least fourfold at every layer,
    weights aside: deep stacks hardly learn. Its outputs are never negative, which slows learning further. Fine in a
    shallow network. Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", 1986.
    """

    kind: Literal["sigmoid"] = "sigmoid"
    steepest = 0.25
    saturates = True

    def build(self) -> nn.Module:
        from torch import nn

        return nn.Sigmoid()

    def value(self, x: float) -> float:
        return _sigmoid(x)

    def derivative(self, x: float) -> float:
        return _sigmoid(x) * _sigmoid(-x)


class Tanh(Activation):
    """Hyperbolic tangent: an S-curve from -1 to 1, centred on zero.

    Its slope is 1 in the middle and fades towards both ends, so a deep stack of them learns slowly, though far better
    than one of sigmoids. LeCun et al., "Efficient BackProp", 1998, explains why outputs around zero help.
    """

    kind: Literal["tanh"] = "tanh"
    saturates = True

    def build(self) -> nn.Module:
        from torch import nn

        return nn.Tanh()

    def value(self, x: float) -> float:
        return math.tanh(x)

    def derivative(self, x: float) -> float:
        return 1.0 - math.tanh(x) ** 2


class Relu(Activation):
    """Rectified linear unit: max(0, x). The usual first choice.

    Cheap, and its slope is 1 for positive sums however deep the network. A unit whose sum is negative for every sample
    gets no gradient any more: a dead unit. Nair and Hinton, "Rectified Linear Units Improve Restricted
    Boltzmann Machines", 2010.
    """

    kind: Literal["relu"] = "relu"
    initialization = "he"

    @property
    def can_die(self) -> bool:
        return True

    def build(self) -> nn.Module:
        from torch import nn

        return nn.ReLU()

    def value(self, x: float) -> float:
        return max(0.0, x)

    def derivative(self, x: float) -> float:
        return 1.0 if x > 0 else 0.0


class LeakyRelu(Activation):
    """Leaky rectified linear unit: x where positive, slope times x where negative.

    The small slope on the negative side keeps a unit learning where a plain relu would be dead. Maas, Hannun and Ng,
    "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013.
    """

    kind: Literal["leaky_relu"] = "leaky_relu"
    initialization = "he"

    slope: float = setting(
        0.01,
        ge=0,
        le=1,
        ladder=(0.0, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0),
        help="Slope for negative sums.",
        low="0 is a plain relu: units can die.",
        high="1 is the identity: the network becomes linear.",
    )

    @property
    def can_die(self) -> bool:
        return self.slope == 0

    @property
    def is_linear(self) -> bool:
        return self.slope == 1

    @property
    def gain(self) -> float:
        return math.sqrt(2.0 / (1.0 + self.slope**2))

    def build(self) -> nn.Module:
        from torch import nn

        return nn.LeakyReLU(self.slope)

    def value(self, x: float) -> float:
        return x if x > 0 else self.slope * x

    def derivative(self, x: float) -> float:
        return 1.0 if x > 0 else self.slope


class Elu(Activation):
    """Exponential linear unit: x where positive, exp(x) - 1 where negative.

    It bends without a corner, its units are never quite dead, and negative outputs down to -1 keep the mean of a layer
    closer to zero than relu's. Dearer to compute. Clevert, Unterthiner and Hochreiter, "Fast and Accurate Deep Network
    Learning by Exponential Linear Units", 2015.
    """

    kind: Literal["elu"] = "elu"
    initialization = "he"

    def build(self) -> nn.Module:
        from torch import nn

        return nn.ELU()

    def value(self, x: float) -> float:
        return x if x > 0 else math.expm1(x)

    def derivative(self, x: float) -> float:
        return 1.0 if x > 0 else math.exp(x)


class Gelu(Activation):
    """Gaussian error linear unit: x times the normal probability of a value below x.

    A smooth relu that dips slightly below zero before it flattens out. The usual choice in transformers; in small
    networks seldom much better than relu, and dearer. Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.
    """

    kind: Literal["gelu"] = "gelu"
    initialization = "he"

    def build(self) -> nn.Module:
        from torch import nn

        return nn.GELU()

    def value(self, x: float) -> float:
        return x * _normal_cdf(x)

    def derivative(self, x: float) -> float:
        return _normal_cdf(x) + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


class Silu(Activation):
    """Sigmoid linear unit, also called swish: x times sigmoid(x).

    A smooth relu much like gelu, with a deeper dip below zero: units keep a slope on the negative side. Common in image
    networks; dearer than relu. Elfwing, Uchibe and Doya, "Sigmoid-Weighted Linear Units for Neural Network Function
    Approximation in Reinforcement Learning", 2017.
    """

    kind: Literal["silu"] = "silu"
    initialization = "he"

    def build(self) -> nn.Module:
        from torch import nn

        return nn.SiLU()

    def value(self, x: float) -> float:
        return x * _sigmoid(x)

    def derivative(self, x: float) -> float:
        return _sigmoid(x) * (1 + x * _sigmoid(-x))


class Softplus(Activation):
    """Softplus: log(1 + exp(x)), a relu with its corner rounded off.

    Its slope is the sigmoid, so that no unit is ever quite dead; but its outputs are always positive, which pushes
    every layer's sums to one side. In practice relu usually learns as well or better. Dugas et al., "Incorporating
    Second-Order Functional Knowledge for Better Option Pricing", 2000.
    """

    kind: Literal["softplus"] = "softplus"

    def build(self) -> nn.Module:
        from torch import nn

        return nn.Softplus()

    def value(self, x: float) -> float:
        return max(x, 0.0) + math.log1p(math.exp(-abs(x)))

    def derivative(self, x: float) -> float:
        return _sigmoid(x)


def _sigmoid(x: float) -> float:
    # exp() of a large positive number overflows, so each half of the curve takes the form that does not need it.
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    return math.exp(x) / (1.0 + math.exp(x))


def _normal_cdf(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))
