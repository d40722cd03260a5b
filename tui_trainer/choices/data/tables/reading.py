"""Reads the columns of a table, by pandas: numbers as numbers, texts as the indices of their values."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_trainer.choices.data.base import DataError
from tui_trainer.choices.data.own_files import check_memory
from tui_trainer.choices.data.tables.layout import MISSING, Layout, is_date, is_number, plain_lines

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

FLOAT_BYTES = 8
HEAD_ROWS = 200

_LOOKED_AT = 100  # values


@dataclass(frozen=True)
class Column:
    """What stands in a column: numbers (NaN where one is missing), or texts (the index of each, -1 where missing)."""

    name: str
    numbers: NDArray[np.float64] | None = None
    texts: NDArray[np.int64] | None = None
    values: tuple[str, ...] = ()  # of texts, in the order in which they first appear
    are_dates: bool = False
    strays: NDArray[np.int64] | None = None  # of texts among numbers: the index of each, -1 where a number stands

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which rows (rows,) lack a value."""
        import numpy as np

        return np.isnan(self.numbers) if self.numbers is not None else self._indices < 0

    @property
    def _indices(self) -> NDArray[np.int64]:
        assert self.texts is not None
        return self.texts

    @property
    def stray(self) -> tuple[int, str] | None:
        """The first text among numbers, with its row."""
        if self.strays is None or not (self.strays >= 0).any():
            return None
        row = int((self.strays >= 0).argmax())
        return row, self.values[int(self.strays[row])]

    def taken(self, rows: NDArray[Any]) -> Column:
        """Some of its rows, chosen by index or by a mask."""
        numbers, texts, strays = (
            None if cells is None else cells[rows] for cells in (self.numbers, self.texts, self.strays)
        )
        return replace(self, numbers=numbers, texts=texts, strays=strays)


@dataclass(frozen=True)
class Table:
    """Columns of one file."""

    path: Path
    columns: tuple[Column, ...]
    rows: NDArray[np.int64]  # of each row of the columns, its place among those of the file
    layout: Layout | None = None  # None: its rows are no lines
    encoding: str = ""
    field: str = field(default="file", compare=False)  # of the data set: the one that names the file

    def column(self, name: str) -> Column:
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def taken(self, rows: NDArray[Any]) -> Table:
        """Some of its rows, chosen by index or by a mask."""
        return replace(self, columns=tuple(column.taken(rows) for column in self.columns), rows=self.rows[rows])

    def place(self, row: int) -> str:
        """File and line of a row, as errors begin with it."""
        number = int(self.rows[row])
        if self.layout is None:
            return f"{self.path}: row {number + 1}"
        lines = (line for line, _ in _records(self.path, self.layout, self.encoding))
        return f"{self.path}:{next((line for i, line in enumerate(lines) if i == number), number + 1)}"


def read_text_table(
    path: Path, layout: Layout, encoding: str, wanted: Collection[str], as_text: Collection[str], field: str
) -> Table:
    """Reads some columns of a text file; those in `as_text` hold texts even where they look like numbers.

    Raises DataError, with the line, at rows that have other columns than the first one.
    """
    import pandas as pd

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(
                path,
                sep=r"\s+" if layout.delimiter == " " else layout.delimiter,
                header=0 if layout.has_header else None,
                names=list(layout.names),
                dtype=dict.fromkeys(as_text, str),
                index_col=False,
                encoding=encoding,
                skipinitialspace=True,
                na_values=list(MISSING),
                keep_default_na=False,
                decimal=layout.decimal,
                thousands=layout.thousands or None,
                low_memory=False,
            )
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError) as error:
        _check_rows(path, layout, encoding, field)
        raise DataError(f"{path}: not a table: {error}", field) from error
    except (ValueError, OverflowError) as error:
        raise DataError(f"{path}: cannot be read as a table: {error}", field) from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}", field) from error
    if layout.names[-1] in frame and frame[layout.names[-1]].isna().any():
        _check_rows(path, layout, encoding, field)  # a row that is too short looks as if its last values were missing
    chosen = set(wanted)
    wanted_columns = [name for name in layout.names if name in chosen]
    table = _table(path, frame[wanted_columns], as_text, field, layout.plain)
    return replace(table, layout=layout, encoding=encoding)


def parquet_head(path: Path, field: str) -> tuple[Layout, int]:
    """The columns of a Parquet file with its first rows, as texts, and how many rows it has.

    Raises DataError if it is none, or too large for the memory.
    """
    parquet = _pyarrow(field)
    try:
        file = parquet.ParquetFile(path)
        names, rows = file.schema_arrow.names, file.metadata.num_rows
        batch = next(file.iter_batches(HEAD_ROWS, use_threads=False), None)
        head = tuple(tuple(map(_cell, row.values())) for row in batch.to_pylist()) if batch else ()
    except (OSError, ValueError, TypeError) as error:
        raise DataError(f"{path}: not a Parquet file, or a damaged one: {_first_line(error)}", field) from error
    check_memory(path, 3.0 * FLOAT_BYTES * rows * len(names), field)
    return Layout("", True, tuple(names), head, whole=rows <= HEAD_ROWS), rows


