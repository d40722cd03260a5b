"""What must be said about a run, below the top line."""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.plots.spec import Row
from tui_trainer.runs.records import RunView
from tui_trainer.ui.glyphs import WARNING
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import Rows

_MOST = 4  # rows


class RunNotice(Rows):
    """Nothing, as a rule; else where a failed run's worker left its words, and what a worker warned of."""

    DEFAULT_CSS = "RunNotice { height: auto; padding: 0 1; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._texts: list[str] = []

    @property
    def lines(self) -> int:
        """Its height on the screen."""
        return len(self.rows(max(1, self.screen.size.width - 2), _MOST))

    def show(self, view: RunView | None, log: str = "") -> None:
        """`log` is the path of what the worker printed."""
        texts = _texts(view, log) if view else []
        if texts != self._texts:
            self._texts = texts
            self.display = bool(texts)
            self.refresh(layout=True)
            self.update()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        return [row for text in self._texts for row in paragraph(f"{WARNING} {text}", width, "warning")][:_MOST]


def _texts(view: RunView, log: str) -> list[str]:
    texts = []
    if view.state in ("failed", "died") and log:
        texts.append(f"{view.state}; what its worker printed: {log}")
    if view.problem:
        texts.append(view.problem)
    return [*texts, *view.warnings]
