"""Samples as a person reads them: an image in greys, the values of a row, the curves of a sequence, a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from tui_trainer.engine.scaling import Preprocessing

VALUES = 30
PIXELS = 56
CURVES = 4
STEPS = 200
"""At most so many features of a row, pixels along each side of an image, features and steps of a sequence."""

GREY_ROWS = 1000
"""So many images set what is black and what is white."""


class Reader:
    """Reads scaled samples of one run."""

    def __init__(self, preprocessing: Preprocessing) -> None:
        self.preprocessing = preprocessing
        self._greys: tuple[float, float] | None = None

    def read(self, x: Tensor, sides: int = PIXELS) -> list[dict[str, Any]]:
        """Inputs (samples, *shape), or what has their shape, each as plain data.

        Images have at most `sides` pixels a side.
        """
        if self.preprocessing.vocabulary:
            return [{"text": self.words(tokens)} for tokens in x.tolist()]
        raw = torch.from_numpy(self.preprocessing.undo(x.cpu().numpy()))
        if raw.ndim == 4:
            return self._images(raw.mean(dim=1), sides)
        if raw.ndim == 3:
            steps = torch.linspace(0, raw.shape[1] - 1, min(STEPS, raw.shape[1])).round().long()
            return [{"curves": [_rounded(curve) for curve in each.T.tolist()]} for each in raw[:, steps, :CURVES]]
        return [{"values": _rounded(row)} for row in raw[:, :VALUES].tolist()]

    def _images(self, raw: Tensor, sides: int) -> list[dict[str, Any]]:
        low, high = self._greys or (0.0, 1.0)
        height, width = (min(sides, size) for size in raw.shape[1:])
        small = functional.adaptive_avg_pool2d(raw.unsqueeze(1), (height, width)).flatten(1)
        greys = ((small - low) / ((high - low) or 1.0) * 255).round().int().clamp(0, 255)
        return [{"shape": [height, width], "image": grey} for grey in greys.tolist()]

    @property
    def is_exposed(self) -> bool:
        """Whether it is known what is black and what is white, if anything is."""
        return self._greys is not None or len(self.preprocessing.shape) != 3

    def expose(self, x: Tensor) -> None:
        """Sets black and white by what these images hold."""
        some = self.preprocessing.undo(x.cpu().numpy()).mean(axis=1)
        self._greys = float(some.min()), float(some.max())

    def words(self, tokens: Sequence[int]) -> str:
        """A text; tokens of more than a character stand apart."""
        vocabulary = self.preprocessing.vocabulary
        between = "" if all(len(token) == 1 for token in vocabulary) else " "
        return between.join(vocabulary[token] for token in tokens if token < len(vocabulary))


def _rounded(values: Sequence[float]) -> list[float]:
    return [float(f"{value:.5g}") for value in values]
