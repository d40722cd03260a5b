"""The checkpoints of a run: from which of them a copy of it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui_trainer.experiment.diff import shown
from tui_trainer.plots.spec import Row
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.records import Checkpoint, Evaluation, RunView
from tui_trainer.runs.summary import epochs
from tui_trainer.ui.figures import figure
from tui_trainer.ui.laboratory.forking import kept
from tui_trainer.ui.laboratory.sizes import memory
from tui_trainer.ui.screens.list_screen import ListScreen
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.row_list import Column, Item
from tui_trainer.ui.widgets.rows import STRONG

WHY = {"last": "the last", "best": "the best on validation", "along the way": "one of those along the way"}
"""Why a checkpoint is kept."""


class CheckpointsScreen(ListScreen[Checkpoint | None]):
    """Returns the checkpoint to go on from, or None. The one nearest to the epoch `near` is highlighted at first."""

    columns = (
        Column("epoch", 7, right=True),
        Column("train", 8, right=True),
        Column("validation", 10, right=True),
        Column("loss", 8, right=True, rank=1),
        Column("kept as", least=10, rank=2),
    )

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", "Fork from here", id="checkpoints.fork")]

    def __init__(self, folder: RunFolder, view: RunView, near: float | None = None) -> None:
        self.heading = f"Fork {view.name} from a checkpoint"
        super().__init__()
        self._folder = folder
        self._view = view
        self._near = near
        self._checkpoints: dict[str, Checkpoint] = {}

    def on_mount(self) -> None:
        super().on_mount()
        self.show_items([], empty="Looking for checkpoints.")
        self.in_background(lambda: kept(self._folder, self._view), self._show)

    def _show(self, found: Sequence[Checkpoint]) -> None:
        self._checkpoints = {str(it.step): it for it in found}
        sought = self._near
        near = None if sought is None else min(found, key=lambda it: abs(it.epoch - sought), default=None)
        self.show_items(
            list(map(self._item, found)),
            highlight=str(near.step) if near else None,
            empty="No checkpoint yet. Esc goes back; there f forks the run from its beginning.",
        )

    def _item(self, checkpoint: Checkpoint) -> Item:
        at, metric = evaluation_at(self._view, checkpoint), self._view.task.primary.name
        best = "best" in self._reasons(checkpoint)
        return Item(
            str(checkpoint.step),
            (
                (epochs(checkpoint.epoch), STRONG if best else ""),
                (figure(at.train.get(metric) if at else None), "train"),
                (figure(at.validation.get(metric) if at else None), "validation"),
                (figure(at.validation.get("loss") if at else None), ""),
                (", ".join(self._reasons(checkpoint)), "label"),
            ),
            f"epoch {epochs(checkpoint.epoch)}",
        )

    def _reasons(self, checkpoint: Checkpoint) -> list[str]:
        """Why it is kept now: the best and the last may be others by now."""
        best, last = self._view.best, max(self._checkpoints.values(), key=lambda it: it.step, default=None)
        reasons = ["best"] if best is not None and best.step == checkpoint.step else []
        return [*reasons, *(["last"] if checkpoint == last else [])] or ["along the way"]

    def explain(self, item: Item | None, width: int) -> Sequence[Row]:
        checkpoint = self._checkpoints.get(item.key) if item else None
        if checkpoint is None:
            return []
        present = self._view.present_at(checkpoint.step)
        rows: list[Row] = [[(f"epoch {epochs(checkpoint.epoch)}", STRONG), (f"  step {checkpoint.step:,}", "label")]]
        rows += paragraph(
            "Enter makes a copy of the run that goes on from here, with weights, optimizer and order as they were. "
            "Change something in it; space then trains it beside its parent.",
            width,
        )
        if present is not None:
            rows += paragraph(f"It trained with {present.optimizer.kind}, lr {present.optimizer.lr:g}.", width)
        for change in self._view.changes:
            if change.step <= checkpoint.step:
                words = f"{change.path} {shown(change.old)} → {shown(change.new)} at epoch {epochs(change.epoch)}"
                rows += paragraph(f"changed before: {words}", width, "label")
        why = ", ".join(WHY[reason] for reason in self._reasons(checkpoint))
        return [*rows, *paragraph(f"Kept as {why}; {memory(checkpoint.bytes)}.", width, "label")]

    def open(self, item: Item) -> None:
        self.dismiss(self._checkpoints[item.key])


def evaluation_at(view: RunView, checkpoint: Checkpoint) -> Evaluation | None:
    """The last evaluation up to a checkpoint."""
    return next((it for it in reversed(view.evaluations) if it.step <= checkpoint.step), None)
