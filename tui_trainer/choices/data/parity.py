"""Odd or even."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.data.base import Samples
from tui_trainer.choices.data.sequences import SequenceSet, different_rows, length_field, sequence_noise

if TYPE_CHECKING:
    import numpy as np


class Parity(SequenceSet):
    """Bits one after the other: is the number of ones odd?

    One bit of memory that is turned at each one solves it for any length, yet it is hard to find: a single wrong step
    changes the answer, so no part of the sequence alone says anything. A network without memory can only learn the
    sequences that it has seen by heart. Minsky and Papert, "Perceptrons", 1969.
    """

    kind: Literal["parity"] = "parity"
    length: int = length_field(12, 1000)
    noise: float = sequence_noise()

    def drawn(self, generator: np.random.Generator) -> Samples:
        import numpy as np

        bits = different_rows(generator, self.samples, self.length, 2)
        x = bits + self.noise * generator.standard_normal(bits.shape)
        return Samples(x[:, :, None].astype(np.float32), bits.sum(axis=1) % 2, ("even", "odd"), ("bit",))

    def size(self) -> str:
        return f"{self.samples:,} sequences of {self.length:,} bits, 2 classes"
