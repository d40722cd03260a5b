"""A list with columns, of which only what is seen is drawn: as fast with a thousand rows as with ten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_trainer.plots.spec import Row, Span
from tui_trainer.ui.terminal.glyphs import NEXT
from tui_trainer.ui.widgets.rows import changed_regions, draw_row, exact, fit

_GAP = "  "
_CURSOR = f"{NEXT} "


@dataclass(frozen=True)
class Column:
    """A column. A width of 0 takes what the others leave, shared among those that do, at least `least` each.

    Where there is no room, the columns of the highest ranks are left out.
    """

    heading: str
    width: int = 0
    right: bool = False
    rank: int = 0
    least: int = 12


@dataclass(frozen=True)
class Item:
    """A row: the key that it is known by, a text with a role for each column, and a name if that is not the key."""

    key: str
    cells: tuple[Span, ...]
    name: str = ""

    def rank(self, sought: str) -> int | None:
        """How well it fits what is sought, 0 best: the name itself, its beginning, words in it, words anywhere."""
        words = sought.lower().split()
        name = (self.name or self.key).lower()
        everything = " ".join([name, self.key, *(text for text, _ in self.cells)]).lower()
        start = " ".join(words)
        fits = (name == start, name.startswith(start), all(word in name for word in words))
        somewhere = all(word in everything for word in words)
        return next((rank for rank, fit in enumerate((*fits, somewhere)) if fit), None)


class RowList(ScrollView, can_focus=True):
    """Rows under headings, one of them highlighted."""

    DEFAULT_CSS = """
    RowList {
        height: 1fr;
        scrollbar-size-vertical: 1;
        overflow-x: hidden;

        & > .row-list--highlighted { background: $foreground 15%; }
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"row-list--highlighted"}

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", id="list.up", show=False),
        Binding("down,j", "move(1)", "Down", id="list.down", show=False),
        Binding("pageup", "page(-1)", "Page up", id="list.page-up", show=False),
        Binding("pagedown", "page(1)", "Page down", id="list.page-down", show=False),
        Binding("home", "end(-1)", "First", id="list.first", show=False),
        Binding("end", "end(1)", "Last", id="list.last", show=False),
    ]

    class Highlighted(Message):
        """Another item is highlighted; None if there is none."""

        def __init__(self, item: Item | None) -> None:
            super().__init__()
            self.item = item

    class Clicked(Message):
        """The highlighted item was clicked."""

        def __init__(self, item: Item) -> None:
            super().__init__()
            self.item = item

    def __init__(self, columns: Sequence[Column], *, headed: bool = True, id: str | None = None) -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._headed = int(headed)
        self._items: tuple[Item, ...] = ()
        self._at = 0
        self._empty = ""

    @property
    def items(self) -> tuple[Item, ...]:
        """The rows, from the top."""
        return self._items

    @property
    def highlighted(self) -> Item | None:
        """The highlighted item, if there is any."""
        return self._items[self._at] if self._items else None

    def show(
        self,
        items: Sequence[Item],
        *,
        columns: Sequence[Column],
        highlight: str | None = None,
        empty: str = "",
    ) -> None:
        """Show these items, and `empty` if there are none.

        The item with the key `highlight`, else the one that was highlighted, else the one at its place is highlighted.
        """
        before, drawn = self.highlighted, (self._items, self._columns, self._empty)
        key = highlight if highlight is not None else before.key if before else None
        self._items = tuple(items)
        self._columns = tuple(columns)
        self._empty = empty
        keys = [item.key for item in self._items]
        self._at = keys.index(key) if key in keys else max(0, min(self._at, len(keys) - 1))
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._items) + self._headed)
        self._redraw(*drawn)
        self._scroll_to_highlighted()
        if (self.highlighted and self.highlighted.key) != (before and before.key):
            self.post_message(self.Highlighted(self.highlighted))

    def _redraw(self, items: Sequence[Item], columns: Sequence[Column], empty: str) -> None:
        """Repaint the lines in which these differ from what is to be seen."""
        if len(items) != len(self._items) or columns != self._columns or empty != self._empty:
            self.refresh()
            return
        top = self._headed - self.scroll_offset.y
        for index, (old, new) in enumerate(zip(items, self._items, strict=True)):
            seen = old != new and index + top >= self._headed
            if seen and (changed := changed_regions([self._line(old)], [self._line(new)])):
                self.refresh(*(region.translate((0, index + top)) for region in changed))

    # Keys and mouse

    def action_move(self, by: int) -> None:
        """Highlight the item so many rows below."""
        self._highlight(self._at + by)

    def action_page(self, direction: int) -> None:
        """Highlight the item a screenful below, or above."""
        self._highlight(self._at + direction * max(1, self.size.height - self._headed - 1))

    def action_end(self, direction: int) -> None:
        self._highlight(len(self._items) - 1 if direction > 0 else 0)

    def on_click(self, event: Click) -> None:
        """The first click highlights an item."""
        index = event.y + self.scroll_offset.y - self._headed
        if event.y < self._headed or not 0 <= index < len(self._items):
            return
        if index == self._at:
            self.post_message(self.Clicked(self._items[index]))
        self._highlight(index)

    def _highlight(self, index: int) -> None:
        index = max(0, min(index, len(self._items) - 1))
        if index == self._at or not self._items:
            return
        for line in (self._at, index):
            self.refresh_line(line + self._headed)
        self._at = index
        self._scroll_to_highlighted()
        self.post_message(self.Highlighted(self.highlighted))

    def _scroll_to_highlighted(self) -> None:
        room = max(1, self.size.height - self._headed)
        top = self.scroll_offset.y
        to = min(max(top, self._at - room + 1), self._at)
        if to != top:
            self.scroll_to(y=to, animate=False, force=True, immediate=True)

    # Drawing

    def on_resize(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._items) + self._headed)
        self._scroll_to_highlighted()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if y < self._headed:
            headings: list[Span] = [(column.heading, "label") for column in self._columns]
            return draw_row(self, exact([("  ", ""), *self._arranged(headings)], width), width)
        index = y - self._headed + self.scroll_offset.y
        if not self._items and index == 0:
            return draw_row(self, exact([("  ", ""), (self._empty, "label")], width), width)
        if index >= len(self._items):
            return draw_row(self, [], width)
        here = index == self._at
        return draw_row(self, self._line(self._items[index], here), width, self._highlighting() if here else None)

    def _line(self, item: Item, here: bool = False) -> Row:
        width = self.scrollable_content_region.width
        return exact([(_CURSOR if here else "  ", ""), *self._arranged(item.cells)], width)

    def _highlighting(self) -> Style:
        if self.app.no_color:
            return Style(reverse=True)
        background = self.background_colors[1] + self.get_component_styles("row-list--highlighted").background
        return Style(bgcolor=background.rich_color, bold=True)

    def _arranged(self, cells: Sequence[Span]) -> Row:
        row: Row = []
        for (text, role), column, width in zip(cells, self._columns, self._widths(), strict=True):
            if width:
                padded = text.rjust(width - cell_len(text) + len(text)) if column.right else text
                row += [(fit(padded, width), role), (_GAP, "")]
        return row[:-1]

    def _widths(self) -> list[int]:
        """The width of each column; 0 for those that are left out."""
        room = self.scrollable_content_region.width - len(_CURSOR)
        shown = list(range(len(self._columns)))

        def needed() -> int:
            return sum(self._columns[i].width or self._columns[i].least for i in shown) + len(_GAP) * (len(shown) - 1)

        while len(shown) > 1 and needed() > room:
            shown.remove(max(shown, key=lambda i: (self._columns[i].rank, i)))
        flexible = [i for i in shown if not self._columns[i].width]
        spare = max(0, room - needed())
        widths = [0] * len(self._columns)
        for i in shown:
            widths[i] = self._columns[i].width or self._columns[i].least
        for place, i in enumerate(flexible):
            widths[i] += spare // len(flexible) + (spare % len(flexible) if place == len(flexible) - 1 else 0)
        return widths
