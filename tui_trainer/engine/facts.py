"""What the data itself says: looked at once, before training, because no curve tells it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tui_trainer.engine.figures import rounded
from tui_trainer.engine.prepare import Data

MOST_ROWS = 10_000
"""Rows of each part that are compared: the first ones, which are a fair choice."""

MOST_NUMBERS = 50_000_000
"""Inputs of each part that are compared: fewer rows where each is large."""

MOST_CELLS, MOST_FEATURES = 100_000, 10_000
"""Inputs that are looked at to find the best feature: fewer rows where there are many features."""

MOST_NAMES = 100
MOST_BINS, ROWS_A_BIN = 64, 8

Rows = NDArray[np.float32]
"""Samples with one dimension for their inputs: (rows, inputs)."""

Labelled = tuple[Rows, NDArray[Any]]
"""Such samples with their targets: (rows,), or (rows, several)."""


def data_facts(data: Data) -> dict[str, Any]:
    """The facts for the event log. What must be read from files again is not compared."""
    samples, split = data.samples, data.split
    shown = samples.y[split.train]
    facts: dict[str, Any] = {
        "class_counts": np.bincount(shown, minlength=len(samples.classes)).tolist() if samples.classes else [],
        "repeated_rows": 0,
        "rows_compared": 0,
    }
    if not isinstance(samples.x, np.ndarray) and not samples.x.in_memory:
        return facts
    most = min(MOST_ROWS, max(1, MOST_NUMBERS // math.prod(samples.shape)))
    rows = split.train[:most], split.validation[:most]
    train, validation = (np.asarray(samples.x[part], dtype=np.float32).reshape(len(part), -1) for part in rows)
    targets = samples.y[rows[0]], samples.y[rows[1]]
    facts |= {"repeated_rows": repeated_rows((train, targets[0]), (validation, targets[1]))}
    facts |= {"rows_compared": len(validation)}
    # Pixels, and the steps of a sequence, are no features of their own.
    if samples.features and len(samples.shape) == 1 and samples.y.ndim == 1:
        facts |= _feature_facts(samples.features, train, validation, targets)
    return facts


def _feature_facts(
    names: tuple[str, ...], train: Rows, validation: Rows, targets: tuple[NDArray[Any], NDArray[Any]]
) -> dict[str, Any]:
    constant = np.flatnonzero(np.ptp(train, axis=0) == 0)[:MOST_NAMES]
    train, validation = train[:, :MOST_FEATURES], validation[:, :MOST_FEATURES]
    few = max(200, MOST_CELLS // train.shape[1])
    scores = feature_scores(train[:few], targets[0][:few], validation[:few], targets[1][:few])
    best = int(np.argmax(scores))
    return {
        "constant_features": [names[i] for i in constant],
        "best_feature": names[best],
        "best_feature_score": rounded(float(scores[best])),
    }


def repeated_rows(train: Labelled, validation: Labelled) -> int:
    """How many of the validation rows are equal, in inputs and target, to the last bit, to one that trains.

    Where there are few different inputs, rows of the same ones are no copies: their targets tell them apart.
    """
    train_keys, validation_keys = _keys(train), _keys(validation)
    suspects = np.flatnonzero(np.isin(validation_keys, train_keys))
    if not len(suspects):
        return 0
    known = set(_bytes_of(train, np.flatnonzero(np.isin(train_keys, validation_keys[suspects]))))
    return sum(row in known for row in _bytes_of(validation, suspects))


def _keys(rows: Labelled) -> NDArray[np.uint32]:
    """A number for each row, equal for equal rows and seldom for others: a sum over its bits, weighted at random."""
    draw = np.random.default_rng(0)
    keys: NDArray[np.uint32] = np.zeros(len(rows[0]), dtype=np.uint32)
    for values in rows:
        bits = np.ascontiguousarray(values.reshape(len(values), -1)).view(np.uint32)
        keys += bits @ draw.integers(2**32, size=bits.shape[1], dtype=np.uint32)
    return keys


def _bytes_of(rows: Labelled, places: NDArray[np.int64]) -> Iterator[bytes]:
    """What tells some rows from all that are not equal."""
    x, y = rows
    return (x[place].tobytes() + y[place].tobytes() for place in places)


def feature_scores(
    train: Rows, train_targets: NDArray[Any], validation: Rows, validation_targets: NDArray[Any]
) -> NDArray[np.float64]:
    """How well each feature alone predicts the target of the validation rows: (features,).

    Its range is cut into bins of as many training rows each; the guess in a bin is its commonest class, and the score
    the accuracy; for a target that is a number, the guess is its mean, and the score the share of variance explained.
    """
    bins = min(MOST_BINS, max(2, len(train) // ROWS_A_BIN))
    places = np.linspace(0, len(train) - 1, bins + 1).astype(int)[1:-1]
    edges = np.sort(train, axis=0)[places]  # (bins - 1, features)
    features = train.shape[1]
    cell = bins * np.arange(features)  # (features,): where the bins of a feature begin
    seen, asked = _bins(train, edges) + cell, _bins(validation, edges) + cell
    if np.issubdtype(train_targets.dtype, np.integer):
        guesses = _commonest(seen, train_targets, bins * features)[asked]
        accuracy: NDArray[np.float64] = (guesses == validation_targets[:, None]).mean(axis=0)
        return accuracy
    targets = np.broadcast_to(train_targets[:, None], seen.shape).ravel()
    totals = np.bincount(seen.ravel(), weights=targets, minlength=bins * features)
    means = totals / np.maximum(1, np.bincount(seen.ravel(), minlength=bins * features))
    errors = ((means[asked] - validation_targets[:, None]) ** 2).mean(axis=0)
    explained: NDArray[np.float64] = 1 - errors / max(float(np.var(validation_targets)), 1e-30)
    return explained


def _commonest(cells: NDArray[np.int64], targets: NDArray[Any], count: int) -> NDArray[np.int64]:
    """The commonest class in each of `count` cells, given the cells (rows, features) in which each row counts; of
    equals the first, and class 0 where there is none. There may be far more cells and classes than rows."""
    classes = int(targets.max()) + 1
    pairs, numbers = np.unique(cells * classes + targets[:, None], return_counts=True)
    cell, label = np.divmod(pairs, classes)
    order = np.lexsort((label, -numbers, cell))
    found, first = np.unique(cell[order], return_index=True)
    guesses = np.zeros(count, dtype=np.int64)
    guesses[found] = label[order][first]
    return guesses


def _bins(x: Rows, edges: Rows) -> NDArray[np.int64]:
    """The bin of each value: how many edges of its feature lie below it. (rows, features)"""
    below = np.zeros(x.shape, dtype=np.int64)
    for edge in edges:
        below += x > edge
    return below
