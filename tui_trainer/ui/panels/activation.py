"""What a unit makes of the sum of its inputs, and the weights that it starts from."""

from __future__ import annotations

from dataclasses import replace

from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.fields import choice_rows
from tui_trainer.ui.forms.form import FormPanel
from tui_trainer.ui.forms.row import Row
from tui_trainer.ui.forms.state import FormState

_NOT_USED = "this model does not use it"


class ActivationPanel(FormPanel):
    """Activation function and initialization, which belong together."""

    number = "3"
    title = "Activation"

    def form(self, state: FormState) -> list[Row]:
        experiment = state.experiment
        activation = choice_rows(state.mapping, "activation", experiment.activation, state.given)
        if _unused(state):
            activation = [replace(row, unused=_NOT_USED) for row in activation]
        initialization = choice_rows(state.mapping, "initialization", experiment.initialization, state.given)
        return [*activation, *initialization]

    def sums(self, state: FormState) -> list[str]:
        return [_NOT_USED] if _unused(state) else []

    def summary(self, state: FormState) -> list[Spans]:
        experiment = state.experiment
        unused = " (not used)" if _unused(state) else ""
        return [[(f"{experiment.activation.kind}{unused}", ""), (f"   {experiment.initialization.kind} init", "label")]]


def _unused(state: FormState) -> bool:
    """Whether the model has nothing for the activation that was picked to act on."""
    return not state.experiment.model.activated
