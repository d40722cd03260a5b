"""What must be said about a run or the draft, below the top line."""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.plots.spec import Row
from tui_trainer.runs.records import DIVERGED, RunView
from tui_trainer.ui.terminal.glyphs import WARNING
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import Rows

_MOST = 4  # rows


class RunNotice(Rows):
    """Nothing, as a rule; else what a worker warned of, and where that of a failed run left its words."""

    DEFAULT_CSS = "RunNotice { height: auto; padding: 0 1; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._texts: list[str] = []

    @property
    def lines(self) -> int:
        """Its height on the screen."""
        return len(self.rows(max(1, self.screen.size.width - 2), _MOST))

    def show(self, view: RunView | None, log: str = "", more: Sequence[str] = ()) -> None:
        """`log` is the path of what the worker printed, `more` what there is to say apart from the run."""
        texts = list(dict.fromkeys([*(_texts(view, log) if view else []), *more]))
        if texts != self._texts:
            self._texts = texts
            self.display = bool(texts)
            self.refresh(layout=True)
            self.update()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        return [row for text in self._texts for row in paragraph(f"{WARNING} {text}", width, "warning")][:_MOST]


def _texts(view: RunView, log: str) -> list[str]:
    texts = []
    if view.diverged:
        texts.append(_divergence(view))
    elif view.state in ("failed", "died") and log:
        texts.append(f"{view.state}; what its worker printed: {log}")
    if view.problem:
        texts.append(view.problem)
    return [*texts, *view.warnings]


def _divergence(view: RunView) -> str:
    """What became of the loss, where that began, and what helps as a rule."""
    what, _, step = view.reason.removeprefix(DIVERGED).rpartition(" at step ")
    first = f" (first in {view.where})" if view.where else ""
    said = f"diverged at step {step}: {what}{first}." if what else f"{view.reason}{first}."
    return f"{said} Learning rate {view.present.optimizer.lr:g}: a lower one usually helps." if view.present else said
