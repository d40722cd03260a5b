"""Lines of text that change often: only the cells that changed are sent to the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import monotonic
from typing import ClassVar

from rich.cells import cell_len, get_character_cell_size, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from tui_trainer.experiment.text import clean
from tui_trainer.plots.palette import FAINT, colour
from tui_trainer.plots.spec import Row, Span
from tui_trainer.ui.terminal.glyphs import BAR_EMPTY, BAR_FULL, BAR_HALF, MORE

STRONG = "strong"
"""The role of a word or figure that stands out; the others are those of the palette, and "" is plain text."""

_MERGE = 6  # so many unchanged cells between two changes cost less than another movement of the cursor


class Rows(Widget):
    """A widget whose content is rows of text with roles, made by `rows` for the width and height that it has.

    `update()` makes them again and repaints the cells that differ. Where figures change faster than they can be read,
    `update_calmly()` does so at most once in `REST` seconds.
    """

    DEFAULT_CSS = "Rows { height: auto; }"

    REST: ClassVar[float] = 0.0

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: list[Row] = []
        self._width = 0  # that they were made for
        self._subject: object = None
        self._updated = 0.0
        self._waiting: Timer | None = None

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The rows for `width` cells; those beyond `height` are not seen, longer ones are cut. Must be cheap."""
        raise NotImplementedError

    def update(self) -> None:
        """Repaints what differs from what is on the screen, if anything does."""
        self._updated = monotonic()
        width, height = self.size
        before, self._rows = self._rows, [exact(row, width) for row in self.rows(width, height)[:height]]
        before_width, self._width = self._width, width
        if len(before) != len(self._rows) or before_width != width:
            self.refresh()
        elif regions := changed_regions(before, self._rows):
            self.refresh(*regions)

    def update_calmly(self, subject: object) -> None:
        """As `update`; soon, if that was just now and `subject`, what it is all about, is the same as then."""
        left = self._updated + self.REST - monotonic()
        if subject != self._subject or left <= 0:
            self._subject = subject
            self.update()
        elif self._waiting is None:
            self._waiting = self.set_timer(left, self._update_at_last)

    def _update_at_last(self) -> None:
        self._waiting = None
        self.update()

    def text(self) -> str:
        """What is on the screen, as plain text."""
        return "\n".join("".join(text for text, _ in row).rstrip() for row in self._rows)

    def on_resize(self) -> None:
        self._rows = []
        self.update()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.rows(width, viewport.height))

    def render_line(self, y: int) -> Strip:
        return draw_row(self, self._rows[y] if y < len(self._rows) else [], self.size.width)


def draw_row(widget: Widget, row: Row, width: int, over: Style | None = None) -> Strip:
    """A row as a strip of `width` cells in the colours of `widget`'s theme; `over` is laid over them."""
    base = widget.rich_style + over if over else widget.rich_style
    strip = Strip([Segment(text, base + style_of(role, widget)) for text, role in row])
    return strip.adjust_cell_length(width, base)


def style_of(role: str, widget: Widget) -> Style:
    """The style of a role in the theme that is on; without colours, by weight."""
    if role in ("", STRONG):
        return Style(bold=True) if role else Style.null()
    if widget.app.no_color:
        return Style(bold=role == "warning", dim=FAINT in role or role in ("label", "axis"))
    return Style(color=colour(role, widget.app.current_theme.dark))


def exact(row: Row, width: int) -> Row:
    """The row in exactly `width` cells, without anything that a terminal would obey."""
    made: Row = []
    room = width
    for text, role in row:
        fitting = clean(text)
        cells = cell_len(fitting)
        if cells > room:
            fitting, cells = set_cell_size(fitting, room), room
        if fitting:
            made.append((fitting, role))
        room -= cells
    return [*made, (" " * room, "")] if room else made


def row_width(row: Iterable[Span]) -> int:
    """The cells that a row takes."""
    return sum(cell_len(text) for text, _ in row)


def fitting(fields: list[tuple[int, Row]], room: int) -> Row:
    """Fields side by side, each with its rank, without those of the highest ranks for which there is no room."""
    while fields and sum(2 + row_width(row) for _, row in fields) > room:
        fields.remove(max(fields, key=lambda field: field[0]))
    return [span for _, row in fields for span in [("  ", ""), *row]]


def bar(share: float, width: int, role: str = "") -> Row:
    """A bar of `width` cells, so much of it full; `role` is that of the full part."""
    halves = int(2 * width * share)
    done = BAR_FULL * (halves // 2) + BAR_HALF * (halves % 2)
    return [(done, role), (BAR_EMPTY * (width - len(done)), "axis")]


def whole(row: Row, width: int) -> Row:
    """As `exact`, but no word is cut: those that do not fit are left out for a sign that says so."""
    if row_width(row) <= width:
        return exact(row, width)
    made: Row = []
    room = width - cell_len(MORE)
    for text, role in row:
        words = clean(text)
        while words and cell_len(words) > room:
            words = words.rstrip().rpartition(" ")[0]
        made.append((words, role))
        room -= cell_len(words)
        if words != clean(text):
            break
    return exact([*made, (MORE, "label")], width)


def fit(text: str, width: int) -> str:
    """`text`, cleaned, in exactly `width` cells; what does not fit ends in a sign that says so."""
    safe = clean(text)
    return set_cell_size(safe if cell_len(safe) <= width else set_cell_size(safe, width - 1) + MORE, max(0, width))


def fit_end(text: str, width: int) -> str:
    """As `fit`, but what does not fit is left out at the start: names of categories differ at their end."""
    safe = clean(text)
    while safe and cell_len(safe) > width - (safe != clean(text)):
        safe = safe[1:]
    return fit(safe if safe == clean(text) else MORE + safe, width)


def fit_middle(text: str, width: int) -> str:
    """As `fit`, but what does not fit is left out in the middle: names of forks and of layers differ at both ends."""
    safe = clean(text)
    if cell_len(safe) <= width or width < 5:
        return fit(safe, width)
    tail = safe
    while cell_len(tail) > 2 * width // 5:
        tail = tail[1:]
    return set_cell_size(set_cell_size(safe, width - 1 - cell_len(tail)) + MORE + tail, width)


def changed_regions(before: Sequence[Row], after: Sequence[Row]) -> list[Region]:
    """The cells in which two lists of equally long rows differ, as regions one row high."""
    regions = []
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        if old != new:
            regions += [Region(start, y, end - start, 1) for start, end in _changes(_cells(old), _cells(new))]
    return regions


def _cells(row: Row) -> list[tuple[str, str]]:
    """One entry a cell; a wide character has two, and of text with clusters of characters each cell has all of it."""
    cells: list[tuple[str, str]] = []
    for text, role in row:
        single = [(each, role) for each in text for _ in range(get_character_cell_size(each))]
        cells += single if len(single) == cell_len(text) else [(text, role)] * cell_len(text)
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
