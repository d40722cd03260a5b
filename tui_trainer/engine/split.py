"""Which samples train and which validate. It comes first and depends on the data, the seed and the shares only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tui_trainer.choices.data import DataError, DataSet, Samples
from tui_trainer.engine.seeds import derive

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Indices into the samples; those that train are shuffled, so that the first n of them are a fair choice."""

    train: Indices
    validation: Indices
    available: int  # samples of the training part, of which `train` may hold only the first


def split(samples: Samples, data: DataSet, seed: int) -> Split:
    """Splits by class, or at random where there are none, unless the data comes with a validation part of its own.

    `train_samples` shortens the training part; it never changes the validation part.
    Raises DataError where the data cannot be split so.
    """
    draw = np.random.default_rng(derive(seed, "split"))
    if samples.validation_from is not None:
        train, validation = np.split(np.arange(len(samples.y)), [samples.validation_from])
    elif samples.classes:
        train, validation = _by_class(samples, data.train_share, draw)
    else:
        train, validation = _at_random(len(samples.y), data.train_share, draw)
    if not len(train) or not len(validation):
        raise DataError("there must be samples both to train on and to validate with")
    train = draw.permutation(train)
    wanted = data.train_samples or len(train)
    if wanted > len(train):
        raise DataError(f"{wanted:,} of {len(train):,} training samples (at most {len(train):,})", "train_samples")
    return Split(train[:wanted], validation, len(train))


def _at_random(count: int, share: float, draw: np.random.Generator) -> tuple[Indices, Indices]:
    """No part is left empty."""
    shuffled = draw.permutation(count)
    taken = min(max(1, round(count * share)), max(1, count - 1))
    return shuffled[:taken], np.sort(shuffled[taken:])


def _by_class(samples: Samples, share: float, draw: np.random.Generator) -> tuple[Indices, Indices]:
    counts = np.bincount(samples.y, minlength=len(samples.classes))
    for name, count in zip(samples.classes, counts, strict=True):
        if count < 2:
            has = "no sample" if count == 0 else "a single sample"
            raise DataError(f"class {name!r} has {has}; a split needs at least two of each class")
    train, validation = [], []
    for label, take in enumerate(_shares(counts, share)):
        members = draw.permutation(np.flatnonzero(samples.y == label))
        train.append(members[:take])
        validation.append(members[take:])
    return np.concatenate(train), np.sort(np.concatenate(validation))


def _shares(counts: Indices, share: float) -> Indices:
    """How many of each class train: their sum is as near to the share as can be, and no class is left out of a part."""
    exact = counts * share
    taken = np.floor(exact).astype(np.int64)
    missing = round(float(exact.sum())) - int(taken.sum())
    taken[np.argsort(taken - exact, kind="stable")[:missing]] += 1
    return np.asarray(np.clip(taken, 1, counts - 1), dtype=np.int64)
