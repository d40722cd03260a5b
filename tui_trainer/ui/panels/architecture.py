"""The layers of the network."""

from __future__ import annotations

from tui_trainer.experiment.text import clean
from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.fields import choice_rows
from tui_trainer.ui.forms.form import FormPanel, FormState
from tui_trainer.ui.forms.row import Row
from tui_trainer.ui.laboratory.sizes import count, memory


class ArchitecturePanel(FormPanel):
    """The model, how many layers and units it has, and what that costs."""

    number = "2"
    title = "Architecture"

    def form(self, state: FormState) -> list[Row]:
        return choice_rows(state.mapping, "model", state.experiment.model)

    def sums(self, state: FormState) -> list[str]:
        return [count(state.sizes.parameters, "parameters"), f"about {memory(state.sizes.memory)} of memory"]

    def summary(self, state: FormState) -> list[Spans]:
        model, sizes = state.experiment.model, state.sizes
        return [
            [(clean(f"{model.kind}  {model.shape()}".rstrip()), "")],
            [(f"{count(sizes.parameters, 'parameters')}, {memory(sizes.memory)}", "label")],
        ]
