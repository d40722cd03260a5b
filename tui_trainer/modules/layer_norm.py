"""Layer normalization for samples of any shape."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class LayerNorm(nn.Module):
    """Layer normalization over (batch, features), (batch, length, features) or (batch, channels, height, width).

    The features of a sample, at each position of a sequence, have mean 0 and deviation 1; of an image, all channels
    and places together. Each feature or channel has a scale and a shift of its own. Ba, Kiros and Hinton, "Layer
    Normalization", 2016.
    """

    def __init__(self, features: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(features))
        self.bias = nn.Parameter(torch.zeros(features))
        self.eps = eps

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim > 3:
            return functional.group_norm(input, 1, self.weight, self.bias, self.eps)
        return functional.layer_norm(input, self.weight.shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return f"{len(self.weight)}, eps={self.eps:g}"
