"""A table of plain text, with columns as wide as they need to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

_BETWEEN = "  "


@dataclass(frozen=True)
class Text:
    """A cell: what it says, and the role of its colour."""

    text: str = ""
    role: str = ""


@dataclass(frozen=True)
class TextColumn:
    """A column: its heading, the figure that it shows of each side if it does, whether its cells end at the right."""

    heading: str
    key: str = ""
    right: bool = True


@dataclass(frozen=True)
class TextTable:
    """Columns, and rows with a cell for each of them."""

    columns: tuple[TextColumn, ...] = ()
    rows: tuple[tuple[Text, ...], ...] = ()
    least: tuple[int, ...] = ()  # cells that each column has at least, for figures that are still to come

    def widths(self) -> list[int]:
        """The cells that each column needs."""
        cells = [[column.heading, *(row[at].text for row in self.rows)] for at, column in enumerate(self.columns)]
        needed = [max(map(cell_len, column)) for column in cells]
        return list(map(max, needed, self.least)) if self.least else needed

    def room(self) -> int:
        """The cells of a line."""
        widths = self.widths()
        return sum(widths) + len(_BETWEEN) * (len(widths) - 1)

    def lines(self, width: int = 0) -> list[str]:
        """As lines of plain text, headings first; columns that do not fit in `width` cells (0: any) are left out."""
        widths = self.widths()
        while width and len(widths) > 1 and sum(widths) + len(_BETWEEN) * (len(widths) - 1) > width:
            widths.pop()
        told = [[column.heading for column in self.columns], *([cell.text for cell in row] for row in self.rows)]
        return [_line(line, widths, self.columns).rstrip() for line in told]


def _line(texts: Sequence[str], widths: Sequence[int], columns: Sequence[TextColumn]) -> str:
    padded = (
        " " * (width - cell_len(text)) + text if column.right else set_cell_size(text, width)
        for text, width, column in zip(texts, widths, columns, strict=False)
    )
    return _BETWEEN.join(padded)
