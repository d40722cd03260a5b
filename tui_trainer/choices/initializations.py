"""Initializations: the random weights that training starts from. Biases start at zero."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Literal

from tui_trainer.choices.activations import Activation
from tui_trainer.choices.base import Choice, setting

if TYPE_CHECKING:
    from torch import Generator, Tensor


def gain_field() -> float:
    """The field of rules that fit the size of the weights to the layer."""
    gain: float = setting(
        1.0,
        gt=0,
        le=100,
        ladder=(0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.41, 1.67, 2.0, 3.0, 10.0),
        help="What the rule's weights are multiplied by; 1 keeps the rule.",
        low="Signals shrink by this factor at every layer: deep networks learn late or not at all.",
        high="Signals grow by this factor at every layer: units saturate, or the loss starts huge.",
    )
    return gain


class Initialization(Choice):
    """A rule that fills a weight matrix before training."""

    family = "initialization"
    tells_units_apart: ClassVar[bool] = True  # whether the units of a layer begin with different weights

    def fits(self, activation: Activation) -> bool:
        """Whether it keeps the size of signals from layer to layer, with that activation between them."""
        return self.kind == activation.initialization

    def fill(self, weight: Tensor, activation: Activation, generator: Generator) -> None:
        """Fills `weight` (outputs, inputs, ...) in place, outside autograd, drawing from `generator` only.

        `weight` must not require a gradient or stand under `torch.no_grad()`, and be on the generator's device.
        """
        raise NotImplementedError


class Auto(Initialization):
    """The initialization that fits the activation: He for relu and its relatives, Xavier for the others."""

    kind: Literal["auto"] = "auto"

    def fits(self, activation: Activation) -> bool:
        return True

    def fill(self, weight: Tensor, activation: Activation, generator: Generator) -> None:
        Initialization.pick(activation.initialization).fill(weight, activation, generator)


class Normal(Initialization):
    """Normal with a standard deviation that you choose, the same for every layer whatever its size.

    It shows why the other rules exist: the size of the signals is multiplied by about std x sqrt(inputs) at every
    layer, so that in a deep network they fade to nothing or grow until every unit saturates.
    """

    kind: Literal["normal"] = "normal"

    std: float = setting(
        0.01,
        gt=0,
        le=100,
        ladder=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
        help="Standard deviation of the initial weights.",
        low="All units of a layer start nearly alike and signals fade: deep networks learn nothing for long.",
        high="Sigmoids and tanhs saturate, relus explode: gradients vanish or the loss starts huge.",
    )

    def fill(self, weight: Tensor, activation: Activation, generator: Generator) -> None:
        weight.normal_(0.0, self.std, generator=generator)


class Xavier(Initialization):
    """Normal with standard deviation sqrt(2 / (inputs + outputs)), also called Glorot.

    It keeps the size of signals forwards and of gradients backwards through layers of tanh or other activations that
    are nearly linear around zero. Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
    networks", 2010.
    """

    kind: Literal["xavier"] = "xavier"

    gain: float = gain_field()

    def fits(self, activation: Activation) -> bool:
        return super().fits(activation) and _is_one(self.gain)

    def fill(self, weight: Tensor, activation: Activation, generator: Generator) -> None:
        inputs, outputs = weight[0].numel(), weight[:, 0].numel()
        weight.normal_(0.0, self.gain * math.sqrt(2.0 / (inputs + outputs)), generator=generator)


class He(Initialization):
    """Normal with standard deviation sqrt(2 / inputs), also called Kaiming.

    Relu sets half of its inputs to zero; twice the variance makes up for it and keeps the size of signals through many
    layers. For leaky relu the 2 becomes 2 / (1 + slope²). He et al., "Delving Deep into Rectifiers", 2015.
    """

    kind: Literal["he"] = "he"

    gain: float = gain_field()

    def fits(self, activation: Activation) -> bool:
        return super().fits(activation) and _is_one(self.gain)

    def fill(self, weight: Tensor, activation: Activation, generator: Generator) -> None:
        weight.normal_(0.0, self.gain * activation.gain / math.sqrt(weight[0].numel()), generator=generator)


class Orthogonal(Initialization):
    """Orthogonal: random weights whose rows stand at right angles and have length 1, times sqrt(2) for relu.

    Where there are more rows than columns, it is the columns. Relatives of relu have the factor too. Such a layer turns
    and mirrors signals and keeps their length exactly, so that they pass through very deep or recurrent networks. Saxe,
    McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks",
    2013.
    """

    kind: Literal["orthogonal"] = "orthogonal"

    gain: float = gain_field()

    def fits(self, activation: Activation) -> bool:
        return _is_one(self.gain)

    def fill(self, weight: Tensor, activation: Activation, generator: Generator) -> None:
        from torch.nn import init

        lost = activation.gain if activation.initialization == "he" else 1.0
        init.orthogonal_(weight, self.gain * lost, generator=generator)


class Uniform(Initialization):
    """Uniform between two limits that you choose, the same for every layer whatever its size.

    As with the normal distribution, no single limit suits layers of different sizes: the deviation, limit / sqrt(3), is
    too small or too large for most of them.
    """

    kind: Literal["uniform"] = "uniform"

    limit: float = setting(
        0.05,
        gt=0,
        le=100,
        ladder=(0.001, 0.003, 0.01, 0.03, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0),
        help="Weights lie between minus this and this.",
        low="All units of a layer start nearly alike and signals fade: deep networks learn nothing for long.",
        high="Sigmoids and tanhs saturate, relus explode: gradients vanish or the loss starts huge.",
    )

    def fill(self, weight: Tensor, activation: Activation, generator: Generator) -> None:
        weight.uniform_(-self.limit, self.limit, generator=generator)


class Zeros(Initialization):
    """Zeros: every weight starts at 0, which fails in any network with hidden layers.

    All units of a layer compute the same and so get the same gradient: they stay copies of each other for ever. Where
    the activation of 0 is 0, as with relu and tanh, no gradient passes at all, and the output's biases alone learn.
    Chance must tell the units apart, which is why the other rules are random. A linear model may well start from zeros.
    """

    kind: Literal["zeros"] = "zeros"
    tells_units_apart = False

    def fill(self, weight: Tensor, activation: Activation, generator: Generator) -> None:
        weight.zero_()


def _is_one(gain: float) -> bool:
    """Whether a gain leaves the size of the weights about as its rule has it."""
    return 0.8 <= gain <= 1.25
