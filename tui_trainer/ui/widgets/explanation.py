"""Text that is broken into lines as wide as there is room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len, chop_cells
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from tui_trainer.experiment.text import clean
from tui_trainer.plots.spec import Row
from tui_trainer.ui.widgets.rows import Rows

Make = Callable[[int], Sequence[Row]]
"""From a width to the rows that fill it."""


def paragraph(text: str, width: int, role: str = "", indent: str = "") -> list[Row]:
    """`text`, cleaned, as rows of at most `width` cells."""
    return [[(indent + line, role)] for line in wrap(text, width - len(indent))]


def wrap(text: str, width: int) -> list[str]:
    """`text`, cleaned, broken between words; a word that is wider than `width` cells is broken inside."""
    lines = [""]
    for word in clean(text).split():
        if lines[-1] and cell_len(lines[-1]) + 1 + cell_len(word) > width:
            lines.append("")
        pieces = chop_cells(word, max(2, width))
        lines[-1] = f"{lines[-1]} {pieces[0]}" if lines[-1] else pieces[0]
        lines += pieces[1:]
    return lines if lines != [""] else []


class Explanation(VerticalScroll):
    """Rows that are made anew for each width, and scroll if there are many."""

    DEFAULT_CSS = "Explanation { scrollbar-size-vertical: 1; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", "Up", id="explanation.up", show=False),
        Binding("down,j", "scroll_down", "Down", id="explanation.down", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        self._text = _Text()
        super().__init__(self._text, id=id)

    @property
    def overflows(self) -> bool:
        """Whether there is more to read than is seen."""
        return self.max_scroll_y > 0

    def allow_focus(self) -> bool:
        """Only where there is something to scroll."""
        return self.overflows

    def show(self, make: Make) -> None:
        """Show the rows that `make` makes."""
        self._text.make = make
        self.update()
        self.scroll_home(animate=False)

    def update(self) -> None:
        """Show what has changed in them."""
        lines = len(self._text.rows(self._text.size.width, 0))
        if lines != self._text.size.height:
            self._text.refresh(layout=True)
        self._text.update()

    def text(self) -> str:
        """What is shown, as plain text."""
        return self._text.text()


class _Text(Rows):
    def __init__(self) -> None:
        super().__init__()
        self.make: Make = lambda width: []

    def rows(self, width: int, height: int) -> Sequence[Row]:
        return self.make(width)
