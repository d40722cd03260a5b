"""Rows in any colours, made for the room there is, which scroll where they do not fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.events import Resize
from textual.strip import Strip

from tui_trainer.plots.spec import Row
from tui_trainer.ui.pictures.look import picture_style
from tui_trainer.ui.widgets.rows import Rows

Make = Callable[[int, int], Sequence[Row]]
"""From the width and height that are seen to rows, of which there may be more."""


class Page(VerticalScroll, can_focus=True):
    """What a screen shows in one of its views."""

    DEFAULT_CSS = "Page { height: 1fr; scrollbar-size-vertical: 1; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "scroll_up", "Up", id="page.up", show=False),
        Binding("j", "scroll_down", "Down", id="page.down", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        self._content = _Content(self)
        super().__init__(self._content, id=id)
        self.make: Make = lambda width, height: []

    def show(self, make: Make, *, from_top: bool = True) -> None:
        """Show the rows that `make` makes."""
        self.make = make
        self.update()
        if from_top:
            self.scroll_home(animate=False)

    def update(self) -> None:
        """Show what has changed in them."""
        lines = len(self._content.rows(self._content.size.width, 0))
        if lines != self._content.size.height:
            self._content.refresh(layout=True)
        self._content.update()

    def on_resize(self, event: Resize) -> None:
        self.update()

    def text(self) -> str:
        """What is shown, as plain text."""
        return self._content.text()


class _Content(Rows):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    def rows(self, width: int, height: int) -> Sequence[Row]:
        return self._page.make(width, self._page.size.height) if width > 0 else []

    def render_line(self, y: int) -> Strip:
        base = self.rich_style
        row = self._rows[y] if y < len(self._rows) else []
        strip = Strip([Segment(text, base + picture_style(role, self)) for text, role in row])
        return strip.adjust_cell_length(self.size.width, base)
