"""A look at data before training: how many, of what kind, how large, what is missing, and some of them as they are.

The test part is counted and never looked at. Large data is looked at in part, and an answer has about 100 KB at most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tui_trainer.choices.data import DataError, Samples
from tui_trainer.engine.figures import rounded
from tui_trainer.engine.idle import idle_columns
from tui_trainer.engine.look.points import points
from tui_trainer.engine.look.samples import shown_samples
from tui_trainer.engine.prepare import load
from tui_trainer.engine.split import Split, split
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment

MOST_ROWS = 20_000
MOST_CELLS = 4_000_000
FEWEST_ROWS = 50
"""Rows that are looked at: at most so many, so that there are at most so many numbers, but no fewer than these."""

MOST_COLUMNS = 200
MOST_CLASSES = 100
MOST_NOTES = 50
BINS = 24

Numbers = NDArray[np.floating[Any]]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Seen:
    """What of the data is looked at: rows of the training part, which are a fair choice, and of the validation part."""

    samples: Samples
    train: Indices
    validation: Indices

    @property
    def rows(self) -> Indices:
        return np.concatenate([self.train, self.validation])


def look(mapping: Mapping[str, Any], page: int = 0) -> dict[str, Any]:
    """What the data of the experiment in `mapping` holds, as plain data; of its samples, one page.

    Raises ExperimentError if it cannot be loaded; data that is there, but cannot be split, is shown with the problem.
    """
    experiment = parse(mapping)
    try:
        samples = load(experiment.data, experiment.seed)
    except DataError as error:
        raise ExperimentError([_problem(error)]) from None
    parts, problems = _parts(samples, experiment)
    seen = _seen(samples, parts)
    return {
        "form": form_of(samples),
        "shape": list(samples.shape),
        "task": samples.task,
        "target": samples.target,
        "outputs": samples.outputs,
        "rows": len(samples.y),
        "parts": {"train": len(parts.train), "validation": len(parts.validation), "test": len(parts.test)},
        "available": parts.available,
        "looked_at": len(seen.rows),
        "ordered": samples.ordered,
        "vocabulary": len(samples.vocabulary),
        "notes": [*idle_columns(samples, parts.train), *samples.notes][:MOST_NOTES],
        "encoding": encoding_lines(samples.encoding),
        "fill": samples.fill,
        "counts": _counts(samples, parts),
        "numbers": _target_column(seen),
        **_columns(seen),
        **shown_samples(seen.samples, seen.train, seen.validation, page),
        "points": points(seen.samples, seen.train, seen.validation),
        "problems": [{"path": problem.path, "message": problem.message} for problem in problems],
    }


def form_of(samples: Samples) -> str:
    """How samples are drawn: as text, images, sequences or the rows of a table."""
    if samples.vocabulary:
        return "text"
    return {3: "images", 2: "sequences"}.get(len(samples.shape), "table")


def _problem(error: DataError) -> Problem:
    return Problem(f"data.{error.field}" if error.field else "data", str(error))


def _parts(samples: Samples, experiment: Experiment) -> tuple[Split, list[Problem]]:
    """The parts; where the data cannot be split, all of it as one, unless some of it is to be set aside."""
    try:
        return split(samples, experiment.data, experiment.seed), []
    except DataError as error:
        nothing = np.arange(0)
        rows = nothing if experiment.data.test_share else np.arange(len(samples.y))
        return Split(rows, nothing, nothing, len(rows)), [_problem(error)]


def _seen(samples: Samples, parts: Split) -> Seen:
    """At most so many rows, of both parts in the same share; those of the validation part are spread over it."""
    size = max(1, int(np.prod(samples.shape)))
    most = max(FEWEST_ROWS, min(MOST_ROWS, MOST_CELLS // size))
    share = min(1.0, most / max(1, len(parts.train) + len(parts.validation)))
    train = parts.train[: round(share * len(parts.train))]
    count = round(share * len(parts.validation))
    spread = np.linspace(0, len(parts.validation) - 1, count).astype(np.int64) if count else np.arange(0)
    return Seen(samples, train, parts.validation[spread])


# Classes and targets


def _counts(samples: Samples, parts: Split) -> dict[str, Any]:
    """How often each class, or each token of a text, is to be predicted; the commonest ones where there are many."""
    names = samples.classes or samples.vocabulary
    if not names:
        return {"of": "", "all": 0, "members": []}
    found = {part: _occurrences(samples, getattr(parts, part), len(names)) for part in ("train", "validation")}
    together = found["train"] + found["validation"]
    chosen = np.argsort(-together, kind="stable")[:MOST_CLASSES]
    if samples.classes:
        chosen = np.sort(chosen)
    members = [
        {"index": int(i), "name": names[i], "train": int(found["train"][i]), "validation": int(found["validation"][i])}
        for i in chosen
    ]
    return {"of": "class" if samples.classes else "token", "all": len(names), "members": members}


def _occurrences(samples: Samples, rows: Indices, names: int) -> Indices:
    return np.bincount(samples.y[rows].ravel(), minlength=names) if len(rows) else np.zeros(names, np.int64)


def _target_column(seen: Seen) -> dict[str, Any] | None:
    """The numbers that are to be predicted; None where none are."""
    if seen.samples.classes or seen.samples.vocabulary:
        return None
    return _column(seen.samples.target, seen.samples.y[seen.rows].ravel().astype(np.float64))


# Inputs


def _columns(seen: Seen) -> dict[str, Any]:
    """The ranges of the inputs: of each feature of a table or of sequences, of each channel of images."""
    samples = seen.samples
    if samples.vocabulary or not len(seen.rows):
        return {"columns": [], "all_columns": 0, "missing_rows": 0}
    x = np.asarray(samples.x[seen.rows])  # read once: it may come from a disk
    flat = x.reshape(len(x), -1)
    names = column_names(samples)
    columns = [_column(name, _values(x, number)) for number, name in enumerate(names[:MOST_COLUMNS])]
    return {
        "columns": columns,
        "all_columns": len(names),
        "missing_rows": int(np.isnan(flat).any(axis=1).sum()),
    }


def _values(x: Numbers, number: int) -> Numbers:
    """All values of one column: a channel of images, a feature of sequences or of rows."""
    return (x[:, number] if x.ndim == 4 else x[..., number]).ravel()


def column_names(samples: Samples) -> Sequence[str]:
    """The names of the columns: channels of images, features of sequences and of rows."""
    form, shape = form_of(samples), samples.shape
    if form == "images":
        return {1: ("pixels",), 3: ("red", "green", "blue")}.get(
            shape[0], tuple(f"channel {n + 1}" for n in range(shape[0]))
        )
    count = shape[-1] if shape else 1
    if len(samples.features) == count:
        return samples.features
    return tuple(f"{'value' if form == 'sequences' else 'input'} {n + 1}" for n in range(count))


def _column(name: str, values: Numbers) -> dict[str, Any]:
    """Range, mean and spread of the values that are there, and how many are missing."""
    known = values[np.isfinite(values)].astype(np.float64)
    said: dict[str, Any] = {"name": name, "missing": int(len(values) - len(known)), "bars": []}
    if not len(known):
        return {**said, "low": None, "mean": None, "high": None, "deviation": None, "different": 0}
    low, high = float(known.min()), float(known.max())
    bars = np.histogram(known, bins=BINS, range=(low, high))[0].tolist() if high > low else [len(known)]
    figures = {"low": low, "mean": float(known.mean()), "high": high, "deviation": float(known.std())}
    return {
        **said,
        **{key: rounded(value) for key, value in figures.items()},
        "different": len(np.unique(known[:MOST_ROWS])),
        "bars": bars,
    }


# How inputs were made of what the files hold


def encoding_lines(encoding: Mapping[str, Any]) -> list[str]:
    """What was done with the columns of a file, a line each."""
    lines = [f"{key}: {_told(value)}" for key, value in encoding.items() if value not in ({}, [], (), None, "")]
    return [line[:400] for line in lines[:MOST_NOTES]]


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        known = {key: inner for key, inner in value.items() if inner not in ({}, [], (), None, "")}
        name = known.pop("name", "")
        told = ", ".join(_told(inner) if key == "kind" else f"{key} {_told(inner)}" for key, inner in known.items())
        return f"{name} ({told})" if name else told
    if isinstance(value, list | tuple):
        return ", ".join(map(_told, value))
    return str(value)
