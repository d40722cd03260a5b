"""The layers of the network."""

from __future__ import annotations

from dataclasses import replace

from tui_trainer.experiment.text import clean
from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.fields import choice_rows, group_rows
from tui_trainer.ui.forms.form import FormPanel
from tui_trainer.ui.forms.row import FieldRow, Row
from tui_trainer.ui.forms.runs import RunRow
from tui_trainer.ui.forms.state import FormState
from tui_trainer.ui.laboratory.sizes import count, memory, outline_in_words

_OUTLINE = 27  # cells


class ArchitecturePanel(FormPanel):
    """The model, its layers and units, what that costs, and the run whose weights it begins with."""

    number = "2"
    title = "Architecture"

    def form(self, state: FormState) -> list[Row]:
        return [*choice_rows(state.mapping, "model", state.experiment.model, state.given), *_warm_start_rows(state)]

    def sums(self, state: FormState) -> list[str]:
        sizes = state.sizes
        outline = [outline_in_words(sizes.outline, _OUTLINE)] if sizes.outline else []
        return [*outline, f"{count(sizes.parameters, 'parameters')}, {memory(sizes.memory)}"]

    def summary(self, state: FormState) -> list[Spans]:
        model, sizes = state.experiment.model, state.sizes
        return [
            [(clean(f"{model.kind}  {model.shape(state.given)}".rstrip()), "")],
            [(f"{count(sizes.parameters, 'parameters')}, {memory(sizes.memory)}{_begins(state)}", "label")],
        ]


def _begins(state: FormState) -> str:
    return ", warm start" if state.experiment.warm_start.run else ""


def _warm_start_rows(state: FormState) -> list[Row]:
    """Which run it begins from; how, only where it does."""
    run, *how = group_rows(state.mapping, "warm_start", state.experiment.warm_start)
    following = [replace(row, indented=True) for row in how] if state.experiment.warm_start.run else []
    return [RunRow.of(run, "warm start") if isinstance(run, FieldRow) else run, *following]
