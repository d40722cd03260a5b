"""Samples as points in a plane: two features of a table, or the principal components of images and sequences."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tui_trainer.choices.data import Samples
from tui_trainer.engine.facts import feature_scores
from tui_trainer.engine.figures import few

POINTS = 800
NUMBERS = 8_000
AXES = 24
COMPONENTS = 4
MOST_INPUTS = 4_096
"""Points, numbers in all, features to choose from, principal components, and inputs of which these are made."""

Indices = NDArray[np.int64]
Numbers = NDArray[np.floating[Any]]


def points(samples: Samples, train: Indices, validation: Indices) -> dict[str, Any] | None:
    """The axes with the values of some samples on each, and the pair of them that tells most; None without two axes."""
    if samples.vocabulary or not len(train):
        return None
    rows = _some(train, validation, POINTS)
    x: Numbers = np.asarray(samples.x[rows], dtype=np.float64).reshape(len(rows), -1)
    if len(samples.shape) == 1 and len(samples.features) == x.shape[1]:
        telling = _telling(samples, x, rows)
        shown = sorted(telling[:AXES])
        names, values = [samples.features[i] for i in shown], x[:, shown]
        pair = sorted(shown.index(i) for i in telling[:2])
    else:
        names, values = _components(x)
        pair = [0, 1]
    if not samples.classes:
        names, values = (
            [*names, samples.target],
            np.column_stack([values, samples.y[rows].reshape(len(rows), -1)[:, 0]]),
        )
        pair = [pair[0], len(names) - 1]
    if len(names) < 2:
        return None
    count = min(len(rows), max(100, NUMBERS // len(names)))
    kept = np.linspace(0, len(rows) - 1, count).astype(int)
    y = samples.y[rows[kept]].reshape(count, -1)[:, 0]
    trains = set(train.tolist())
    return {
        "axes": [
            {"name": name, "values": list(map(few, column))}
            for name, column in zip(names, values[kept].T.tolist(), strict=True)
        ],
        "pair": pair,
        "targets": y.tolist() if samples.classes else list(map(few, y.tolist())),
        "validates": [int(row) not in trains for row in rows[kept]],
    }


def _some(train: Indices, validation: Indices, most: int) -> Indices:
    """Rows of both parts, in their share."""
    share = min(1.0, most / (len(train) + len(validation)))
    return np.concatenate([train[: round(share * len(train))], _spread(validation, round(share * len(validation)))])


def _spread(rows: Indices, count: int) -> Indices:
    return rows[np.linspace(0, len(rows) - 1, count).astype(int)] if count else rows[:0]


def _telling(samples: Samples, x: Numbers, rows: Indices) -> list[int]:
    """The features, those first that predict the target best by themselves."""
    middle = np.nanmean(np.where(np.isfinite(x).any(axis=0), x, 0.0), axis=0)
    filled = np.where(np.isfinite(x), x, middle).astype(np.float32)
    y = samples.y[rows].reshape(len(rows), -1)[:, 0]
    half = max(1, len(rows) // 2)
    if half == len(rows):
        return list(range(x.shape[1]))
    mixed = np.random.default_rng(0).permutation(len(rows))
    train, validation = mixed[:half], mixed[half:]
    scores = feature_scores(filled[train], y[train], filled[validation], y[validation])
    return [int(i) for i in np.argsort(-np.nan_to_num(scores, nan=-1.0), kind="stable")]


def _components(x: Numbers) -> tuple[list[str], Numbers]:
    """The principal components of the rows, with the share of the variance of each in its name.

    From the inner products of the rows, of which there are fewer than inputs (Jolliffe, "Principal Component
    Analysis", 2002, section 3.5).
    """
    thinned = np.nan_to_num(x[:, :: 1 + (x.shape[1] - 1) // MOST_INPUTS])
    centred = thinned - thinned.mean(axis=0)
    values, vectors = np.linalg.eigh(centred @ centred.T)
    count = min(COMPONENTS, x.shape[1], len(x))
    strengths, directions = values[::-1][:count].clip(min=0), vectors[:, ::-1][:, :count]
    signs = np.where(np.abs(directions.min(axis=0)) > directions.max(axis=0), -1, 1)
    share = strengths / max(float(values.clip(min=0).sum()), 1e-30)
    names = [f"component {n + 1} ({part:.0%})" for n, part in enumerate(share)]
    return names, directions * signs * np.sqrt(strengths)
