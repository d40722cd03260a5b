"""The adding problem."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.data.base import Samples
from tui_trainer.choices.data.sequences import SequenceSet, length_field, sequence_noise
from tui_trainer.choices.given import Given

if TYPE_CHECKING:
    import numpy as np


class Adding(SequenceSet):
    """The adding problem: two numbers of a sequence are marked, one in each half; what is their sum?

    Each step holds a number from 0 to 1 and a mark that is 1 at two steps and 0 elsewhere. Who looks at nothing guesses
    1, with a mean squared error of 0.167; to do better, a network must keep a number over many steps. Hochreiter and
    Schmidhuber, "Long Short-Term Memory", 1997, here with numbers from 0 to 1 and sequences of one length.
    """

    kind: Literal["adding"] = "adding"
    holds = Given("sequence", "regression")
    length: int = length_field(30)
    noise: float = sequence_noise()

    def drawn(self, generator: np.random.Generator) -> Samples:
        import numpy as np

        numbers = generator.random((self.samples, self.length))
        half, rows = self.length // 2, np.arange(self.samples)
        marks = np.zeros_like(numbers)
        first, second = generator.integers(half, size=self.samples), generator.integers(half, self.length, self.samples)
        marks[rows, first] = marks[rows, second] = 1
        y = (numbers * marks).sum(axis=1)
        numbers = numbers + self.noise * generator.standard_normal(numbers.shape)
        x = np.stack([numbers, marks], axis=2)
        return Samples(
            x.astype(np.float32),
            y.astype(np.float32),
            classes=(),
            features=("number", "mark"),
            task="regression",
            target="sum",
        )

    def size(self) -> str:
        return f"{self.samples:,} sequences of {self.length:,} steps, a number to predict"
