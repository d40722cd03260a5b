"""Dropout whose rate may change while training."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tui_trainer.modules.live import LiveValue


class Dropout(nn.Module):
    """Inverted dropout: in training, sets each output to zero with the probability `rate` and scales up the others.

    The scaling by 1 / (1 - rate) keeps the expected output, so that nothing has to be done in evaluation. It draws from
    torch's global generator; at rate 0 it draws nothing and returns its input as it is.
    Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014.
    """

    def __init__(self, rate: LiveValue) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.rate.value == 0:
            return x
        rate = self.rate.tensor
        return x * (torch.rand_like(x) >= rate) / (1 - rate)

    def extra_repr(self) -> str:
        return f"rate={self.rate.value:g}"
