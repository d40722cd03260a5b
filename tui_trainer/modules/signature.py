"""The signature of a network: what it is given and what is asked of it."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Signature:
    """What a network is given and what is asked of it, as far as its layers depend on it."""

    inputs: tuple[int, ...]
    """The shape of one sample: (features,), (channels, height, width) of an image, (length, features) of a sequence,
    (length,) of a text."""
    outputs: int
    """Scores for a sample, or for each of its positions."""
    vocabulary: int = 0
    """How many different tokens a text has; 0: inputs are numbers, not tokens."""
    positions: int = 0
    """Above 0: scores are asked for so many positions of a sample, the last ones of its inputs."""
    source: int = 0
    """Above 0: the first so many tokens are the source, which an encoder reads; the rest is what the decoder is
    shown."""

    @property
    def is_text(self) -> bool:
        """Whether samples are tokens (length,)."""
        return self.vocabulary > 0

    @property
    def is_image(self) -> bool:
        """Whether samples are images (channels, height, width)."""
        return len(self.inputs) == 3

    @property
    def is_sequence(self) -> bool:
        """Whether samples are sequences of numbers (length, features)."""
        return len(self.inputs) == 2

    @property
    def size(self) -> int:
        """Numbers, or tokens, of one sample."""
        return math.prod(self.inputs)
