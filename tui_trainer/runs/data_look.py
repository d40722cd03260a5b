"""What the data of an experiment holds, as a worker saw it before training.

What an answer says is data: text is cleaned, sizes are checked.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from tui_trainer.runs import parsing
from tui_trainer.runs.parsing import finite, mapping, number, text, texts, whole

MOST_COLUMNS = 1_000
MOST_MEMBERS = 1_000
MOST_SAMPLES = 200
MOST_NUMBERS = 20_000
MOST_PIXELS = 128 * 128
HEX = "0123456789abcdef"

_UNSEEN = {"\n": "newline", "\t": "tab", "\r": "return"}
"""What tokens that nobody would see, or tell from a space, are called."""

FORMS = ("table", "images", "sequences", "text")


@dataclass(frozen=True)
class Column:
    """The numbers of one feature: their range, and how many of them fall into each of equally wide parts of it."""

    name: str
    low: float
    mean: float
    high: float
    deviation: float
    missing: int
    different: int  # values
    bars: tuple[int, ...]

    @property
    def constant(self) -> bool:
        """Whether it says nothing, because it never varies."""
        return self.low == self.high


@dataclass(frozen=True)
class Member:
    """A class, or a token of a text, and how often it is to be predicted."""

    index: int
    name: str
    train: int
    validation: int


@dataclass(frozen=True)
class Sample:
    """A sample as it can be looked at: values, an image, the curves of a sequence, or a text."""

    row: int  # from 0
    part: str
    target: str
    label: int | None = None  # of its class
    values: tuple[float, ...] = ()
    height: int = 0
    width: int = 0
    channels: int = 1
    image: tuple[int, ...] = ()  # 0 to 15, by rows; three numbers a pixel where there are three channels
    curves: tuple[tuple[float, ...], ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Axis:
    """A feature, or something made of all of them, with its value for each point."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Points:
    """Samples as points of a plane: any two of the axes; the `pair` tells most of what is to be predicted."""

    axes: tuple[Axis, ...]
    pair: tuple[int, int]
    targets: tuple[float, ...]  # the index of the class, or the number
    validates: tuple[bool, ...]


@dataclass(frozen=True)
class DataLook:
    """A data set before training."""

    form: str
    shape: tuple[int, ...]  # of a sample
    task: str
    target: str
    outputs: int  # numbers, or scores of classes or tokens, that are predicted for each sample
    rows: int
    parts: Mapping[str, int]  # train, validation, test
    available: int  # of the training part, before it is shortened
    looked_at: int  # rows of which ranges and missing values were taken
    ordered: bool
    vocabulary: int
    fill: str
    notes: tuple[str, ...]
    encoding: tuple[str, ...]
    counted: str  # what `members` are: class or token; empty if numbers are predicted
    all_members: int
    members: tuple[Member, ...]
    numbers: Column | None  # what is to be predicted, where that is numbers
    columns: tuple[Column, ...]
    all_columns: int
    missing_rows: int  # of those looked at
    samples: tuple[Sample, ...]  # one page of them
    samples_from: int  # how many come before that page
    samples_of: int  # how many there are on all pages
    points: Points | None
    problems: tuple[tuple[str, str], ...]  # path and message: why it cannot be trained on as it is

    @property
    def missing(self) -> int:
        """Values that are missing in the rows looked at."""
        return sum(column.missing for column in self.columns)

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """Raises ValueError or LookupError if `said` is no look at data."""
        counts = mapping(said["counts"])
        if said["form"] not in FORMS:
            raise ValueError(f"{said['form']!r} is no form of data")
        return cls(
            form=said["form"],
            shape=parsing.wholes(said["shape"]),
            task=text(said["task"]),
            target=text(said["target"]),
            outputs=whole(said.get("outputs", 1)),
            rows=whole(said["rows"]),
            parts=parsing.counts(said["parts"]),
            available=whole(said["available"]),
            looked_at=whole(said["looked_at"]),
            ordered=said.get("ordered") is True,
            vocabulary=whole(said.get("vocabulary", 0)),
            fill=text(said.get("fill")),
            notes=texts(said.get("notes")),
            encoding=texts(said.get("encoding")),
            counted=text(counts["of"]),
            all_members=whole(counts["all"]),
            members=tuple(_member(mapping(it)) for it in _list(counts["members"], MOST_MEMBERS)),
            numbers=_column(mapping(said["numbers"])) if said.get("numbers") else None,
            columns=tuple(_column(mapping(it)) for it in _list(said["columns"], MOST_COLUMNS)),
            all_columns=whole(said["all_columns"]),
            missing_rows=whole(said["missing_rows"]),
            samples=tuple(_sample(mapping(it)) for it in _list(said["samples"], MOST_SAMPLES)),
            samples_from=whole(said.get("samples_from", 0)),
            samples_of=whole(said.get("samples_of", len(said["samples"] or ()))),
            points=_points(mapping(said["points"])) if said.get("points") else None,
            problems=tuple(
                (text(it.get("path")), text(it.get("message"))) for it in map(mapping, _list(said.get("problems"), 50))
            ),
        )


