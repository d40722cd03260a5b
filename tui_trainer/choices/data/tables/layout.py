"""How a table is written: what parts its columns, whether it names them. Read off the first rows, without pandas."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tui_trainer.choices.data.base import DataError
from tui_trainer.choices.data.own_files import HEAD, check_text, decode_some, head_encoding, read_head

Delimiter = Literal["auto", "comma", "semicolon", "tab", "pipe", "space"]
Header = Literal["auto", "yes", "no"]

DELIMITERS: dict[Delimiter, str] = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " "}
_LOOKED_AT = 200  # rows
LONGEST_CELL = 2**20
FEWEST_LINES, LONGEST_HEAD = 20, 2**22
"""The head of a file is of so many lines at least, if they fit into so many bytes: there may be many columns."""

MISSING = ("", "?", *("NA", "na", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-nan", "NULL", "null", "None", "none"))
"""What stands for a missing value."""

_POINT = re.compile(r"[-+]?\d+\.\d+")
_COMMA = re.compile(r"[-+]?\d+,\d+")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
_PRICE = re.compile(r"([-+]?)[$€£¥₩]\s?([-+]?[\d.,]+)|([-+]?[\d.,]+)\s?[$€£¥₩원]")
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?([T ].*)?"  # 2024-01-31, with or without a time
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}( .*)?"  # 31.01.2024, 1/31/24
    r"|\d{4}년 ?\d{1,2}월( ?\d{1,2}일)?.*"
    r"|\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"  # a time of day
    r"|\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}.*|[A-Za-z]{3,9} \d{1,2}, \d{4}.*"
)
_POINTS_AND_COMMA = re.compile(r"[-+]?\d{1,3}(\.\d{3})+,\d+")


@dataclass(frozen=True)
class Layout:
    """How a table is written, and its first rows."""

    delimiter: str
    has_header: bool
    names: tuple[str, ...]  # of its columns, all different
    head: tuple[tuple[str, ...], ...]  # the first rows below the header, each with a cell for every column
    decimal: str = "."
    thousands: str = ""
    whole: bool = False  # whether these are all rows
    bytes: int = 0  # that the first rows of a text file take, with the header

    def cells(self, column: int) -> list[str]:
        """The first cells of a column that are not missing."""
        return [row[column] for row in self.head if row[column] not in MISSING]

    def is_number(self, cell: str) -> bool:
        """Whether a cell is read as a number."""
        return is_number(self.plain(cell))

    def plain(self, cell: str) -> str:
        """A number as programs write it, without the sign of a currency."""
        cell = _without_currency(cell)
        return (cell.replace(self.thousands, "") if self.thousands else cell).replace(self.decimal, ".")


def read_layout(
    path: Path, *, delimiter: Delimiter = "auto", header: Header = "auto", encoding: str = "auto", field: str = "file"
) -> Layout:
    """Looks at the head of a file. Raises DataError if it is no table."""
    head, whole = _first_rows(path, field)
    check_text(path, head, field)
    text = decode_some(head, head_encoding(head) if encoding == "auto" else encoding)
    if not whole:
        text = text[: text.rfind("\n") + 1] or text
    if not text.strip():
        raise DataError(f"{path}: empty: there is nothing but blanks in it", field)
    parted_by = DELIMITERS[delimiter] if delimiter != "auto" else guess_delimiter(text)
    rows = _rows(path, text, parted_by, field)
    names = rows[0]
    width = len(names)
    if rows[1:] and all(len(row) == width + 1 for row in rows[1:]):
        # Each row ends with the mark that parts columns, or begins with a name of its own as R writes it.
        names = [*names, ""] if all(not row[-1] for row in rows[1:]) else ["row", *names]
        width += 1
    body = [row for row in rows[1:] if len(row) == width]
    decimal, thousands = _marks_in_numbers(parted_by, body)
    has_header = header == "yes" or (header == "auto" and _is_header(names, body))
    below = body if has_header else [row for row in rows if len(row) == width]
    if not below and len(rows) < 2 and not whole:
        raise DataError(f"{path}: not a table: its first {len(head):,} bytes are a single row", field)
    if not below and len(rows) < 2:
        there = "a header alone" if has_header else "a single row"
        raise DataError(f"{path}: {there}; a header and a row for each sample are needed", field)
    if not below:
        raise DataError(f"{path}:2: {len(rows[1])} columns, and the row above has {width}", field)
    columns = _different(names) if has_header else tuple(f"column {number}" for number in range(1, width + 1))
    return Layout(parted_by, has_header, columns, tuple(map(tuple, below)), decimal, thousands, whole, len(head))


def _first_rows(path: Path, field: str) -> tuple[bytes, bool]:
    """The bytes of some rows at a file's beginning, more of them where rows are long, and whether these are all."""
    size = HEAD
    head = read_head(path, field, size)
    while len(head) == size < LONGEST_HEAD and head.count(b"\n") < FEWEST_LINES:
        size *= 2
        head = read_head(path, field, size)
    return head, len(head) < size


