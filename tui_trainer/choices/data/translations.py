"""Sequences made from sequences: what an encoder reads, and what a decoder should write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.base import Samples
from tui_trainer.choices.data.sequences import SequenceSet, different_rows, length_field
from tui_trainer.choices.given import Given

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

START = "<start>"
"""The token that a decoder is shown before it has written anything."""


class TranslationSet(SequenceSet):
    """Letters to be written anew in another order.

    A sample is the source, the start token, and the target without its last letter: at each place of the target the
    decoder is shown the letters before it.
    """

    group = "texts"
    holds = Given("text", "translation")
    length: int = length_field(8, 200)
    symbols: int = setting(
        8,
        ge=2,
        le=26,
        unit="letters",
        ladder=(2, 3, 4, 5, 6, 8, 10, 16, 26),
        help="How many different letters there are.",
        low="Few: easy to guess.",
        high="More to tell apart: takes longer.",
    )

    def drawn(self, generator: np.random.Generator) -> Samples:
        import numpy as np

        source = different_rows(generator, self.samples, self.length, self.symbols, start=1)
        target = self.translated(source)
        start = np.zeros((self.samples, 1), dtype=np.int64)
        return Samples(
            np.concatenate([source, start, target[:, :-1]], axis=1),
            target,
            classes=(),
            task="translation",
            target="letters",
            vocabulary=(START, *"abcdefghijklmnopqrstuvwxyz"[: self.symbols]),
            source=self.length,
        )

    def translated(self, source: NDArray[np.int64]) -> NDArray[np.int64]:
        """The targets (samples, length) of those sources (samples, length)."""
        raise NotImplementedError

    def size(self) -> str:
        return f"{self.samples:,} sequences of {self.length:,} letters, as many letters to write"
