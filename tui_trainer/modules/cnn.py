"""The convolutional network."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from torch import Tensor, nn

from tui_trainer.modules.mlp import dense_block
from tui_trainer.modules.parts import Parts

POOLINGS = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}


class BlockPlan(Protocol):
    """What a block is to be like."""

    @property
    def filters(self) -> int: ...
    @property
    def kernel(self) -> int: ...
    @property
    def stride(self) -> int: ...
    @property
    def padding(self) -> int | str: ...
    @property
    def pooling(self) -> str: ...
    @property
    def window(self) -> int: ...
    @property
    def pools(self) -> bool: ...


class Cnn(nn.Module):
    """Blocks of convolutions, then dense layers: images (batch, channels, height, width) to scores (batch, outputs).

    A block is convolution, norm, activation, pooling and dropout. It names its members, so the parameters are called
    `blocks.0.linear.weight` … `hidden.0.linear.weight` … `output.weight` whichever of the optional members are there.
    `features` is the shape (channels, height, width) that the blocks hand on.
    """

    def __init__(
        self,
        parts: Parts,
        channels: int,
        blocks: Sequence[BlockPlan],
        features: tuple[int, int, int],
        hidden: Sequence[int],
        outputs: int,
    ) -> None:
        super().__init__()
        inputs = [channels, *(block.filters for block in blocks)]
        self.blocks = nn.Sequential(*(_block(parts, *pair) for pair in zip(inputs, blocks, strict=False)))
        sizes = [math.prod(features), *hidden]
        self.hidden = nn.Sequential(*(dense_block(parts, *pair) for pair in pairwise(sizes)))
        self.output = parts.linear(sizes[-1], outputs)

    def forward(self, x: Tensor) -> Tensor:
        scores: Tensor = self.output(self.hidden(self.blocks(x).flatten(1)))
        return scores


def _block(parts: Parts, channels: int, plan: BlockPlan) -> nn.Sequential:
    members = {
        "linear": nn.Conv2d(channels, plan.filters, plan.kernel, plan.stride, plan.padding),
        "norm": parts.norm(plan.filters),
        "activation": parts.activation(),
        "pooling": POOLINGS[plan.pooling](plan.window) if plan.pools else None,
        "dropout": parts.dropout(),
    }
    return nn.Sequential(OrderedDict((name, member) for name, member in members.items() if member is not None))
