"""The views of a screen, each with its key."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.events import Click
from textual.message import Message

from tui_trainer.plots.spec import Row
from tui_trainer.ui.terminal.glyphs import NEXT
from tui_trainer.ui.widgets.rows import STRONG, Rows, row_width


class Tabs(Rows):
    """Titles in a line, numbered from 1; a click on one chooses it."""

    DEFAULT_CSS = "Tabs { height: 1; }"

    class Chosen(Message):
        """A title was clicked, by its place from 0."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self, titles: Sequence[str], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.titles = tuple(titles)
        self.at = 0

    def choose(self, at: int) -> None:
        self.at = at
        self.update()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        row = [span for number in range(len(self.titles)) for span in self._title(number)]
        if row_width(row) > width:  # the key of the others is enough
            row = [span for number in range(len(self.titles)) for span in self._title(number, short=True)]
        return [row]

    def _title(self, number: int, short: bool = False) -> Row:
        here = number == self.at
        words = f"{number + 1}" if short and not here else f"{number + 1} {self.titles[number]}"
        return [(NEXT if here else " ", "mark"), (words, STRONG if here else "label"), (" " if short else "  ", "")]

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        start = 0
        for number, title in enumerate(self.titles):
            end = start + cell_len(f" {number + 1} {title}  ")
            if offset is not None and start <= offset.x < end:
                self.post_message(self.Chosen(number))
            start = end
