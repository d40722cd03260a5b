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
    test: Indices  # scored on request only
    available: int  # samples of the training part, of which `train` may hold only the first


def split(samples: Samples, data: DataSet, seed: int) -> Split:
    """Splits by class, by time or at random, unless the data comes with a validation part of its own.

    The test part is set aside first; of data with a validation part of its own, it is taken from what trains.
    `train_samples` shortens the training part; it never changes the others.
    Raises DataError where the data cannot be split so.
    """
    draw = np.random.default_rng(derive(seed, "split"))
    everything = np.arange(len(samples.y))
    if samples.ordered and samples.validation_from is None:
        train, validation, test = _by_time(everything, data, samples.overlap)
    else:
        known, validation = np.split(everything, [samples.validation_from or len(everything)])
        train, test = _set_aside(samples, known, data.test_share, seed)
        if samples.validation_from is None:
            train, validation = _cut(samples, train, data.train_share, draw)
    if not len(train) or not len(validation):
        what = "train on" if not len(train) else "validate with"
        raise DataError(f"no sample is left to {what}, of {len(everything):,}; there must be some in each part")
    if samples.classes:
        _check_labels(samples, train, validation)
    train = draw.permutation(train)
    wanted = data.train_samples or len(train)
    if wanted > len(train):
        raise DataError(f"{wanted:,} of {len(train):,} training samples (at most {len(train):,})", "train_samples")
    return Split(train[:wanted], validation, test, len(train))


def _set_aside(samples: Samples, indices: Indices, share: float, seed: int) -> tuple[Indices, Indices]:
    """What is left, and the test part; other shares to train on or seeds of the rest leave no trace in it."""
    if not share:
        return indices, indices[:0]
    return _cut(samples, indices, 1 - share, np.random.default_rng(derive(seed, "test")))


def _cut(samples: Samples, indices: Indices, share: float, draw: np.random.Generator) -> tuple[Indices, Indices]:
    """Cuts samples in two, the first part in no order and the second in the data's."""
    if samples.classes and samples.stratify:
        taken, left = _by_class(samples, indices, share, draw)
    else:
        taken, left = _at_random(indices, share, draw)
        if samples.classes:
            taken, left = _with_every_class(samples, taken, left)
    return taken, np.sort(left)


def _by_time(indices: Indices, data: DataSet, overlap: int) -> tuple[Indices, Indices, Indices]:
    """What comes first trains, what comes last is the test; no sample shares rows with one of the next part."""
    count = len(indices)
    known = count - round(count * data.test_share)
    border = round(known * data.train_share)
    train, validation, test = np.split(indices, [border, known])
    return train[: max(0, len(train) - overlap)], validation[: _before(validation, test, overlap)], test


def _before(part: Indices, following: Indices, overlap: int) -> int:
    return max(0, len(part) - overlap) if len(following) else len(part)


def _check_labels(samples: Samples, train: Indices, validation: Indices) -> None:
    """Raises DataError where a class is to be recognized that training never shows."""
    unseen = np.setdiff1d(samples.y[validation], samples.y[train])
    if len(unseen):
        name = samples.classes[int(unseen[0])]
        only = f"class {name!r} is in the validation part only"
        others = f" ({len(unseen):,} classes are)" if len(unseen) > 1 else ""
        mend, field = "", ""
        if samples.validation_from is None:
            mend, field = "; raise train_share, or do not split by time", "train_share"
        raise DataError(f"{only}{others}; no network can learn it from other classes{mend}", field)


def _at_random(indices: Indices, share: float, draw: np.random.Generator) -> tuple[Indices, Indices]:
    """No part is left empty."""
    count = len(indices)
    shuffled = draw.permutation(indices)
    taken = min(max(1, round(count * share)), max(1, count - 1))
    return shuffled[:taken], shuffled[taken:]


def _with_every_class(samples: Samples, taken: Indices, left: Indices) -> tuple[Indices, Indices]:
    """The same parts; of a class that only the second one holds, a sample goes over to the first."""
    classes, first = np.unique(samples.y[left], return_index=True)
    lacking = first[~np.isin(classes, samples.y[taken])]
    return np.concatenate([taken, left[lacking]]), np.delete(left, lacking)


def _by_class(samples: Samples, indices: Indices, share: float, draw: np.random.Generator) -> tuple[Indices, Indices]:
    labels = samples.y[indices]
    counts = np.bincount(labels, minlength=len(samples.classes))
    for name, count in zip(samples.classes, counts, strict=True):
        if count < 2:
            has = "no sample" if count == 0 else "a single sample"
            raise DataError(f"class {name!r} has {has}; a split needs at least two of each class")
    first, second = [], []
    for label, take in enumerate(_shares(counts, share)):
        members = draw.permutation(indices[np.flatnonzero(labels == label)])
        first.append(members[:take])
        second.append(members[take:])
    return np.concatenate(first), np.concatenate(second)


def _shares(counts: Indices, share: float) -> Indices:
    """How many of each class train: their sum is as near to the share as can be, and no class is left out of a part."""
    exact = counts * share
    taken = np.floor(exact).astype(np.int64)
    missing = round(float(exact.sum())) - int(taken.sum())
    taken[np.argsort(taken - exact, kind="stable")[:missing]] += 1
    return np.asarray(np.clip(taken, 1, counts - 1), dtype=np.int64)
