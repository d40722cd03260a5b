"""Some samples as a person can look at them: an image, the values of a row, curves of a sequence, a text."""

from __future__ import annotations

from collections import deque
from math import ceil
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from tui_trainer.choices.data import Samples
from tui_trainer.engine.figures import few

SAMPLES = 40
COLOURED = 20
"""Samples that are shown; fewer where they are images in colour, which take three times as much room."""

PIXELS = 32
VALUES = 40
STEPS = 80
CURVES = 4
CHARACTERS = 400
"""Of a sample at most: pixels along each side, values, steps of a sequence, its features, characters of a text."""

HEX = "0123456789abcdef"

Indices = NDArray[np.int64]


def shown_samples(samples: Samples, train: Indices, validation: Indices, page: int = 0) -> dict[str, Any]:
    """Some samples of either part, of every class in turn where there are classes; behind the last page is the first.

    `from` says how many come before them, `of` how many there are on all pages.
    """
    coloured = len(samples.shape) == 3 and samples.shape[0] == 3
    rows, most = np.concatenate([train, validation]), COLOURED if coloured else SAMPLES
    first = page % max(1, ceil(len(rows) / most)) * most
    chosen = _in_turn(samples, rows, first + most)[first:]
    return {"samples": _shown(samples, train, chosen), "samples_from": first, "samples_of": len(rows)}


def _shown(samples: Samples, train: Indices, chosen: Indices) -> list[dict[str, Any]]:
    if not len(chosen):
        return []
    trains = set(train.tolist())
    inputs = _inputs(samples, np.asarray(samples.x[chosen]))
    return [
        {
            "row": int(row),
            "part": "train" if int(row) in trains else "validation",
            "target": _target(samples, samples.y[row]),
            "class": int(samples.y[row]) if samples.classes else None,
            **shown,
        }
        for row, shown in zip(chosen, inputs, strict=True)
    ]


def _in_turn(samples: Samples, rows: Indices, most: int) -> Indices:
    """The first rows; with classes, the first of each class, then the second of each …"""
    if not samples.classes:
        return rows[:most]
    y = samples.y[rows]
    waiting = deque(deque(rows[y == label][:most].tolist()) for label in np.unique(y).tolist())
    chosen: list[int] = []
    while waiting and len(chosen) < most:
        members = waiting.popleft()
        chosen.append(members.popleft())
        if members:
            waiting.append(members)
    return np.asarray(chosen, dtype=np.int64)


def _target(samples: Samples, y: Any) -> str:
    """What is to be predicted for a sample, in words."""
    if samples.classes:
        return samples.classes[int(y)]
    if samples.task == "translation":
        return _text(samples, y)
    if samples.vocabulary:
        return ""
    return "  ".join(f"{value:.5g}" for value in np.atleast_1d(y)[:VALUES].tolist())


def _inputs(samples: Samples, x: NDArray[Any]) -> list[dict[str, Any]]:
    if samples.vocabulary:
        return [{"text": _text(samples, row[: samples.source or None])} for row in x]
    if x.ndim == 4:
        return _images(x)
    if x.ndim == 3:
        return [{"curves": [_thinned(row[:, feature]) for feature in range(min(CURVES, x.shape[2]))]} for row in x]
    return [{"values": list(map(few, row[:VALUES].tolist()))} for row in x.reshape(len(x), -1)]


def _text(samples: Samples, tokens: NDArray[np.int64]) -> str:
    texts = [samples.vocabulary[token] for token in tokens.tolist()]
    between = "" if all(len(text) <= 1 for text in samples.vocabulary) else " "
    return between.join(texts).replace("\n", "\\n").replace("\t", "\\t")[:CHARACTERS]


def _images(x: NDArray[Any]) -> list[dict[str, Any]]:
    """Images as a hexadecimal digit a pixel, by rows: of grey; or three digits: of red, green and blue."""
    images = torch.from_numpy(np.ascontiguousarray(x, dtype=np.float32)).nan_to_num()
    channels = 3 if images.shape[1] == 3 else 1
    if channels == 1:
        images = images.mean(dim=1, keepdim=True)
    low, high = float(images.min()), float(images.max())
    height, width = (min(PIXELS, size) for size in images.shape[2:])
    small = functional.adaptive_avg_pool2d(images, (height, width))
    levels = ((small - low) / ((high - low) or 1.0) * 15).round().int().clamp(0, 15).permute(0, 2, 3, 1)
    return [
        {"shape": [height, width], "channels": channels, "image": "".join(HEX[value] for value in image)}
        for image in levels.reshape(len(images), -1).tolist()
    ]


def _thinned(values: NDArray[Any]) -> list[float | None]:
    """A curve of at most so many points, spread over all of it."""
    chosen = np.linspace(0, len(values) - 1, min(len(values), STEPS)).round().astype(int)
    return list(map(few, values[chosen].tolist()))
