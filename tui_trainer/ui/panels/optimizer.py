"""How the gradient moves the weights."""

from __future__ import annotations

from functools import partial

from tui_trainer.choices.schedules import Schedule
from tui_trainer.experiment.diff import shown
from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.fields import choice_rows
from tui_trainer.ui.forms.form import FormPanel
from tui_trainer.ui.forms.help import Drawing
from tui_trainer.ui.forms.row import Row, words
from tui_trainer.ui.forms.schedule import schedule_rows, spark
from tui_trainer.ui.forms.state import FormState
from tui_trainer.ui.terminal.glyphs import LIVE

_SPARK = 24  # cells in which the learning rate over the run is drawn


class OptimizerPanel(FormPanel):
    """The optimizer, its learning rate and its other constants; and how the learning rate goes over the run."""

    number = "4"
    title = "Optimizer"

    def form(self, state: FormState) -> list[Row]:
        experiment = state.experiment
        return [
            *choice_rows(state.mapping, "optimizer", experiment.optimizer, state.given),
            *choice_rows(state.mapping, "schedule", experiment.schedule, state.given),
        ]

    def sums(self, state: FormState) -> list[str]:
        """The learning rate over the run, where it changes."""
        if state.experiment.schedule.is_constant:
            return []
        return [f"lr {spark(state.experiment, state.sizes, _SPARK)}"]

    @property
    def drawing(self) -> Drawing | None:
        state = self.state
        on_schedule = self.row.path.partition(".")[0] == "schedule" and not state.experiment.schedule.is_constant
        return partial(schedule_rows, state.experiment, state.sizes) if on_schedule else None

    def summary(self, state: FormState) -> list[Spans]:
        optimizer, schedule = state.experiment.optimizer, state.experiment.schedule
        live = "mark" if state.alive else "label"
        lr: Spans = [(optimizer.kind, ""), ("   lr ", "label"), (shown(optimizer.lr), ""), (f" {LIVE}", live)]
        return [lr] if schedule.is_constant else [lr, [(_name(schedule), "label")]]


def _name(schedule: Schedule) -> str:
    """A schedule in a few words."""
    warmup = f"warm-up {schedule.warmup:,}" if schedule.warmup else ""
    kind = "" if schedule.kind == "constant" else words(schedule.kind)
    return ", ".join(part for part in (kind, warmup) if part)
