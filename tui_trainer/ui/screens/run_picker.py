"""The runs, to pick the one whose weights training begins from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from tui_trainer.choices.given import UNKNOWN, Given
from tui_trainer.experiment.networks import unlike
from tui_trainer.experiment.schema import Experiment
from tui_trainer.plots.spec import Row
from tui_trainer.runs.store import Store
from tui_trainer.runs.summary import RunSummary
from tui_trainer.ui.screens.runs import RunsScreen
from tui_trainer.ui.terminal.glyphs import WARNING
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.row_list import Item


class RunPicker(RunsScreen):
    """Returns the run that is picked to begin `experiment` from, or None. `present` is the one it begins from now.

    Those that it cannot begin from, as far as the experiments tell, come last, dim, and say why.
    """

    heading = "Pick the run to begin from"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", "Begin from it", id="runs.open")]

    def __init__(self, store: Store, present: str, experiment: Experiment, given: Given = UNKNOWN) -> None:
        """`given` is what is known of the data."""
        super().__init__(store, present)
        self._experiment = experiment
        self._given = given
        self._unfit: dict[str, tuple[RunSummary, str]] = {}  # by id: why, of this state of the run

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The runs stay as they are."""
        return action not in ("again", "rename", "delete") and super().check_action(action, parameters)

    def show_items(self, items: Sequence[Item], **arguments: Any) -> None:
        super().show_items(sorted(items, key=lambda item: bool(self._why_not(item.key))), **arguments)

    def _item(self, run: RunSummary) -> Item:
        item = super()._item(run)
        why = self._why_not(run.id)
        if not why:
            return item
        _, *cells, _ = ((text, "label") for text, _ in item.cells)
        return replace(item, cells=((WARNING, "label"), *cells, (f"not: {why}", "label")))

    def explain(self, item: Item | None, width: int) -> Sequence[Row]:
        why = self._why_not(item.key) if item else ""
        said = paragraph(f"{WARNING} the draft cannot begin from it: {why}", width, "warning") if why else []
        return [*said, *super().explain(item, width)]

    def _why_not(self, id: str) -> str:
        """Why training cannot begin from a run; empty where nothing is known against it."""
        run = self._runs.get(id)
        if run is None:
            return ""
        known = self._unfit.get(id)
        if known is None or known[0] is not run:
            known = self._unfit[id] = run, _why_not(run, self._experiment, self._given)
        return known[1]


def _why_not(run: RunSummary, experiment: Experiment, given: Given) -> str:
    try:
        kept = any(run.folder.checkpoints.iterdir())
    except OSError:
        kept = False
    if not kept:
        return "it has no checkpoint"
    return unlike(run.experiment, experiment, given) if run.experiment is not None else ""
