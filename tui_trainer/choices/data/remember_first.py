"""What came first?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.base import Samples
from tui_trainer.choices.data.sequences import SequenceSet, length_field, sequence_noise

if TYPE_CHECKING:
    import numpy as np


class RememberFirst(SequenceSet):
    """Symbols one after the other: which was the first?

    The others are there to distract, and the answer is asked for at the end: the longer the sequence, the longer it
    must be kept. Each step holds a 1 in the place of its symbol. A vanilla recurrent network forgets within some tens
    of steps, since gradients fade on their way back; gates keep them alive. Bengio, Simard and Frasconi, "Learning
    Long-Term Dependencies with Gradient Descent is Difficult", 1994.
    """

    kind: Literal["remember_first"] = "remember_first"
    length: int = length_field(30)
    noise: float = sequence_noise()

    symbols: int = setting(
        4,
        ge=2,
        le=26,
        unit="symbols",
        ladder=(2, 3, 4, 5, 6, 8, 10, 16, 26),
        help="How many different symbols there are, each a class.",
        low="Two: a single bit to remember.",
        high="More to keep apart.",
    )

    def drawn(self, generator: np.random.Generator) -> Samples:
        import numpy as np

        symbols = generator.integers(self.symbols, size=(self.samples, self.length))
        symbols[:, 0] = np.arange(self.samples) % self.symbols
        x = np.eye(self.symbols)[symbols]
        x = x + self.noise * generator.standard_normal(x.shape)
        names = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: self.symbols])
        return Samples(x.astype(np.float32), symbols[:, 0].astype(np.int64), names, names)

    def size(self) -> str:
        return f"{self.samples:,} sequences of {self.length:,} symbols, {self.symbols} classes"
