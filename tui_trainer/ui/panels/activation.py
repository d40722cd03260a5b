"""What a unit makes of the sum of its inputs, and the weights that it starts from."""

from __future__ import annotations

from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.fields import choice_rows
from tui_trainer.ui.forms.form import FormPanel
from tui_trainer.ui.forms.row import Row
from tui_trainer.ui.forms.state import FormState


class ActivationPanel(FormPanel):
    """Activation function and initialization, which belong together."""

    number = "3"
    title = "Activation"

    def form(self, state: FormState) -> list[Row]:
        experiment = state.experiment
        return [
            *choice_rows(state.mapping, "activation", experiment.activation),
            *choice_rows(state.mapping, "initialization", experiment.initialization),
        ]

    def summary(self, state: FormState) -> list[Spans]:
        experiment = state.experiment
        return [[(experiment.activation.kind, ""), (f"   {experiment.initialization.kind} init", "label")]]
