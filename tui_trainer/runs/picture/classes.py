"""Pictures of classes: the plane of two features, confusions, mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tui_trainer.runs.parsing import finite, mapping, whole
from tui_trainer.runs.picture.checks import ends, filled, index, indices, list_of, members, numbers, shares
from tui_trainer.runs.picture.inputs import Input, read_input


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
    input: Input = field(default_factory=Input)


@dataclass(frozen=True)
class Mistakes:
    """How many samples of the validation part are taken for what they are not, and the worst of them first."""

    wrong: int
    samples: int
    worst: tuple[Mistake, ...]


def read_boundary(said: Mapping[str, Any], classes: int) -> Boundary:
    rows, columns = filled([said["rows"], said["columns"]])
    return Boundary(
        columns,
        rows,
        ends(said["x"]),
        ends(said["y"]),
        indices(said["classes"], classes, columns * rows),
        shares(said["confidence"], columns * rows),
        _points(mapping(said["train"]), classes),
        _points(mapping(said["validation"]), classes),
    )


def _points(said: Mapping[str, Any], classes: int) -> Points:
    x = numbers(said["x"])
    count = len(x)
    predicted = indices(said["predicted"], classes, count)
    true = indices(said["true"], classes, count)
    return Points(x, numbers(said["y"], count), true, predicted, whole(said["samples"]), whole(said["right"]))


def read_confusion(said: Mapping[str, Any], classes: int) -> Confusion:
    shown = indices(said["classes"], classes)
    rows = list_of(said["counts"], len(shown))
    counts = tuple(tuple(whole(count) for count in list_of(row, len(shown))) for row in rows)
    totals = tuple(whole(count) for count in list_of(said["totals"], len(shown)))
    if any(sum(row) > total for row, total in zip(counts, totals, strict=True)):
        raise ValueError("more mistakes than samples")
    return Confusion(shown, counts, totals, whole(said["right"]), whole(said["samples"]))


def read_mistakes(said: Mapping[str, Any], classes: int) -> Mistakes:
    worst = members(said["worst"], lambda mistake: _mistake(mistake, classes))
    return Mistakes(whole(said["wrong"]), whole(said["samples"]), worst)


def _mistake(said: Mapping[str, Any], classes: int) -> Mistake:
    top = (list_of(pair, 2) for pair in list_of(said["top"]))
    return Mistake(
        index(said["true"], classes),
        index(said["predicted"], classes),
        finite(said["loss"]),
        tuple((index(each, classes), finite(share)) for each, share in top),
        read_input(said),
    )
