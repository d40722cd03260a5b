"""Writing on, token after token."""

from __future__ import annotations

import torch
from torch import Tensor


def pick(scores: Tensor, temperature: float = 0.0, generator: torch.Generator | None = None) -> Tensor:
    """A token (batch,) for each row of scores (batch, tokens).

    At temperature 0 the best one; else one drawn by the probabilities that the scores divided by the temperature stand
    for, from `generator`, which is on the CPU.
    """
    if temperature <= 0:
        return scores.argmax(dim=1)
    probabilities = (scores.float().cpu() / temperature).softmax(dim=1)
    return torch.multinomial(probabilities, 1, generator=generator)[:, 0].to(scores.device)
