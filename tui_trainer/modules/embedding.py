"""Tokens, and places in a sequence, as vectors."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class Embedding(nn.Embedding):
    """A learned vector for each token: from indices (batch, length) to vectors (batch, length, size).

    The vectors are multiplied by the square root of their size, so that weights as small as those of other layers
    give numbers of about 1, as Vaswani et al. (2017) do.
    """

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(input) * math.sqrt(self.embedding_dim)


def sinusoids(length: int, size: int) -> Tensor:
    """A vector for each place of a sequence (length, size): sines and cosines, in waves that get longer pair by pair.

    Vaswani et al., "Attention Is All You Need", 2017, section 3.5.
    """
    places = torch.arange(length, dtype=torch.float32)[:, None]
    pairs = torch.arange(0, size, 2, dtype=torch.float32)
    angles = places * torch.exp(-math.log(10_000.0) * pairs / size)
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)[:, :size]
