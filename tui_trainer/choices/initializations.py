"""Initializations: the random weights that training starts from. Biases start at zero."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.activations import Activation
from tui_trainer.choices.base import Choice, setting

if TYPE_CHECKING:
    from torch import Generator, Tensor


class Initialization(Choice):
    """A rule that fills a weight matrix before training."""

    family = "initialization"

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

    def fill(self, weight: Tensor, activation: Activation, generator: Generator) -> None:
        inputs, outputs = weight[0].numel(), weight[:, 0].numel()
        weight.normal_(0.0, math.sqrt(2.0 / (inputs + outputs)), generator=generator)


class He(Initialization):
    """Normal with standard deviation sqrt(2 / inputs), also called Kaiming.

    Relu sets half of its inputs to zero; twice the variance makes up for it and keeps the size of signals through many
    layers. For leaky relu the 2 becomes 2 / (1 + slope²). He et al., "Delving Deep into Rectifiers", 2015.
    """

    kind: Literal["he"] = "he"

    def fill(self, weight: Tensor, activation: Activation, generator: Generator) -> None:
        weight.normal_(0.0, activation.gain / math.sqrt(weight[0].numel()), generator=generator)
