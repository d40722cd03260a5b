"""What a column must hold to be learned from, and the words for what it must not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_trainer.choices.data.base import DataError
from tui_trainer.choices.data.tables.reading import Column, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LARGEST = 3e38  # a float32 ends there


def check_numbers(table: Table, column: Column, role: str, *, may_be_missing: bool = False) -> None:
    """Raises DataError, with the line, at texts among numbers, and at numbers that are missing, infinite or huge."""
    import numpy as np

    named = f"{role} {column.name!r}" if role == "target" else repr(column.name)
    if column.texts is not None:
        row = int((column.texts >= 0).argmax())
        said = f"{named} is {text_at(column, row)!r}, and numbers are expected in this column"
        raise DataError(f"{table.place(row)}: {said}; correct it", table.field)
    if column.stray:
        row, text = column.stray
        mend = f"correct it, or name the column under categories{' or exclude' if role == 'input' else ''}"
        raise DataError(
            f"{table.place(row)}: {named} is {text!r} where the column holds numbers; {mend}", _field_of(role, table)
        )
    numbers = numbers_of(column)
    with np.errstate(invalid="ignore"):
        wild = np.isinf(numbers) | (np.abs(numbers) > _LARGEST)
    if wild.any():
        row = int(wild.argmax())
        raise DataError(
            f"{table.place(row)}: {named} is {numbers[row]:g}; every number must be finite, and at most {_LARGEST:g}",
            _field_of(role, table),
        )
    if not may_be_missing and np.isnan(numbers).any():
        place = table.place(int(np.isnan(numbers).argmax()))
        raise DataError(
            f"{place}: {named} is missing; correct it, or have it filled (fill: mean, median or zero)",
            "fill",
        )


def _field_of(role: str, table: Table) -> str:
    return "target" if role == "target" else table.field


def numbers_of(column: Column) -> NDArray[np.float64]:
    assert column.numbers is not None
    return column.numbers


def text_at(column: Column, row: int) -> str:
    assert column.texts is not None
    return column.values[int(column.texts[row])]


def rows_in_words(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"
