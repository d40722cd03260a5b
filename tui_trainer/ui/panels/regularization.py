"""What keeps the network from learning its samples by heart."""

from __future__ import annotations

from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.form import FormPanel
from tui_trainer.ui.forms.regularizers import RegularizerRow, regularizer_rows
from tui_trainer.ui.forms.row import Row
from tui_trainer.ui.forms.state import FormState


class RegularizationPanel(FormPanel):
    """Every regularizer, on or off: they combine freely."""

    number = "5"
    title = "Regularization"

    def form(self, state: FormState) -> list[Row]:
        return regularizer_rows(state.mapping, state.experiment.regularization)

    def summary(self, state: FormState) -> list[Spans]:
        present = [row for row in self.form(state) if isinstance(row, RegularizerRow) and row.member is not None]
        if not present:
            return [[("none", "label")]]
        spans: Spans = []
        for row in present:
            value = f" {row.text}" if row.field else ""
            spans += [(row.label, "label"), (value, ""), ("  ", "")]
        return [spans[:-1]]
