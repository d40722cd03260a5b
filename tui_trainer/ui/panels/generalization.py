"""How well the network does on samples that it was not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from tui_trainer.insight.generalization import Comparison, Generalization, generalization
from tui_trainer.plots.spec import Row
from tui_trainer.runs.view import RunView
from tui_trainer.ui.figures import figure, points
from tui_trainer.ui.glyphs import UP
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, Rows

_NAME = 11  # width of the first column


class GeneralizationPanel(Rows):
    """Train and validation figures, the gap between them, and where the run was best; a previous run's beside them."""

    DEFAULT_CSS = "GeneralizationPanel { border-title-color: $foreground; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = "Generalization"
        self._view: RunView | None = None
        self._now: Generalization | None = None
        self._before: Generalization | None = None

    def show(self, view: RunView | None, ghost: RunView | None = None) -> None:
        """Show a run, or what to press where there is none; `ghost` is the run before it."""
        self._view = view
        self._now = generalization(view) if view else None
        self._before = generalization(ghost) if ghost else None
        self.update()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        if self._now is None:
            return paragraph(_empty(self._view), width, "label")
        ranked = _ranked_rows(self._now, self._before)
        shown = sorted(rank for rank, _ in ranked)[: max(1, height)]
        return [row for rank, row in ranked if rank in shown]


def _empty(view: RunView | None) -> str:
    if view is None:
        return "Space trains. Then this compares the samples trained on with those never seen."
    return "This run ended before its first evaluation." if view.ended else "Waiting for the first evaluation."


def _ranked_rows(now: Generalization, before: Generalization | None) -> list[tuple[int, Row]]:
    """All rows from the top, each with its rank: where there is little room, the lowest ranks stay."""
    name = now.metric.name
    rows = [(2, _heading()), (0, _compared(name, now.last, _gap(now, now.last)))]
    if before:
        rows.append((4, _compared("  before", before.last, _gap(before, before.last), faint=True)))
    rows.append((3, _compared("loss", now.loss, f"{now.loss.gap:+.4f}" if isfinite(now.loss.gap) else "")))
    if before:
        rows.append((6, _compared("  before", before.loss, f"{before.loss.gap:+.4f}", faint=True)))
    rows.append((1, _best(now)))
    if before:
        rows.append((7, _best(before, "  before")))
    rows.append((5, _course(now)))
    if now.baseline is not None:
        rows.append((8, _beside("guessing", figure(now.baseline), "the commonest class")))
    return rows


def _heading() -> Row:
    return [(" " * _NAME, ""), (" train", "train"), ("  ", ""), ("validation", "validation"), ("  gap", "label")]


def _compared(name: str, compared: Comparison, gap: str, faint: bool = False) -> Row:
    role = "label" if faint else ""
    return [
        (name.ljust(_NAME), "label"),
        (figure(compared.train), role),
        (figure(compared.validation).rjust(12), role),
        (f"  {gap}", role or STRONG),
    ]


def _gap(said: Generalization, compared: Comparison) -> str:
    """In points where the metric is a share, as it stands otherwise."""
    if said.metric.higher_is_better and not said.metric.unit:
        return points(compared.gap).strip()
    return f"{compared.gap:+.4f} {said.metric.unit}".rstrip()


def _best(said: Generalization, name: str = "best") -> Row:
    return _beside(name, figure(said.best.validation), f"at epoch {said.best.epoch:g}")


def _beside(name: str, value: str, words: str) -> Row:
    """A figure in the column of the validation part, with words beside it."""
    return [(name.ljust(_NAME), "label"), (value.rjust(18), ""), (f"  {words}", "label")]


def _course(now: Generalization) -> Row:
    if now.rising_since is None:
        return _beside("lowest loss", figure(now.lowest_loss.validation), f"at epoch {now.lowest_loss.epoch:g}")
    return [
        *_beside("lowest loss", figure(now.lowest_loss.validation), "")[:2],
        (f"  {UP} rising since epoch {now.rising_since:g}", "warning"),
    ]
