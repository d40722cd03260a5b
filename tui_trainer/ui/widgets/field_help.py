"""What the field that is selected does, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.plots.spec import Row
from tui_trainer.ui.glyphs import WARNING
from tui_trainer.ui.widgets.explanation import paragraph, wrap
from tui_trainer.ui.widgets.rows import STRONG, Rows

_CROWDED = 5  # up to so many rows the heading, which the panel shows as well, is left out


class FieldHelp(Rows):
    """A heading, and texts below it, each after a word that says what it is about."""

    DEFAULT_CSS = "FieldHelp { height: 1fr; padding: 0 1; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._heading = ""
        self._problem = ""
        self._texts: Sequence[tuple[str, str]] = ()

    def show(self, heading: str, texts: Sequence[tuple[str, str]], problem: str = "") -> None:
        self._heading, self._texts, self._problem = heading, texts, problem
        self.update()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        rows: list[Row] = [[(self._heading, STRONG)]] if self._heading and height > _CROWDED else []
        if self._problem:
            rows += paragraph(f"{WARNING} {self._problem}", width, "warning")
        for word, text in self._texts:
            before = f"{word}: " if word else ""
            lines = wrap(before + text, width)
            rows += [[(before, "label"), (lines[0][len(before) :], "")], *([(line, "")] for line in lines[1:])]
        return rows