def _list(value: Any, most: int) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError("no list")
    return value[:most]


def _numbers(value: Any) -> tuple[float, ...]:
    return tuple(number(it) for it in _list(value, MOST_NUMBERS))


def _column(said: Mapping[str, Any]) -> Column:
    low, mean, high, deviation = (number(said[name]) for name in ("low", "mean", "high", "deviation"))
    return Column(
        text(said["name"]),
        low,
        mean,
        high,
        deviation,
        whole(said["missing"]),
        whole(said["different"]),
        tuple(whole(it) for it in _list(said["bars"], 200)),
    )


def _member(said: Mapping[str, Any]) -> Member:
    name = _UNSEEN.get(str(said["name"]), text(said["name"]))
    return Member(whole(said["index"]), name, whole(said["train"]), whole(said["validation"]))


def _sample(said: Mapping[str, Any]) -> Sample:
    shape = parsing.wholes(said.get("shape")) or (0, 0)
    if len(shape) != 2:
        raise ValueError("an image without height and width")
    channels = whole(said.get("channels", 1))
    image = str(said.get("image", ""))
    if len(image) != shape[0] * shape[1] * channels or len(image) > 3 * MOST_PIXELS or not set(image) <= set(HEX):
        raise ValueError("an image that is none")
    return Sample(
        row=whole(said["row"]),
        part=text(said["part"]),
        target=text(said["target"]),
        label=parsing.optional_whole(said.get("class")),
        values=_numbers(said.get("values")),
        height=shape[0],
        width=shape[1],
        channels=channels,
        image=tuple(HEX.index(digit) for digit in image),
        curves=tuple(_numbers(curve) for curve in _list(said.get("curves"), 20)),
        text=text(said.get("text")),
    )


def _points(said: Mapping[str, Any]) -> Points:
    axes = tuple(Axis(text(mapping(it)["name"]), _numbers(it["values"])) for it in _list(said["axes"], 100))
    pair = parsing.wholes(said["pair"])
    targets = tuple(finite(it) for it in _list(said["targets"], MOST_NUMBERS))
    validates = tuple(it is True for it in _list(said["validates"], MOST_NUMBERS))
    if len(pair) != 2 or max(pair) >= len(axes):
        raise ValueError("a pair of axes that is none")
    if any(len(axis.values) != len(targets) for axis in axes) or len(validates) != len(targets):
        raise ValueError("points that have not all a value on each axis")
    return Points(axes, (pair[0], pair[1]), targets, validates)


def share(part: float, whole: float) -> float:
    """A part of a whole, 0 where there is nothing."""
    return part / whole if whole else 0.0


def known(values: tuple[float, ...]) -> list[float]:
    """Those that are numbers."""
    return [value for value in values if math.isfinite(value)]
