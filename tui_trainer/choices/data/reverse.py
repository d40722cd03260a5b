"""Back to front."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.data.translations import TranslationSet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Reverse(TranslationSet):
    """Letters to be written back to front: a small translation for an encoder and a decoder.

    The first letter to write is the last that was read, so the two must be far apart in no sense but place: attention
    shows a diagonal from one corner to the other, once the positions are told apart.
    """

    kind: Literal["reverse"] = "reverse"

    def translated(self, source: NDArray[np.int64]) -> NDArray[np.int64]:
        return source[:, ::-1].copy()