def _cell(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def read_parquet(path: Path, wanted: Collection[str], as_text: Collection[str], field: str) -> Table:
    """Reads some columns of a Parquet file. Raises DataError if it is none, or if they hold more than single values."""
    parquet = _pyarrow(field)
    try:
        found = parquet.read_table(path, columns=list(wanted), use_threads=False)
        for column in found.schema:
            if _is_nested(str(column.type)):
                raise DataError(
                    f"{path}: column {column.name!r} holds {column.type}, and only numbers and texts can be learned "
                    "from; exclude it",
                    "exclude",
                )
        frame = found.to_pandas(use_threads=False)
    except (OSError, ValueError, TypeError) as error:
        raise DataError(f"{path}: not a Parquet file, or a damaged one: {_first_line(error)}", field) from error
    return _table(path, frame[list(wanted)], as_text, field)


def _is_nested(type: str) -> bool:
    return type.startswith(("list", "large_list", "fixed_size", "struct", "map", "binary", "large_binary"))


def _pyarrow(field: str) -> Any:
    try:
        from pyarrow import parquet  # type: ignore[import-untyped,unused-ignore]
    except ImportError as error:
        wanted = "pip install 'tui-trainer[parquet]'"
        raise DataError(
            f"a Parquet file is read by pyarrow, which is not installed; {wanted} brings it", field
        ) from error
    return parquet


def _table(
    path: Path, frame: pd.DataFrame, as_text: Collection[str], field: str, plain: Callable[[str], str] = str
) -> Table:
    """Rows in which everything is missing, as spreadsheets write them below a table, are left out."""
    import numpy as np

    empty = frame.isna().all(axis=1).to_numpy()
    if empty.any():
        frame = frame[~empty]
    columns = tuple(_column(str(name), frame[name], str(name) in as_text, plain) for name in frame.columns)
    return Table(path, columns, np.flatnonzero(~empty), field=field)


def _column(name: str, series: pd.Series[Any], as_text: bool, plain: Callable[[str], str]) -> Column:
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(series) or pd.api.types.is_timedelta64_dtype(series):
        texts, values = pd.factorize(series)
        return Column(name, texts=texts, values=tuple(map(str, values)), are_dates=True)
    is_numeric = pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series)
    if is_numeric and not as_text:
        return Column(name, series.to_numpy(dtype="float64", na_value=float("nan")))
    texts, values = pd.factorize(series.map(_stripped, na_action="ignore"))
    column = Column(name, texts=texts, values=tuple(values))
    return column if as_text else _numbers_among(column, [plain(value) for value in column.values])


def _stripped(value: Any) -> str | None:
    """The text without the blanks around it; None if nothing is left that says something."""
    text = str(value).strip()
    return None if text in MISSING else text


def _numbers_among(column: Column, plain: Sequence[str]) -> Column:
    """The column as numbers if most of its values are, with the first that is none; else as the texts it holds."""
    import numpy as np

    assert column.texts is not None
    numeric = np.array([is_number(value) for value in plain], dtype=bool)
    parsed = np.array([float(value) if is_number(value) else np.nan for value in plain])
    known = column.texts[column.texts >= 0]
    if not len(known):
        return Column(column.name, np.full(len(column.texts), np.nan))
    if 2 * numeric[known].sum() <= len(known):
        dates = all(is_date(value) for value in column.values[:_LOOKED_AT])
        return replace(column, are_dates=dates)
    numbers = np.where(column.texts >= 0, parsed[column.texts], np.nan)
    strays = np.where((column.texts >= 0) & ~numeric[column.texts], column.texts, -1)
    return Column(column.name, numbers, values=column.values, strays=strays)


def _check_rows(path: Path, layout: Layout, encoding: str, field: str) -> None:
    """Raises DataError at the first row that has more or fewer columns than the table."""
    width = len(layout.names)
    for line, cells in _records(path, layout, encoding, field, strict=True):
        if len(cells) != width:
            raise DataError(
                f"{path}:{line}: {len(cells)} columns, and the rows above have {width}; a cell that holds "
                f"{layout.delimiter!r} must stand in double quotes",
                field,
            )


def _records(
    path: Path, layout: Layout, encoding: str, field: str = "", *, strict: bool = False
) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows below the header as pandas counts them, each with the line on which it begins.

    With `strict` raises DataError where a quotation mark is never closed.
    """
    line, skipped = 1, not layout.has_header
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        lines = plain_lines(file, layout.delimiter)
        reader = csv.reader(lines, delimiter=layout.delimiter, skipinitialspace=True, strict=strict)
        try:
            for cells in reader:
                if len(cells) > 1 or any(cell.strip() for cell in cells):
                    if skipped:
                        yield line, cells
                    skipped = True
                line = reader.line_num + 1
        except csv.Error as error:
            if strict:
                raise DataError(f"{path}:{line}: not a row of a table: {error}", field) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
