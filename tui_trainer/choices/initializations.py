"""Initializations: the random weights that training starts from. Biases start at zero."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.activations import Activation
from tui_trainer.choices.base import Choice

if TYPE_CHECKING:
    from torch import Generator, Tensor


class Initialization(Choice):
    """A rule that fills a weight matrix before training."""

    family = "initialization"

    def fill(self, weight: Tensor, activation: Activation, generator: Generator) -> None:
        """Fills `weight` (outputs x inputs, on the CPU) in place, drawing from `generator` only."""
        raise NotImplementedError


class Auto(Initialization):
    """The initialization that fits the activation: He for relu and its relatives, Xavier for the others."""

    kind: Literal["auto"] = "auto"

    def fill(self, weight: Tensor, activation: Activation, generator: Generator) -> None:
        Initialization.kinds()[activation.initialization]().fill(weight, activation, generator)


class He(Initialization):
    """Normal with standard deviation sqrt(2 / inputs): keeps the size of signals through layers of relu.

    He et al., "Delving Deep into Rectifiers", 2015.
    """

    kind: Literal["he"] = "he"

    def fill(self, weight: Tensor, activation: Activation, generator: Generator) -> None:
        weight.normal_(0.0, math.sqrt(2.0 / weight[0].numel()), generator=generator)
