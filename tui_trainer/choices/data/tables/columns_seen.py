"""What the columns of a table hold, as far as its first rows show. Without pandas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tui_trainer.choices.data.tables.layout import Layout, is_date
from tui_trainer.choices.data.tables.roles import MOST_TEXTS, are_row_numbers

_TWO_VALUES = ({"yes", "no"}, {"true", "false"}, {"0", "1"}, {"0.0", "1.0"}, {"y", "n"}, {"t", "f"}, {"예", "아니오"})

MOSTLY_MISSING = 0.95
"""A column without a value in more than this share of the rows is hardly worth an input."""


@dataclass(frozen=True)
class Seen:
    """What the first rows of a column hold."""

    name: str
    are_numbers: bool
    are_dates: bool
    distinct: int
    missing: int
    numbers_its_rows: bool  # whole numbers, all different, that count or are called an id
    in_order: bool  # each is as late as the one before, or later
    has_two_values: bool = False  # yes and no, true and false, 0 and 1

    @property
    def names_its_rows(self) -> bool:
        """Whether it tells rows apart, as an id does, instead of saying what they have in common."""
        if self.are_numbers:
            return self.numbers_its_rows
        return not self.are_dates and self.distinct > MOST_TEXTS


def columns_seen(layout: Layout) -> tuple[Seen, ...]:
    """Every column of a table."""
    return tuple(_seen(layout, column) for column in range(len(layout.names)))


def unlikely_targets(layout: Layout) -> Sequence[str]:
    """The columns that are hardly what a person wants predicted: dates, ids, and what is empty."""
    return [seen.name for seen in columns_seen(layout) if seen.are_dates or seen.names_its_rows or not seen.distinct]


def flags(layout: Layout) -> Sequence[str]:
    """The columns of yes and no, one of which is likely predicted; none of a table in the order of time, where the
    others are."""
    columns = columns_seen(layout)
    if any(seen.are_dates and seen.in_order and seen.distinct > 1 for seen in columns):
        return []
    return [seen.name for seen in columns if seen.has_two_values]


def _seen(layout: Layout, column: int) -> Seen:
    cells = layout.cells(column)
    numeric = sum(layout.is_number(cell) for cell in cells)
    are_numbers = 2 * numeric > len(cells)
    numbers = [float(layout.plain(cell)) for cell in cells if layout.is_number(cell)] if are_numbers else []
    whole = len(numbers) == len(layout.head) and all(number.is_integer() for number in numbers)
    return Seen(
        layout.names[column],
        are_numbers,
        bool(cells) and not are_numbers and all(is_date(cell) for cell in cells[:100]),
        len(set(cells)),
        len(layout.head) - len(cells),
        whole and are_row_numbers(layout.names[column], len(numbers), len(set(numbers)), min(numbers), max(numbers)),
        all(a <= b for a, b in pairwise(cells)),
        {cell.casefold() for cell in cells} in _TWO_VALUES,
    )
