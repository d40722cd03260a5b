"""How inputs are scaled: fitted on the training part only, kept with every checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tui_trainer.choices.data.base import Samples, Scaling

VERSION = 1


@dataclass(frozen=True)
class Preprocessing:
    """All that stands between a raw sample and the network, and between its output and a class's name."""

    scaling: Scaling
    shape: tuple[int, ...]  # of one sample
    offset: NDArray[np.float64]  # subtracted; broadcasts against one sample
    scale: NDArray[np.float64]  # divided by, after that; never zero
    classes: tuple[str, ...]
    features: tuple[str, ...]
    task: str
    target: Mapping[str, float] = field(default_factory=dict)  # offset and scale of a number that is predicted

    def apply(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """Scaled inputs (samples, *shape)."""
        if self.scaling == "none":
            return x
        moved: NDArray[np.float32] = x - self.offset.astype(np.float32)
        return np.divide(moved, self.scale.astype(np.float32), out=moved)

    def undo(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """Inputs (samples, *shape) as they were before `apply`, but for rounding."""
        moved: NDArray[np.float32] = x * self.scale.astype(np.float32) + self.offset.astype(np.float32)
        return moved

    def to_mapping(self) -> dict[str, Any]:
        """Plain data for preprocessing.json."""
        return {
            "version": VERSION,
            "task": self.task,
            "shape": list(self.shape),
            "scaling": {"kind": self.scaling, "offset": self.offset.tolist(), "scale": self.scale.tolist()},
            "features": list(self.features),
            "classes": list(self.classes),
            **({"target": dict(self.target)} if self.target else {}),
        }


def fit(samples: Samples, train: NDArray[np.int64], scaling: Scaling) -> Preprocessing:
    """Fits the scaling on the samples that train.

    standard: each feature, of an image each channel, to mean 0 and deviation 1. range: all together to 0 … 1.
    What never varies is only moved to zero.
    """
    x = samples.x[train]
    # The pixels of an image are one feature in many places: pixels at its rim that seldom differ from zero must not
    # be blown up to the size of the others.
    together = (0, 2, 3) if x.ndim == 4 else (0,)
    if scaling == "standard":
        offset = x.mean(axis=together, keepdims=True, dtype=np.float64)[0]
        scale = x.std(axis=together, keepdims=True, dtype=np.float64)[0]
    elif scaling == "range":
        offset, scale = x.min(), x.max() - x.min()
    else:
        offset, scale = 0.0, 1.0
    spread = np.asarray(scale, dtype=np.float64)
    return Preprocessing(
        scaling,
        samples.shape,
        np.asarray(offset, dtype=np.float64),
        np.where(spread > 1e-12, spread, 1.0),
        samples.classes,
        samples.features,
        samples.task,
    )
