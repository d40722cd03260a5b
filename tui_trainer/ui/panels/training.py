"""How long, and in which portions, the network trains."""

from __future__ import annotations

from tui_trainer.experiment.fields import field_at
from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.fields import choice_rows, field_rows, group_rows
from tui_trainer.ui.forms.form import FormPanel
from tui_trainer.ui.forms.row import Row, words
from tui_trainer.ui.forms.state import FormState
from tui_trainer.ui.laboratory.sizes import count


class TrainingPanel(FormPanel):
    """Batches, epochs, evaluations, pace, the loss, the seed and the device."""

    number = "6"
    title = "Training"

    def form(self, state: FormState) -> list[Row]:
        rows = [
            *group_rows(state.mapping, "training", state.experiment.training),
            *choice_rows(state.mapping, "loss", state.experiment.loss, state.given),
        ]
        for name in ("seed", "device"):
            if field := field_at(name, state.mapping):
                rows += field_rows(state.mapping, "", state.experiment, field)
        return rows

    def sums(self, state: FormState) -> list[str]:
        sizes = state.sizes
        return [count(sizes.updates_per_epoch, "updates an epoch,"), count(sizes.updates, "in all")]

    def summary(self, state: FormState) -> list[Spans]:
        training, kind = state.experiment.training, state.experiment.loss.kind
        loss = "" if kind == "auto" else f", {words(kind)}"
        return [
            [("batch ", "label"), (str(training.batch_size), ""), ("   epochs ", "label"), (str(training.epochs), "")],
            [(count(state.sizes.updates, "updates") + loss, "label")],
        ]
