"""What the columns of a table hold, as far as its first rows show. Without pandas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tui_trainer.choices.data.tables.layout import Layout, is_date
from tui_trainer.choices.data.tables.roles import ID_NAMES, MOST_TEXTS


@dataclass(frozen=True)
class Seen:
    """What the first rows of a column hold."""

    name: str
    are_numbers: bool
    are_dates: bool
    distinct: int
    missing: int
    numbers_its_rows: bool  # whole numbers, one more in each row
    in_order: bool  # each is as late as the one before, or later

    @property
    def names_its_rows(self) -> bool:
        """Whether it tells rows apart, as an id does, instead of saying what they have in common."""
        if self.are_numbers:
            return self.numbers_its_rows and self.name.casefold().strip() in ID_NAMES
        return not self.are_dates and self.distinct > MOST_TEXTS


def columns_seen(layout: Layout) -> tuple[Seen, ...]:
    """Every column of a table."""
    return tuple(_seen(layout, column) for column in range(len(layout.names)))


def unlikely_targets(layout: Layout) -> Sequence[str]:
    """The columns that are hardly what a person wants predicted: dates, ids, and what is empty."""
    return [seen.name for seen in columns_seen(layout) if seen.are_dates or seen.names_its_rows or not seen.distinct]


def _seen(layout: Layout, column: int) -> Seen:
    cells = layout.cells(column)
    numeric = sum(layout.is_number(cell) for cell in cells)
    are_numbers = 2 * numeric > len(cells)
    numbers = [float(layout.plain(cell)) for cell in cells if layout.is_number(cell)] if are_numbers else []
    counted = bool(numbers) and all(b == a + 1 for a, b in pairwise(numbers))
    return Seen(
        layout.names[column],
        are_numbers,
        bool(cells) and not are_numbers and all(is_date(cell) for cell in cells[:100]),
        len(set(cells)),
        len(layout.head) - len(cells),
        counted and len(numbers) > 2,
        all(a <= b for a, b in pairwise(cells)),
    )
