"""What the network learns from."""

from __future__ import annotations

from dataclasses import replace

from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.fields import choice_rows
from tui_trainer.ui.forms.form import FormPanel
from tui_trainer.ui.forms.row import FieldRow, Row
from tui_trainer.ui.forms.state import FormState
from tui_trainer.ui.laboratory.sizes import Sizes, count


class DataPanel(FormPanel):
    """The data set, its own fields, and how it is split and scaled."""

    number = "1"
    title = "Data"

    def form(self, state: FormState) -> list[Row]:
        rows = choice_rows(state.mapping, "data", state.experiment.data)
        return [self._within_the_data(row, state) for row in rows]

    def sums(self, state: FormState) -> list[str]:
        sizes = state.sizes
        return [
            f"{count(sizes.train, 'train')} / {count(sizes.validation, 'validation')}",
            _shapes(sizes),
        ]

    def summary(self, state: FormState) -> list[Spans]:
        sizes = state.sizes
        split = f"{count(sizes.train)} / {count(sizes.validation)}"
        return [
            [(state.experiment.data.kind, ""), (f"   {split}", "label")],
            [(_shapes(sizes), "label")],
        ]

    @staticmethod
    def _within_the_data(row: Row, state: FormState) -> Row:
        """No more training samples can be taken than there are."""
        if isinstance(row, FieldRow) and row.path == "data.train_samples":
            return replace(row, most=state.sizes.available)
        return row


def _shapes(sizes: Sizes) -> str:
    """How many features there are, and classes to tell apart; without any, a number is predicted."""
    features = count(sizes.features, "feature" if sizes.features == 1 else "features")
    return f"{features}, " + ("predicts a number" if sizes.classes == 0 else count(sizes.classes, "classes"))
