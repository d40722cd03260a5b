"""How inputs are scaled: fitted on the training part only, kept with every checkpoint."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tui_trainer.choices.data.base import Samples, Scaling

VERSION = 1

FIT_ROWS = 2000
"""Samples that are read from files one by one are scaled by so many of those that train: a fair choice, as they are
shuffled."""


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
    fill: NDArray[np.float64] | None = None  # what is put in the place of missing numbers, before the scaling
    vocabulary: tuple[str, ...] = ()
    encoding: Mapping[str, Any] = field(default_factory=dict)  # how inputs were made of what the files held

    def apply(self, x: NDArray[Any]) -> NDArray[Any]:
        """Scaled inputs (samples, *shape); tokens as they are."""
        if self.fill is not None:
            x = np.where(np.isnan(x), self.fill.astype(np.float32), x)
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
            **({} if self.fill is None else {"fill": self.fill.tolist()}),
            **({"vocabulary": list(self.vocabulary)} if self.vocabulary else {}),
            **({"encoding": dict(self.encoding)} if self.encoding else {}),
        }


def fit(samples: Samples, train: NDArray[np.int64], scaling: Scaling) -> Preprocessing:
    """Fits the scaling, and what fills gaps, on the samples that train.

    standard: each feature, of an image each channel, to mean 0 and deviation 1. range: all together to 0 … 1.
    What never varies is only moved to zero. Texts are not scaled.
    """
    kind = "none" if samples.vocabulary else scaling
    if kind == "none" and samples.fill == "refuse":
        return _preprocessing(samples, kind, np.zeros(()), np.ones(()), None)
    x = samples.x[train if isinstance(samples.x, np.ndarray) else train[:FIT_ROWS]]
    fill = _fill(x, samples)
    if fill is not None:
        x = np.where(np.isnan(x), fill.astype(np.float32), x)
    # The pixels of an image are one feature in many places: pixels at its rim that seldom differ from zero must not
    # be blown up to the size of the others. So are the steps of a sequence.
    together = {4: (0, 2, 3), 3: (0, 1)}.get(x.ndim, (0,))
    if kind == "standard":
        offset = x.mean(axis=together, keepdims=True, dtype=np.float64)[0]
        scale = x.std(axis=together, keepdims=True, dtype=np.float64)[0]
    elif kind == "range":
        offset, scale = x.min(), x.max() - x.min()
    else:
        offset, scale = 0.0, 1.0
    spread = np.asarray(scale, dtype=np.float64)
    offset = np.asarray(offset, dtype=np.float64)
    return _preprocessing(samples, kind, offset, np.where(spread > 1e-12, spread, 1.0), fill)


def _fill(x: NDArray[Any], samples: Samples) -> NDArray[np.float64] | None:
    """What stands for missing numbers, feature by feature; 0 where a feature is always missing."""
    if samples.fill == "refuse":
        return None
    if samples.fill == "zero":
        return np.zeros((1,) * (x.ndim - 1))
    together = tuple(range(x.ndim - 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # numpy's word on features that are always missing
        middle = (np.nanmean if samples.fill == "mean" else np.nanmedian)(x, axis=together, keepdims=True)[0]
    return np.nan_to_num(np.asarray(middle, dtype=np.float64))


def _preprocessing(
    samples: Samples,
    scaling: Scaling,
    offset: NDArray[np.float64],
    scale: NDArray[np.float64],
    fill: NDArray[np.float64] | None,
) -> Preprocessing:
    return Preprocessing(
        scaling,
        samples.shape,
        offset,
        scale,
        samples.classes,
        samples.features,
        samples.task,
        fill=fill,
        vocabulary=samples.vocabulary,
        encoding=samples.encoding,
    )
