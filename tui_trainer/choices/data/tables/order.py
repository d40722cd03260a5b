"""Puts the rows of a table in the order of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_trainer.choices.data.base import DataError
from tui_trainer.choices.data.tables.checks import check_numbers, numbers_of, text_at
from tui_trainer.choices.data.tables.reading import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray


def in_order(table: Table, time: str) -> Table:
    """The rows by a column of dates or numbers; those of equal times stay as they are.

    Raises DataError, with the line, at what says no time.
    """
    import numpy as np

    column = table.column(time)
    missing = column.missing
    if missing.any():
        raise DataError(f"{table.place(int(missing.argmax()))}: {time!r} is missing, so that nobody knows when", "time")
    if column.texts is None:
        check_numbers(table, column, "input")
        moments: NDArray[Any] = numbers_of(column)
    else:
        moments = _dates(table, time)
    return table.taken(np.argsort(moments, kind="stable"))


def _dates(table: Table, time: str) -> NDArray[Any]:
    import numpy as np
    import pandas as pd

    column = table.column(time)
    assert column.texts is not None
    parsed = pd.to_datetime(pd.Series(column.values), errors="coerce", format="mixed", utc=True)
    unclear = parsed.isna().to_numpy()[column.texts]
    if unclear.any():
        row = int(np.argmax(unclear))
        said = f"{time!r} is {text_at(column, row)!r}, neither a date nor a number"
        raise DataError(f"{table.place(row)}: {said}; write dates as 2024-01-31", "time")
    return np.asarray(parsed.astype("int64"))[column.texts]
