"""What a unit makes of the sum of its inputs, and the weights that it starts from."""

from __future__ import annotations

from tui_trainer.choices.models.mlp import Mlp
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

    def sums(self, state: FormState) -> list[str]:
        return ["this model does not use it"] if _unused(state) else []

    def summary(self, state: FormState) -> list[Spans]:
        experiment = state.experiment
        unused = " (not used)" if _unused(state) else ""
        return [[(f"{experiment.activation.kind}{unused}", ""), (f"   {experiment.initialization.kind} init", "label")]]


def _unused(state: FormState) -> bool:
    """Whether the model has nothing for the activation that was picked to act on."""
    model = state.experiment.model
    return not model.activated or (isinstance(model, Mlp) and not model.hidden)
