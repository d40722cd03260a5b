"""The multilayer perceptron."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from tui_trainer.modules.parts import Parts


class Mlp(nn.Module):
    """Fully connected layers from a batch (batch, *inputs) to scores (batch, outputs); inputs are flattened.

    Each hidden layer is a block of linear, norm, activation and dropout. A block names its members, so the parameters
    are called `hidden.0.linear.weight` … `output.weight` whichever of the optional members are there.
    """

    def __init__(self, parts: Parts, inputs: tuple[int, ...], hidden: Sequence[int], outputs: int) -> None:
        super().__init__()
        sizes = [math.prod(inputs), *hidden]
        blocks = [dense_block(parts, *pair) for pair in pairwise(sizes)]
        self.hidden = nn.Sequential(*blocks)
        # Calling the members, and not the blocks around them, saves a fortieth of a small network's step.
        self._members = [member for block in blocks for member in block]
        self.output = parts.linear(sizes[-1], outputs)

    def forward(self, x: Tensor) -> Tensor:
        x = x.flatten(1)
        for member in self._members:
            x = member(x)
        scores: Tensor = self.output(x)
        return scores


def dense_block(parts: Parts, inputs: int, outputs: int) -> nn.Sequential:
    """Linear, norm, activation and dropout, as far as they are there."""
    members = {
        "linear": parts.linear(inputs, outputs),
        "norm": parts.norm(outputs),
        "activation": parts.activation(),
        "dropout": parts.dropout(),
    }
    return nn.Sequential(OrderedDict((name, member) for name, member in members.items() if member is not None))
