"""The same again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.data.translations import TranslationSet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Copy(TranslationSet):
    """Letters to be written once more, in the same order: the first exercise of an encoder and a decoder.

    The decoder must find the place in the source that belongs to the place where it writes: attention shows a diagonal.
    """

    kind: Literal["copy"] = "copy"

    def translated(self, source: NDArray[np.int64]) -> NDArray[np.int64]:
        return source.copy()
