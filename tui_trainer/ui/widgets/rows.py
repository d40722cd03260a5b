"""Lines of text that change often: only the cells that changed are sent to the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from rich.cells import get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from tui_trainer.plots.palette import colour
from tui_trainer.plots.spec import Row

STRONG = "strong"
"""The role of a figure or word that stands out; all other roles are those of the palette, and "" is plain text."""

_MERGE = 6  # so many unchanged cells between two changes cost less than another movement of the cursor


class Rows(Widget):
    """A widget whose content is rows of text with roles, made by `rows` for the width and height that it has.

    `update()` makes them again and repaints the cells that differ.
    """

    DEFAULT_CSS = "Rows { height: auto; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strips: list[Strip] = []

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The rows for `width` cells; those beyond `height` are not seen, longer ones are cut. Must be cheap."""
        raise NotImplementedError

    def update(self) -> None:
        """Repaints what differs from what is on the screen, if anything does."""
        if not self.size:
            return
        before, self._strips = self._strips, self._made()
        regions = changed_regions(before, self._strips)
        if regions:
            self.refresh(*regions)

    def text(self) -> str:
        """What is on the screen, as plain text."""
        return "\n".join(strip.text.rstrip() for strip in self._strips)

    def on_resize(self) -> None:
        self._strips = self._made()
        self.refresh()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_mounted:
            self.update()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.rows(width, viewport.height))

    def render_line(self, y: int) -> Strip:
        if y < len(self._strips):
            return self._strips[y].apply_style(self.rich_style)
        return Strip.blank(self.size.width, self.rich_style)

    def _made(self) -> list[Strip]:
        width, height = self.size
        dark = self.app.current_theme.dark
        return [to_strip(row, width, dark) for row in self.rows(width, height)[:height]]


def style_of(role: str, dark: bool) -> Style | None:
    """The style of a role; none for plain text."""
    if not role:
        return None
    return Style(bold=True) if role == STRONG else Style(color=colour(role, dark))


def to_strip(row: Row, width: int, dark: bool) -> Strip:
    """A row as a strip of exactly `width` cells."""
    return Strip([Segment(text, style_of(role, dark)) for text, role in row if text]).adjust_cell_length(width)


def changed_regions(before: Sequence[Strip], after: Sequence[Strip]) -> list[Region]:
    """The cells in which two lists of strips differ, as regions one row high."""
    regions = []
    for y, (old, new) in enumerate(zip_longest(before, after)):
        if old is None or new is None or old.cell_length != new.cell_length:
            regions.append(Region(0, y, max(strip.cell_length for strip in (old, new) if strip), 1))
        elif old != new:
            regions += [Region(start, y, end - start, 1) for start, end in _changes(_cells(old), _cells(new))]
    return regions


def _cells(strip: Strip) -> list[tuple[str, Style | None]]:
    """One entry a cell; a wide character has two."""
    cells: list[tuple[str, Style | None]] = []
    for text, style, _ in strip:
        for character in text:
            cells += [(character, style)] * get_character_cell_size(character)
    return cells


def _changes(before: Sequence[object], after: Sequence[object]) -> list[tuple[int, int]]:
    """Starts and ends of the stretches in which two rows of cells differ; near ones are one."""
    spans: list[tuple[int, int]] = []
    for column, (old, new) in enumerate(zip(before, after, strict=True)):
        if old != new:
            if spans and column - spans[-1][1] < _MERGE:
                spans[-1] = (spans[-1][0], column + 1)
            else:
                spans.append((column, column + 1))
    return spans
