"""One seed, many independent random streams: changing what one of them is used for leaves the others alone."""

from __future__ import annotations

import hashlib
import json

import torch
from torch import Tensor


def derive(seed: int, *words: str | int) -> int:
    """A seed of its own for the use that `words` name: 63 bits of the SHA-256 of all of them."""
    digest = hashlib.sha256(json.dumps([seed, *words]).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def generator(seed: int, *words: str | int) -> torch.Generator:
    """A generator on the CPU, whatever the training device, so that every device starts from the same weights."""
    return torch.Generator().manual_seed(derive(seed, *words))


def order(seed: int, epoch: int, samples: int) -> Tensor:
    """The order in which epoch number `epoch` goes through its samples: a permutation (samples,) of int64."""
    return torch.randperm(samples, generator=generator(seed, "order", epoch))


def seed_noise(seed: int) -> None:
    """Seeds torch's global generators, from which dropout and other noise draw, and nothing else does."""
    torch.manual_seed(derive(seed, "noise"))
