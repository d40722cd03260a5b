"""What the data itself says: looked at once, before training, because no curve tells it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tui_trainer.engine.figures import rounded
from tui_trainer.engine.prepare import Data

MOST_ROWS = 10_000
"""Rows of each part that are compared: the first ones, which are a fair choice."""

MOST_CELLS = 100_000
"""Inputs that are looked at to find the best feature: fewer rows where there are many features."""

MOST_NAMES = 100
MOST_BINS, ROWS_A_BIN = 64, 8

Rows = NDArray[np.float32]
"""Samples with one dimension for their inputs: (rows, inputs)."""


def data_facts(data: Data) -> dict[str, Any]:
    """The facts for the event log. Single features are looked at where they have names: pixels have none."""
    samples, split = data.samples, data.split
    train, validation = split.train[:MOST_ROWS], split.validation[:MOST_ROWS]
    x, y = samples.x.reshape(len(samples.x), -1), samples.y
    facts: dict[str, Any] = {
        "class_counts": np.bincount(y[split.train], minlength=len(samples.classes)).tolist() if samples.classes else [],
        "repeated_rows": repeated_rows(x[train], x[validation]),
        "rows_compared": len(validation),
    }
    if samples.features:
        few = max(200, MOST_CELLS // len(samples.features))
        scores = feature_scores(x[train[:few]], y[train[:few]], x[validation[:few]], y[validation[:few]])
        best = int(np.argmax(scores))
        constant = np.flatnonzero(np.ptp(x[train], axis=0) == 0)[:MOST_NAMES]
        facts |= {
            "constant_features": [samples.features[i] for i in constant],
            "best_feature": samples.features[best],
            "best_feature_score": rounded(float(scores[best])),
        }
    return facts


def repeated_rows(train: Rows, validation: Rows) -> int:
    """How many of the validation rows are equal, to the last bit, to one that trains."""
    train_keys, validation_keys = _keys(train), _keys(validation)
    suspects = np.flatnonzero(np.isin(validation_keys, train_keys))
    if not len(suspects):
        return 0
    known = {row.tobytes() for row in train[np.isin(train_keys, validation_keys[suspects])]}
    return sum(row.tobytes() in known for row in validation[suspects])


def _keys(x: Rows) -> NDArray[np.uint32]:
    """A number for each row, equal for equal rows and seldom for others: a sum over its bits, weighted at random."""
    bits = np.ascontiguousarray(x, dtype=np.float32).view(np.uint32)
    weights = np.random.default_rng(0).integers(2**32, size=x.shape[1], dtype=np.uint32)
    keys: NDArray[np.uint32] = bits @ weights
    return keys


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
        classes = int(max(train_targets.max(), validation_targets.max())) + 1
        counts = np.bincount((seen * classes + train_targets[:, None]).ravel(), minlength=bins * features * classes)
        guesses = counts.reshape(-1, classes).argmax(axis=1)[asked]
        accuracy: NDArray[np.float64] = (guesses == validation_targets[:, None]).mean(axis=0)
        return accuracy
    targets = np.broadcast_to(train_targets[:, None], seen.shape).ravel()
    totals = np.bincount(seen.ravel(), weights=targets, minlength=bins * features)
    means = totals / np.maximum(1, np.bincount(seen.ravel(), minlength=bins * features))
    errors = ((means[asked] - validation_targets[:, None]) ** 2).mean(axis=0)
    explained: NDArray[np.float64] = 1 - errors / max(float(np.var(validation_targets)), 1e-30)
    return explained


def _bins(x: Rows, edges: Rows) -> NDArray[np.int64]:
    """The bin of each value: how many edges of its feature lie below it. (rows, features)"""
    below = np.zeros(x.shape, dtype=np.int64)
    for edge in edges:
        below += x > edge
    return below
