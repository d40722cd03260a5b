"""Columns of a table that tell nothing, or hardly anything: said before training, and never left out silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tui_trainer.choices.data import Samples
from tui_trainer.choices.data.tables.columns_seen import MOSTLY_MISSING

FEWEST_ROWS = 8
"""In fewer rows, about what is left of ten to train on, a column may never vary by chance."""

_FIRST = 1000  # rows, which rule most columns out quickly
_NAMED = 5

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """A column of the file and the inputs that were made of it: one of a number, one for each value of a category."""

    name: str
    inputs: range
    has_gaps: bool  # the last input is 1 where the value is missing


def idle_columns(samples: Samples, train: Indices) -> list[str]:
    """What there is to say of the columns of a table, by the rows `train`; with the cure."""
    if len(train) < FEWEST_ROWS or not isinstance(samples.x, np.ndarray):
        return []
    # Few columns are idle, and those show in the first rows already.
    suspects = [it for each in _idle(samples.x, train[:_FIRST], _columns(samples)) for it in each]
    constant, missing = _idle(samples.x, train, suspects)
    said = []
    if constant:
        said.append(
            f"{_some(constant)} never {'varies' if len(constant) == 1 else 'vary'} in training: {_cure(constant)}"
        )
    if missing:
        said.append(f"{_some(missing)}: nearly all missing in training: {_cure(missing)}")
    return said


def _columns(samples: Samples) -> list[Column]:
    found, start = [], 0
    for column in samples.encoding.get("columns", ()):
        values = column["values"] if column["kind"] == "category" else ()
        end = start + (len(values) or 1)
        has_gaps = bool(values) and samples.features[end - 1] == f"{column['name']}=(missing)"
        found.append(Column(column["name"], range(start, end), has_gaps))
        start = end
    return found


def _idle(x: NDArray[Any], rows: Indices, columns: Sequence[Column]) -> tuple[list[Column], list[Column]]:
    """The columns that never vary in these rows, and those that are nearly all missing; a gap is no value."""
    if not columns:
        return [], []
    inputs = np.concatenate([list(it.inputs) for it in columns])
    values = x[rows][..., inputs] if len(rows) <= _FIRST else x[..., inputs][rows]
    values = values.reshape(-1, len(inputs))
    varies = np.fmin.reduce(values) < np.fmax.reduce(values)
    gap = np.isnan(values).mean(axis=0)
    constant, missing, start = [], [], 0
    for column in columns:
        end = start + len(column.inputs)
        gaps = float(values[:, end - 1].mean()) if column.has_gaps else float(gap[start:end].max())
        if gaps > MOSTLY_MISSING:
            missing.append(column)
        elif not gaps and not varies[start:end].any():
            constant.append(column)
        start = end
    return constant, missing


def _cure(columns: Sequence[Column]) -> str:
    return f"put {'it' if len(columns) == 1 else 'them'} into exclude"


def _some(columns: Sequence[Column]) -> str:
    more = len(columns) - _NAMED
    return ", ".join(it.name for it in columns[:_NAMED]) + (f" and {more} more" if more > 0 else "")