def guess_delimiter(text: str) -> str:
    """What parts the columns of a text: the mark that is found in each line as often as in the others.

    A comma if none is: the table has a single column.
    """
    lines = [line for line in text.splitlines()[:_LOOKED_AT] if line.strip()]
    return max(DELIMITERS.values(), key=lambda mark: _evenness(lines, mark)) if lines else ","


def is_table(text: str) -> bool:
    """Whether nearly all lines of a text have the same number of columns, two at least, unlike running text.

    Blanks part columns of numbers only.
    """
    lines = [line for line in text.splitlines()[:_LOOKED_AT] if line.strip()]
    marks = [mark for mark in DELIMITERS.values() if mark != " "]
    if len(lines) < 2:
        return False
    if any(_evenness(lines, mark)[0] >= 0.9 for mark in marks):
        return True
    numbers = [line for line in lines if all(map(is_number, line.split()))]
    return len(numbers) >= 0.9 * len(lines) and _evenness(numbers, " ")[0] >= 0.45


def plain_lines(lines: Iterable[str], delimiter: str) -> Iterable[str]:
    """Lines as the csv module takes them: where blanks part columns, any number of them does."""
    return (" ".join(line.split()) + "\n" for line in lines) if delimiter == " " else lines


def is_number(text: str) -> bool:
    """Whether a text is a number as programs write them, or stands for an infinite one."""
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def is_date(text: str) -> bool:
    """Whether a text is a date, a time, or both."""
    return _DATE.fullmatch(text) is not None


def _evenness(lines: Sequence[str], mark: str) -> tuple[float, int]:
    """The share of the lines that agree in how many columns a mark makes, and the columns; worst if that is one."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        counts = Counter(len(next(csv.reader(plain_lines([line], mark), delimiter=mark), [])) for line in lines)
    except csv.Error:  # a line that is longer than any cell may be
        return 0, 0
    columns, agreeing = max(counts.items(), key=lambda item: (item[1], item[0]))
    # A blank is the last resort: it stands inside the cells of many tables.
    weight = 0.5 if mark == " " else 1
    return (weight * agreeing / len(lines), columns) if columns > 1 else (0, 0)


def _rows(path: Path, text: str, delimiter: str, field: str) -> list[list[str]]:
    """The rows of a text that are not empty."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        rows = [
            [cell.strip() for cell in row]
            for row in csv.reader(
                plain_lines(io.StringIO(text, newline=""), delimiter), delimiter=delimiter, skipinitialspace=True
            )
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise DataError(f"{path}: not a table: {error}", field) from error
    if not rows:
        raise DataError(f"{path}: empty: no row has anything in it", field)
    return rows


def _without_currency(cell: str) -> str:
    price = _PRICE.fullmatch(cell)
    return "".join(part or "" for part in price.groups()) if price else cell


def _is_header(first: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: it holds texts, all different, that no other row has in their place."""
    if any(is_number(cell) and cell not in MISSING for cell in first):
        return False
    if not body or any(is_number(row[column]) for row in body[:_LOOKED_AT] for column in range(len(first))):
        return True
    again = any(row[column] == cell for row in body for column, cell in enumerate(first) if cell)
    return len(set(first)) == len(first) and not again


def _marks_in_numbers(delimiter: str, body: Sequence[Sequence[str]]) -> tuple[str, str]:
    """The decimal mark and what groups thousands, as far as the first rows show."""
    cells = [_without_currency(cell) for row in body[:_LOOKED_AT] for cell in row]
    if any(_POINTS_AND_COMMA.fullmatch(cell) for cell in cells):
        return ",", "."
    commas = [cell for cell in cells if _COMMA.fullmatch(cell) or _THOUSANDS.fullmatch(cell)]
    points = any(_POINT.fullmatch(cell) for cell in cells)
    if not commas:
        return ".", ""
    if all(_THOUSANDS.fullmatch(cell) for cell in commas) and (points or delimiter == ","):
        return ".", ","
    return (",", "") if not points and delimiter != "," else (".", "")


def _different(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of columns, told apart by a number where they are the same or empty."""
    names: dict[str, None] = {}
    for number, cell in enumerate(cells, start=1):
        name = plain = cell or f"column {number}"
        copy = 1
        while name in names:
            copy += 1
            name = f"{plain} ({copy})"
        names[name] = None
    return tuple(names)
