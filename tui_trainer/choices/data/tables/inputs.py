"""From columns to inputs: a number as it is, a category as one input for each of its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui_trainer.choices.data.base import DataError, Fill
from tui_trainer.choices.data.own_files import check_memory
from tui_trainer.choices.data.tables.checks import check_numbers, numbers_of, rows_in_words, text_at
from tui_trainer.choices.data.tables.reading import Column, Table
from tui_trainer.choices.data.tables.roles import MOST_TEXTS, are_row_numbers
from tui_trainer.choices.data.tables.wishes import FillText, Wishes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_INPUTS = 20_000
FLOAT_BYTES = 4

_FILLINGS: dict[Fill, str] = {"mean": "the mean", "median": "the median", "zero": "0"}
_WITHOUT_DATES = "split it into numbers (year, month, weekday), name it as `time`, or exclude it"


@dataclass(frozen=True)
class Block:
    """The inputs that one column gives."""

    column: str
    names: tuple[str, ...]
    values: NDArray[np.float32]  # (rows, inputs)
    encoding: dict[str, Any]


def make_inputs(parts: Sequence[Table], wishes: Wishes, notes: list[str]) -> list[Block]:
    rows = sum(len(part.rows) for part in parts)
    blocks: list[Block] = []
    inputs = 0
    check_memory(parts[0].path, 4 * FLOAT_BYTES * rows * len(wishes.roles.inputs), parts[0].field)
    useless = _useless_columns(parts[0], wishes)
    for name in wishes.roles.inputs:
        columns = [part.column(name) for part in parts]
        if name in useless:
            notes.append(f"{name} left out: {useless[name]}")
            continue
        inputs += 1 if columns[0].texts is None else len(columns[0].values)
        if inputs > MOST_INPUTS:
            raise DataError(
                f"{parts[0].path}: with column {name!r} there are {inputs:,} inputs (at most {MOST_INPUTS:,})",
                "exclude",
            )
        if columns[0].texts is not None:
            check_memory(parts[0].path, 4 * FLOAT_BYTES * rows * inputs, parts[0].field)
        make = _number_block if columns[0].texts is None else _category_block
        blocks.append(make(parts, columns, wishes, notes))
    return blocks


def _useless_columns(table: Table, wishes: Wishes) -> dict[str, str]:
    """The columns from which nothing can be learned, and why. Where nothing else is left, numbers of rows are kept:
    then a curve over them is wanted."""
    found = {name: reason for name in wishes.roles.inputs if (reason := _useless(table.column(name), wishes))}
    counted = {name: "it numbers the rows" for name in wishes.roles.inputs if _numbers_rows(table.column(name), wishes)}
    everything = found | counted
    return everything if wishes.in_series or len(everything) < len(wishes.roles.inputs) else found


def _numbers_rows(column: Column, wishes: Wishes) -> bool:
    import numpy as np

    numbers = column.numbers
    if numbers is None or column.strays is not None or column.name in wishes.categories or not len(numbers):
        return False
    if not np.isfinite(numbers).all() or (numbers != np.round(numbers)).any():
        return False
    return are_row_numbers(
        column.name, len(numbers), len(np.unique(numbers)), float(numbers.min()), float(numbers.max())
    )


def _useless(column: Column, wishes: Wishes) -> str:
    """Why nothing can be learned from a column; empty if something can."""
    if column.missing.all():
        return "it is empty"
    if column.texts is None or column.are_dates or column.name in wishes.categories:
        return ""
    if len(column.values) > MOST_TEXTS:
        return f"{len(column.values):,} different texts (name it under categories to use it)"
    return ""


def _number_block(parts: Sequence[Table], columns: Sequence[Column], wishes: Wishes, notes: list[str]) -> Block:
    import numpy as np

    name = columns[0].name
    for part, column in zip(parts, columns, strict=True):
        check_numbers(part, column, "input", may_be_missing=wishes.fill != "refuse")
    values = np.concatenate([numbers_of(column) for column in columns]).astype(np.float32)
    if gaps := int(np.isnan(values).sum()):
        notes.append(f"{name}: {gaps:,} missing, filled with {_FILLINGS[wishes.fill]}")
    return Block(name, (name,), values[:, None], {"name": name, "kind": "number"})


def _category_block(parts: Sequence[Table], columns: Sequence[Column], wishes: Wishes, notes: list[str]) -> Block:
    """One input for each value: 1 where a row has it, else 0. Values of the second part alone have none."""
    import numpy as np

    first, name = columns[0], columns[0].name
    if first.are_dates:
        row = int((~first.missing).argmax())
        said = f"{name!r} is {text_at(first, row)!r}, a date, which no network reads"
        raise DataError(f"{parts[0].place(row)}: {said}; {_WITHOUT_DATES}", "exclude")
    values = sorted(first.values)
    gaps = sum(int(column.missing.sum()) for column in columns)
    if gaps and wishes.fill_text == "refuse":
        part, column = next((part, column) for part, column in zip(parts, columns, strict=True) if column.missing.any())
        place = part.place(int(column.missing.argmax()))
        raise DataError(f"{place}: {name!r} is missing; correct it, or set fill_text", "fill_text")
    instead = _instead_of_missing(first, wishes.fill_text) if gaps else ""
    if gaps:
        notes.append(f"{name}: {gaps:,} missing, taken as {instead or 'a category of their own'}")
    own = ["(missing)"] if gaps and not instead else []
    index = {value: place for place, value in enumerate(values)}
    place_of_missing = index[instead] if instead else len(values)
    hot = np.zeros((sum(len(column.missing) for column in columns), len(values) + len(own)), dtype=np.float32)
    start = 0
    for column in columns:
        assert column.texts is not None
        places = np.array([*(index.get(value, -1) for value in column.values), place_of_missing])[column.texts]
        rows = np.flatnonzero(places >= 0)
        hot[start + rows, places[rows]] = 1
        if unknown := int((places < 0).sum()):
            notes.append(f"{name}: {rows_in_words(unknown)} that validate with values that {parts[0].path.name} lacks")
        start += len(places)
    names = tuple(f"{name}={value}" for value in [*values, *own])
    return Block(name, names, hot, {"name": name, "kind": "category", "values": [*values, *own], "missing": instead})


def _instead_of_missing(column: Column, choice: FillText) -> str:
    """The value that stands for what is missing; empty if that is a category of its own."""
    import numpy as np

    if choice == "category":
        return ""
    assert column.texts is not None
    return column.values[int(np.bincount(column.texts[column.texts >= 0]).argmax())]
