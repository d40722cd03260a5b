"""How well the network does on samples that it was not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan

from tui_trainer.experiment.text import clean, cut
from tui_trainer.insight.figures import MINUS
from tui_trainer.insight.generalization import Comparison, Generalization, generalization
from tui_trainer.plots.spec import Row
from tui_trainer.runs.summary import epochs
from tui_trainer.runs.view import RunView
from tui_trainer.ui.figures import figure, points
from tui_trainer.ui.terminal.glyphs import NONE, SEPARATOR, UP
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, Rows, fit
from tui_trainer.ui.widgets.title import entitle

_NAME = 9  # width of the first column
_HEADING = 2  # the rank of the row that names the columns


class GeneralizationPanel(Rows):
    """Train and validation figures, the gap between them, and where the run was best; a previous run's beside them."""

    REST = 1.0
    DEFAULT_CSS = "GeneralizationPanel { border-title-color: $foreground; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = "Generalization"
        self._view: RunView | None = None
        self._now: Generalization | None = None
        self._before: Generalization | None = None
        self._before_name = ""
        self._baselines = ""
        self._in_short = ""

    def show(self, view: RunView | None, ghost: RunView | None = None, baselines: str = "", in_short: str = "") -> None:
        """Show a run, or what to press where there is none; `ghost` is the run before it.

        `baselines` says what simpler methods get, or how far they are; `in_short` stands for it where there is no room.
        """
        self._view, self._baselines, self._in_short = view, baselines, in_short
        self._now = generalization(view) if view else None
        self._before = generalization(ghost) if ghost else None
        self._before_name = clean(ghost.name or ghost.id) if self._before and ghost else ""
        self.update_calmly((view and (view.id, view.state), ghost and ghost.id, baselines))

    def update(self) -> None:
        beside = f"before: {self._before_name}" if self._before_name else ""
        if self._now is not None and self.size.height <= _HEADING + bool(self._baselines):  # the names have no row
            beside = "train, validation, gap"
        title = f"Generalization {SEPARATOR} {beside}" if beside else "Generalization"
        if self._now is not None and self._in_short and self.size.height <= _HEADING:
            title = f"Network {clean(self._in_short)}"
        entitle(self, title)
        super().update()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        if self._now is None:
            return [*paragraph(_empty(self._view), width, "label"), *paragraph(self._baselines, width)]
        ranked = _ranked_rows(self._now, self._before)
        if self._view is not None and (score := _score(self._view)):
            ranked.append((4, score))
        said = paragraph(self._baselines, width)
        if len(said) > height - _HEADING - 1:  # half a sentence says nothing
            said = [[(cut(clean(self._in_short or self._baselines), max(2, width)), "")]] if said else []
        ranked += [(_HEADING - 1 + (line + 1) / (len(said) + 1), row) for line, row in enumerate(said)]
        shown = sorted(rank for rank, _ in ranked)[: max(1, height)]
        return [row for rank, row in ranked if rank in shown]


def _empty(view: RunView | None) -> str:
    if view is None:
        return "Space trains. Then this compares the samples trained on with those never seen."
    if view.ended:
        why = f" Why: {view.why}" if view.state == "failed" else ""  # in full, which the top line has no room for
        return f"This run ended before its first evaluation.{why}"
    return "Waiting for the first evaluation."


def _ranked_rows(now: Generalization, before: Generalization | None) -> list[tuple[float, Row]]:
    """All rows from the top, each with its rank: where there is little room, the lowest ranks stay."""
    ranked: list[tuple[float, Row]] = [(_HEADING, _heading()), (0, _compared(now.metric.word, now.last, _gap(now)))]
    if before:
        ranked.append((5, _compared("  before", before.last, _gap(before), faint=True)))
    ranked.append((1, _best("best", now)))
    if before:
        ranked.append((8, _best("before", before)))
    ranked.append((3, _compared("loss", now.loss, _signed(now.loss.gap))))
    if before:
        ranked.append((7, _compared("  before", before.loss, _signed(before.loss.gap), faint=True)))
    ranked.append((4, _lowest_loss(now)))
    if now.baseline is not None:
        ranked.append((6, _single("guessing", now.baseline)))
    return ranked


def _score(view: RunView) -> Row | None:
    """What the best network gets on the test part, if somebody has looked, or how to."""
    if not view.samples.get("test") or not view.ended:
        return None
    if view.score is None:
        return [(fit("test part", _NAME + 11), "label"), (" ", ""), ("T scores it", "label")]
    return _single("test part", view.score.figures.get(view.task.primary.name, nan), STRONG)


def _heading() -> Row:
    return [(" " * _NAME, ""), (" train", "train"), ("  ", ""), ("validation", "validation"), ("  gap", "label")]


def _compared(name: str, compared: Comparison, gap: str, faint: bool = False) -> Row:
    role = "label" if faint else ""
    return [
        (fit(name, _NAME), "label"),
        (figure(compared.train), role),
        (figure(compared.validation).rjust(12), role),
        (f"  {gap}", role or STRONG),
    ]


def _gap(said: Generalization) -> str:
    """In points where the metric is a share, as it stands otherwise."""
    if said.metric.is_share:
        return points(said.last.gap).strip()
    return f"{_signed(said.last.gap)} {said.metric.unit}".rstrip()


def _signed(gap: float) -> str:
    """With as many digits as the figures beside it."""
    return f"{MINUS if gap < 0 else '+'}{figure(abs(gap)).strip()}" if isfinite(gap) else NONE


def _single(words: str, value: float, role: str = "") -> Row:
    """A figure of the validation part alone, with words where the train part's would be."""
    return [(fit(words, _NAME + 11), "label"), (" ", ""), (figure(value), role)]


def _best(word: str, said: Generalization) -> Row:
    return _single(
        f"  {word}, epoch {epochs(said.best.epoch)}", said.best.validation, "label" if word != "best" else ""
    )


def _lowest_loss(said: Generalization) -> Row:
    row = _single(f"  lowest, epoch {epochs(said.lowest_loss.epoch)}", said.lowest_loss.validation)
    return row if said.rising_since is None else [*row, (f"  {UP} has risen", "warning")]
