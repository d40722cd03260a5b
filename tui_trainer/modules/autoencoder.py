"""Autoencoders."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from tui_trainer.modules.mlp import dense_block
from tui_trainer.modules.parts import Parts


class Autoencoder(nn.Module):
    """What all autoencoders share: from a batch (batch, *inputs) through a code (batch, bottleneck) back to the inputs.

    In training, normal noise of deviation `noise` is added to what it is given, drawn from torch's global generator.
    """

    def __init__(self, noise: float) -> None:
        super().__init__()
        self._noise = noise

    def forward(self, x: Tensor) -> Tensor:
        if self.training and self._noise > 0:
            x = x + self._noise * torch.randn_like(x)
        return self.decode(self.encode(x))

    def encode(self, x: Tensor) -> Tensor:
        """The code (batch, bottleneck) of inputs (batch, *inputs)."""
        raise NotImplementedError

    def decode(self, code: Tensor) -> Tensor:
        """The inputs (batch, *inputs) that a code (batch, bottleneck) stands for."""
        raise NotImplementedError


class DenseAutoencoder(Autoencoder):
    """Dense layers down to the bottleneck and, mirrored, up again; inputs are flattened.

    Parameters are called `encoder.0.linear.weight` …, `bottleneck.weight`, `decoder.0.linear.weight` …,
    `output.weight`.
    """

    def __init__(
        self, parts: Parts, inputs: tuple[int, ...], hidden: Sequence[int], bottleneck: int, noise: float
    ) -> None:
        super().__init__(noise)
        self._inputs = inputs
        down = [math.prod(inputs), *hidden]
        up = [bottleneck, *reversed(hidden)]
        self.encoder = nn.Sequential(*(dense_block(parts, *pair) for pair in pairwise(down)))
        self.bottleneck = parts.linear(down[-1], bottleneck)
        self.decoder = nn.Sequential(*(dense_block(parts, *pair) for pair in pairwise(up)))
        self.output = parts.linear(up[-1], down[0])

    def encode(self, x: Tensor) -> Tensor:
        code: Tensor = self.bottleneck(self.encoder(x.flatten(1)))
        return code

    def decode(self, code: Tensor) -> Tensor:
        flat: Tensor = self.output(self.decoder(code))
        made: Tensor = flat.unflatten(1, self._inputs)
        return made


class ConvolutionalAutoencoder(Autoencoder):
    """Convolutions that halve an image (batch, channels, height, width) down to a dense bottleneck and, mirrored,
    double it again.

    Doubling copies each pixel and convolves then, which leaves no checkerboard behind: Odena, Dumoulin and Olah,
    "Deconvolution and Checkerboard Artifacts", 2016.
    """

    def __init__(
        self, parts: Parts, inputs: tuple[int, ...], filters: Sequence[int], bottleneck: int, noise: float
    ) -> None:
        super().__init__(noise)
        channels, height, width = inputs
        sizes = [(_halved(height, times), _halved(width, times)) for times in range(len(filters) + 1)]
        self._smallest = (filters[-1], *sizes[-1])
        self.encoder = nn.Sequential(*(_halving(parts, *pair) for pair in pairwise([channels, *filters])))
        self.bottleneck = parts.linear(math.prod(self._smallest), bottleneck)
        self.widening = dense_block(parts, bottleneck, math.prod(self._smallest))
        narrower = [(filters[index], filters[index - 1], sizes[index]) for index in range(len(filters) - 1, 0, -1)]
        self.decoder = nn.Sequential(*(_doubling(parts, *block) for block in narrower))
        self.doubling = nn.Upsample(size=sizes[0])
        self.output = nn.Conv2d(filters[0], channels, 3, padding=1)

    def encode(self, x: Tensor) -> Tensor:
        code: Tensor = self.bottleneck(self.encoder(x).flatten(1))
        return code

    def decode(self, code: Tensor) -> Tensor:
        small = self.widening(code).unflatten(1, self._smallest)
        image: Tensor = self.output(self.doubling(self.decoder(small)))
        return image


def _halved(side: int, times: int) -> int:
    return math.ceil(side / (1 << times))


def _halving(parts: Parts, channels: int, filters: int) -> nn.Sequential:
    return _block(parts, nn.Conv2d(channels, filters, 3, stride=2, padding=1))


def _doubling(parts: Parts, channels: int, filters: int, size: tuple[int, int]) -> nn.Sequential:
    """From images half as large to (channels, *size)."""
    return _block(parts, nn.Conv2d(channels, filters, 3, padding=1), before=nn.Upsample(size=size))


def _block(parts: Parts, convolution: nn.Conv2d, before: nn.Module | None = None) -> nn.Sequential:
    members = {
        "doubling": before,
        "linear": convolution,
        "norm": parts.norm(convolution.out_channels),
        "activation": parts.activation(),
        "dropout": parts.dropout(),
    }
    return nn.Sequential(OrderedDict((name, member) for name, member in members.items() if member is not None))
