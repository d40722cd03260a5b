"""How the gradient moves the weights."""

from __future__ import annotations

from tui_trainer.experiment.diff import shown
from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.fields import choice_rows
from tui_trainer.ui.forms.form import FormPanel, FormState
from tui_trainer.ui.forms.row import Row
from tui_trainer.ui.terminal.glyphs import LIVE


class OptimizerPanel(FormPanel):
    """The optimizer, its learning rate and its other constants."""

    number = "4"
    title = "Optimizer"

    def form(self, state: FormState) -> list[Row]:
        return choice_rows(state.mapping, "optimizer", state.experiment.optimizer)

    def summary(self, state: FormState) -> list[Spans]:
        optimizer = state.experiment.optimizer
        live = "mark" if state.alive else "label"
        return [[(optimizer.kind, ""), ("   lr ", "label"), (shown(optimizer.lr), ""), (f" {LIVE}", live)]]
