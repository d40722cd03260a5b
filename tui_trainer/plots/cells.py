"""A grid of terminal cells, and text cut into cells."""

from __future__ import annotations

import unicodedata
from itertools import groupby

from tui_trainer.experiment.text import clean
from tui_trainer.plots.spec import Row

BLANK = (" ", "")


def cells(text: str) -> list[str]:
    """`text`, cleaned, as one string a cell; a wide character is followed by an empty string for its second cell."""
    taken: list[str] = []
    for character in unicodedata.normalize("NFC", clean(text)):
        if unicodedata.combining(character):
            continue
        taken.append(character)
        if unicodedata.east_asian_width(character) in "WF":
            taken.append("")
    return taken


def clip(text: str, width: int, ascii_only: bool = False) -> list[str]:
    """The cells of `text`, at most `width` of them; where ASCII is all there is, others become `?`."""
    taken = cells(text)
    if ascii_only:
        taken = ["?" if character and not character.isascii() else character or "?" for character in taken]
    if len(taken) > width and width > 0 and taken[width] == "":
        return [*taken[: width - 1], " "]
    return taken[: max(0, width)]


class Grid:
    """Cells that are drawn over, then read off as rows."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.rows = [[BLANK] * width for _ in range(height)]

    def put(self, column: int, row: int, text: list[str] | str, role: str) -> None:
        """Write cells from (column, row) on; what does not fit is left out."""
        if not 0 <= row < self.height:
            return
        for offset, character in enumerate(text):
            if 0 <= column + offset < self.width:
                self.rows[row][column + offset] = (character, role if character != " " else "")

    def under(self, column: int, row: int, character: str, role: str) -> None:
        """Write one cell unless something is there."""
        if 0 <= row < self.height and 0 <= column < self.width and self.rows[row][column] == BLANK:
            self.rows[row][column] = (character, role)

    def free(self, column: int, row: int, width: int) -> bool:
        """Whether `width` cells from (column, row) on exist and are blank."""
        inside = 0 <= row < self.height and column >= 0 and column + width <= self.width
        return inside and all(cell == BLANK for cell in self.rows[row][column : column + width])

    def read(self) -> list[Row]:
        return [spans(row) for row in self.rows]


def spans(row: list[tuple[str, str]]) -> Row:
    """Neighbouring cells of one role as one span."""
    return [("".join(text for text, _ in same), role) for role, same in groupby(row, key=lambda cell: cell[1])]
