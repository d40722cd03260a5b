"""What a network sees: the latest picture of a run, which its worker draws while somebody looks.

A picture is a file that is replaced as a whole. What it says is data: text is cleaned, sizes are checked, and a file
that is damaged is no picture.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tui_trainer.runs import files
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.parsing import finite, mapping, optional_number, texts, whole

VERSION = 1

LOOKED_SECONDS = 3.0
"""Somebody who has looked at a run is taken to look on for so long."""

MOST_BYTES = 4_000_000
MOST_CLASSES = 10_000
MOST_CELLS = 512 * 512
MOST_POINTS = 5_000
MOST_MISTAKES = 100
MOST_PIXELS = 512 * 512


@dataclass(frozen=True)
class Points:
    """Samples in the plane of the two features, each with its class and the class that it is taken for."""

    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()
    true: tuple[int, ...] = ()
    predicted: tuple[int, ...] = ()
    samples: int = 0  # of which these are some
    right: int = 0  # of all those samples


@dataclass(frozen=True)
class Boundary:
    """What every place of the plane is taken for. Axes are in the data's own units; cells go by rows, from the top."""

    columns: int
    rows: int
    x: tuple[float, float]  # the left edge and the right one
    y: tuple[float, float]  # the lower edge and the upper one
    classes: tuple[int, ...]  # of each cell
    confidence: tuple[float, ...]  # of each cell, 0 to 1: the probability of its class
    train: Points
    validation: Points


@dataclass(frozen=True)
class Confusion:
    """How often a class of the validation part is taken for which; `classes` are those that were confused most."""

    classes: tuple[int, ...]
    counts: tuple[tuple[int, ...], ...]  # a row for each true class, a column for each predicted one
    totals: tuple[int, ...]  # samples of each true class, those taken for a class that is left out here included
    right: int
    samples: int


@dataclass(frozen=True)
class Mistake:
    """A sample of the validation part that is taken for what it is not."""

    true: int
    predicted: int
    loss: float
    top: tuple[tuple[int, float], ...]  # the likeliest classes and the true one, with their probabilities
    height: int = 0
    width: int = 0
    image: tuple[int, ...] = ()  # grey values, 0 to 255, by rows from the top; empty if it is no image
    values: tuple[float, ...] = ()  # of the first features, in the data's own units; empty for an image


@dataclass(frozen=True)
class Mistakes:
    """How many samples of the validation part are taken for what they are not, and the worst of them first."""

    wrong: int
    samples: int
    worst: tuple[Mistake, ...]


@dataclass(frozen=True)
class Fit:
    """Targets of samples and what is predicted for them; with a single feature also its values."""

    inputs: tuple[float, ...] = ()
    targets: tuple[float, ...] = ()
    predicted: tuple[float, ...] = ()


@dataclass(frozen=True)
class Predictions:
    """How well numbers are predicted, in the target's own unit. Residuals are targets less predictions."""

    target: str
    train: Fit
    validation: Fit
    r2: float | None  # on validation: 1 is perfect, 0 as good as the mean of its targets
    residual_mean: float
    residual_deviation: float
    curve_x: tuple[float, ...] = ()  # with a single feature: the function that was learned
    curve_y: tuple[float, ...] = ()


@dataclass(frozen=True)
class Picture:
    """What a network saw at one step."""

    step: int
    epoch: float
    classes: tuple[str, ...]
    features: tuple[str, ...]
    boundary: Boundary | None = None
    confusion: Confusion | None = None
    mistakes: Mistakes | None = None
    predictions: Predictions | None = None

    def class_name(self, index: int) -> str:
        return self.classes[index] if index < len(self.classes) else str(index)


def picture_file(folder: RunFolder) -> Path:
    return folder.path / "picture.json"


def looked_file(folder: RunFolder) -> Path:
    return folder.path / "looked"


