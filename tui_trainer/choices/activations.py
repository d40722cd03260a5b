"""Activation functions: what a unit makes of the sum of its inputs."""

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

    def build(self) -> nn.Module:
        """The torch module that applies it elementwise."""
        raise NotImplementedError

    def value(self, x: float) -> float:
        """f(x), in plain Python: the picker draws it without torch."""
        raise NotImplementedError

    def derivative(self, x: float) -> float:
        """f'(x); at a kink, the value that torch uses."""
        raise NotImplementedError


class Relu(Activation):
    """Rectified linear unit: max(0, x).

    Cheap, and its slope stays 1 for positive sums however deep the network. A unit whose sum is negative for every
    sample has slope 0 everywhere and never learns again: a dead unit.
    """

    kind: Literal["relu"] = "relu"
    initialization = "he"

    def build(self) -> nn.Module:
        from torch import nn

        return nn.ReLU()

    def value(self, x: float) -> float:
        return max(0.0, x)

    def derivative(self, x: float) -> float:
        return 1.0 if x > 0 else 0.0


class Tanh(Activation):
    """Hyperbolic tangent: an S-curve from -1 to 1, centred on zero.

    Its slope is at most 1 and fades towards both ends, so a deep stack of them learns slowly, though less so than
    sigmoids.
    """

    kind: Literal["tanh"] = "tanh"

    def build(self) -> nn.Module:
        from torch import nn

        return nn.Tanh()

    def value(self, x: float) -> float:
        return math.tanh(x)

    def derivative(self, x: float) -> float:
        return 1.0 - math.tanh(x) ** 2


class LeakyRelu(Activation):
    """Leaky rectified linear unit: x where positive, slope times x where negative.

    The small slope on the negative side keeps a unit learning where a plain relu would be dead.
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

    def build(self) -> nn.Module:
        from torch import nn

        return nn.LeakyReLU(self.slope)

    def value(self, x: float) -> float:
        return x if x > 0 else self.slope * x

    def derivative(self, x: float) -> float:
        return 1.0 if x > 0 else self.slope
