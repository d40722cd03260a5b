"""Attention."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from tui_trainer.modules.parts import Parts


class Attention(nn.Module):
    """Scaled dot-product attention with several heads: each query takes a mean of the values, weighted by how well its
    key fits.

    From queries (batch, queries, size), keys and values (batch, keys, size) to (batch, queries, size); the heads share
    out the size among them. With `causal`, a query sees the keys up to its own place only. While `record` is set,
    `weights` holds what each query looked at: (batch, heads, queries, keys), each row of which adds up to 1.
    Vaswani et al., "Attention Is All You Need", 2017.
    """

    def __init__(self, heads: int, *, causal: bool = False) -> None:
        super().__init__()
        self.heads = heads
        self.causal = causal
        self.record = False
        self.weights: Tensor | None = None

    def forward(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        q, k, v = (x.unflatten(2, (self.heads, -1)).transpose(1, 2) for x in (query, key, value))
        if self.record:
            self.weights = self._weights(q, k).detach()
            mixed = self.weights @ v
        else:
            self.weights = None
            mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        joined: Tensor = mixed.transpose(1, 2).flatten(2)
        return joined

    def _weights(self, q: Tensor, k: Tensor) -> Tensor:
        scores = q @ k.transpose(2, 3) / math.sqrt(q.shape[3])
        if self.causal:
            later = torch.ones(scores.shape[2:], dtype=torch.bool, device=scores.device).triu(1)
            scores = scores.masked_fill(later, -math.inf)
        weights: Tensor = scores.softmax(dim=3)
        return weights

    def extra_repr(self) -> str:
        return f"heads={self.heads}, causal={self.causal}"


class SelfAttention(nn.Module):
    """What a sequence (batch, length, size) finds by looking at itself, in the same shape; layer norm comes first."""

    def __init__(self, parts: Parts, size: int, heads: int, *, causal: bool = False) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(size)
        self.qkv = Projection(size, 3)
        self.heads = Attention(heads, causal=causal)
        self.out = parts.linear(size, size)

    def forward(self, x: Tensor) -> Tensor:
        found: Tensor = self.out(self.heads(*self.qkv(self.norm(x)).chunk(3, dim=2)))
        return found


class CrossAttention(nn.Module):
    """What a sequence (batch, length, size) finds by looking at another one, (batch, other length, size)."""

    def __init__(self, parts: Parts, size: int, heads: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(size)
        self.query = parts.linear(size, size)
        self.key_value = Projection(size, 2)
        self.heads = Attention(heads)
        self.out = parts.linear(size, size)

    def forward(self, x: Tensor, other: Tensor) -> Tensor:
        found: Tensor = self.out(self.heads(self.query(self.norm(x)), *self.key_value(other).chunk(2, dim=2)))
        return found


class Projection(nn.Linear):
    """Several matrices of weights that are applied at once, as one that holds them on top of each other: those of
    queries, keys and values. From (batch, length, size) to (batch, length, matrices x size)."""

    def __init__(self, size: int, matrices: int) -> None:
        super().__init__(size, matrices * size)
        self.stacked = matrices