def look_at(folder: RunFolder) -> None:
    """Says that somebody looks at the run now, about once a second. Never raises: a run that is gone has no look."""
    try:
        descriptor = files.open_plain(looked_file(folder), os.O_WRONLY | os.O_CREAT)
        try:
            os.utime(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        pass


def is_looked_at(folder: RunFolder) -> bool:
    """Whether somebody looks at the run; costs a system call."""
    try:
        looked = looked_file(folder).stat(follow_symlinks=False).st_mtime
    except OSError:
        return False
    return abs(time.time() - looked) < LOOKED_SECONDS


def write_picture(folder: RunFolder, content: Mapping[str, Any]) -> None:
    """Puts a picture in the place of the last one. Raises OSError, and ValueError for numbers that are not finite."""
    text = json.dumps({"v": VERSION, **content}, separators=(",", ":"), allow_nan=False)
    files.replace(picture_file(folder), text)


def read_picture(folder: RunFolder) -> Picture | None:
    """The latest picture of a run; None if there is none that can be read."""
    try:
        content = files.read_plain(picture_file(folder), MOST_BYTES + 1)
        return _picture(json.loads(content)) if len(content) <= MOST_BYTES else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _picture(said: Any) -> Picture:
    content = mapping(said)
    if content["v"] != VERSION:
        raise ValueError("another version")
    classes = texts(content.get("classes"))[:MOST_CLASSES]
    features = texts(content.get("features"))

    def part(name: str) -> Mapping[str, Any]:
        return mapping(content.get(name))

    return Picture(
        whole(content["step"]),
        finite(content["epoch"]),
        classes,
        features,
        _boundary(part("boundary"), len(classes)) if part("boundary") else None,
        _confusion(part("confusion"), len(classes)) if part("confusion") else None,
        _mistakes(part("mistakes"), len(classes)) if part("mistakes") else None,
        _predictions(part("predictions")) if part("predictions") else None,
    )


def _boundary(said: Mapping[str, Any], classes: int) -> Boundary:
    columns, rows = whole(said["columns"]), whole(said["rows"])
    if not 1 <= columns * rows <= MOST_CELLS:
        raise ValueError("a plane of no size, or of too great a one")
    return Boundary(
        columns,
        rows,
        _range(said["x"]),
        _range(said["y"]),
        _indices(said["classes"], classes, columns * rows),
        tuple(_within(value, 100) / 100 for value in _list(said["confidence"], columns * rows)),
        _points(mapping(said["train"]), classes),
        _points(mapping(said["validation"]), classes),
    )


def _points(said: Mapping[str, Any], classes: int) -> Points:
    x = _numbers(said["x"])
    count = len(x)
    predicted = _indices(said["predicted"], classes, count)
    true = _indices(said["true"], classes, count)
    return Points(x, _numbers(said["y"], count), true, predicted, whole(said["samples"]), whole(said["right"]))


def _confusion(said: Mapping[str, Any], classes: int) -> Confusion:
    shown = _indices(said["classes"], classes)
    rows = _list(said["counts"], len(shown))
    counts = tuple(tuple(whole(count) for count in _list(row, len(shown))) for row in rows)
    totals = tuple(whole(count) for count in _list(said["totals"], len(shown)))
    if any(sum(row) > total for row, total in zip(counts, totals, strict=True)):
        raise ValueError("more mistakes than samples")
    return Confusion(shown, counts, totals, whole(said["right"]), whole(said["samples"]))


def _mistakes(said: Mapping[str, Any], classes: int) -> Mistakes:
    worst = tuple(_mistake(mapping(mistake), classes) for mistake in _list(said["worst"])[:MOST_MISTAKES])
    return Mistakes(whole(said["wrong"]), whole(said["samples"]), worst)


def _mistake(said: Mapping[str, Any], classes: int) -> Mistake:
    height, width = (whole(size) for size in _list(said.get("shape", [0, 0]), 2))
    if height * width > MOST_PIXELS:
        raise ValueError("too large an image")
    return Mistake(
        _index(said["true"], classes),
        _index(said["predicted"], classes),
        finite(said["loss"]),
        tuple((_index(index, classes), finite(share)) for index, share in (_list(it, 2) for it in _list(said["top"]))),
        height,
        width,
        tuple(_within(value, 255) for value in _list(said.get("image", []), height * width)),
        _numbers(said.get("values", [])),
    )


def _predictions(said: Mapping[str, Any]) -> Predictions:
    curve_x = _numbers(said.get("curve_x", []))
    return Predictions(
        texts([said["target"]])[0],
        _fit(mapping(said["train"])),
        _fit(mapping(said["validation"])),
        optional_number(said["r2"]),
        finite(said["residual_mean"]),
        finite(said["residual_deviation"]),
        curve_x,
        _numbers(said.get("curve_y", []), len(curve_x)),
    )


def _fit(said: Mapping[str, Any]) -> Fit:
    targets = _numbers(said["targets"])
    inputs = _numbers(said["inputs"])
    if len(inputs) not in (0, len(targets)):
        raise ValueError("inputs that have no targets")
    return Fit(inputs, targets, _numbers(said["predicted"], len(targets)))


def _list(value: Any, length: int | None = None) -> list[Any]:
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise ValueError("no list, or not as long as it should be")
    return value


def _numbers(value: Any, length: int | None = None) -> tuple[float, ...]:
    return tuple(finite(number) for number in _list(value, length)[:MOST_POINTS])


def _index(value: Any, classes: int) -> int:
    if whole(value) >= classes:
        raise ValueError(f"there is no class {value!r}")
    return whole(value)


def _indices(value: Any, classes: int, length: int | None = None) -> tuple[int, ...]:
    return tuple(_index(index, classes) for index in _list(value, length)[:MOST_CELLS])


def _within(value: Any, most: int) -> int:
    if whole(value) > most:
        raise ValueError(f"{value!r} is more than {most}")
    return whole(value)


def _range(value: Any) -> tuple[float, float]:
    low, high = (finite(end) for end in _list(value, 2))
    if not low < high:
        raise ValueError("a range without extent")
    return low, high
