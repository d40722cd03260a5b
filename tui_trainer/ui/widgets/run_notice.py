"""What must be said about a run or the draft, below the top line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_trainer.plots.spec import Row
from tui_trainer.runs.records import DIVERGED, RunView
from tui_trainer.runs.summary import epochs
from tui_trainer.ui.terminal.glyphs import WARNING
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from tui_trainer.experiment.schema import Experiment
    from tui_trainer.ui.laboratory.forking import ForkPoint

_MOST = 4  # rows
_NOW = {"running": "training; Space pauses it,", "paused": "paused; Space goes on with it,"}
"""What a run does, and what Space makes of it."""


class RunNotice(Rows):
    """Nothing, as a rule; else what the draft is, and what a worker warned of or why the run failed."""

    DEFAULT_CSS = "RunNotice { height: auto; padding: 0 1; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._texts: list[str] = []
        self._draft = ""

    @property
    def lines(self) -> int:
        """Its height on the screen."""
        return len(self.rows(max(1, self.screen.size.width - 2), _MOST))

    def show(
        self,
        view: RunView | None,
        log: str = "",
        more: Sequence[str] = (),
        fork: ForkPoint | None = None,
        experiment: Experiment | None = None,
    ) -> None:
        """`log` is the path of what the worker printed, `more` what there is to say apart from the run.

        `fork` is what the draft is a copy of, `experiment` the draft if a new run would differ from the run.
        """
        another = view is not None and view.ended and experiment is not None and _named(view, experiment)
        told = _texts(view, log) if view is not None and not another else []  # else it is said of the draft
        texts = list(dict.fromkeys([*told, *more]))
        draft = _forked(fork) if fork is not None else _another(view, experiment) if view and experiment else ""
        if (texts, draft) != (self._texts, self._draft):
            self._texts, self._draft = texts, draft
            self.display = bool(texts or draft)
            self.refresh(layout=True)
            self.update()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        warnings = [row for text in self._texts for row in paragraph(f"{WARNING} {text}", width, "warning")]
        return [*paragraph(self._draft, width, "mark"), *warnings][:_MOST]


def _texts(view: RunView, log: str) -> list[str]:
    texts = []
    if view.diverged:
        texts.append(_divergence(view))
    elif view.state in ("failed", "died") and log:
        why = f": {view.why}" if view.why and not view.planned_epochs else ""  # it never began: here is what helps
        texts.append(f"{view.state}{why}; what its worker printed: {log}")
    if view.problem:
        texts.append(view.problem)
    return [*texts, *view.warnings]


def _forked(fork: ForkPoint) -> str:
    """Of what the draft is a copy, and what to do with it."""
    at = f" at epoch {epochs(fork.checkpoint.epoch)}" if fork.checkpoint else ""
    return f"fork of {fork.name}{at}: change something; Space trains it beside its parent, Esc makes it no fork"


def _another(view: RunView, experiment: Experiment) -> str:
    """What is to be seen, where the panels show an experiment of another name."""
    if not _named(view, experiment):
        return ""
    if view.alive:
        now = _NOW.get(view.state, f"{view.state};")
        return f"shown: the run {view.name}, {now} R stops it and trains {experiment.name} of the panels"
    why = f" ({view.state}{f': {view.why}' if view.why and view.state in ('failed', 'died') else ''})"
    return f"shown: the run {view.name}{why}; Space trains {experiment.name}, which is in the panels"


def _named(view: RunView, experiment: Experiment) -> bool:
    """Whether an experiment goes by another name than the run's."""
    return view.experiment is not None and bool(experiment.name) and view.experiment.name != experiment.name


def _divergence(view: RunView) -> str:
    """What became of the loss, where that began, and what helps as a rule."""
    what, _, step = view.reason.removeprefix(DIVERGED).rpartition(" at step ")
    first = f" (first in {view.where})" if view.where else ""
    said = f"diverged at step {step}: {what}{first}." if what else f"{view.reason}{first}."
    return f"{said} Learning rate {view.present.optimizer.lr:g}: a lower one usually helps." if view.present else said
