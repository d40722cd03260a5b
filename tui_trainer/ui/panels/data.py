"""What the network learns from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tui_trainer.choices.data import DataSet
from tui_trainer.experiment.text import clean
from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.fields import choice_rows
from tui_trainer.ui.forms.form import FormPanel
from tui_trainer.ui.forms.row import FieldRow, PickRow, Row
from tui_trainer.ui.forms.state import FormState
from tui_trainer.ui.laboratory.sizes import Sizes, count, sample_in_words, target_in_words
from tui_trainer.ui.widgets.explanation import wrap

_LINE = 29  # cells of a line in the narrowest panel


class DataPanel(FormPanel):
    """The data set, its own fields, and how it is split and scaled."""

    number = "1"
    title = "Data"

    def form(self, state: FormState) -> list[Row]:
        rows = choice_rows(state.mapping, "data", state.experiment.data, state.given)
        return [self._within_the_data(row, state) for row in rows]

    def sums(self, state: FormState) -> list[str]:
        sizes = state.sizes
        shapes = _shapes(sizes)
        lines = [shapes] if len(shapes) <= _LINE else [sample_in_words(sizes), target_in_words(sizes)]
        return [_split(sizes), *lines, *(line for note in sizes.notes for line in wrap(note, _LINE))]

    def summary(self, state: FormState) -> list[Spans]:
        sizes = state.sizes
        split = f"{count(sizes.train)} / {count(sizes.validation)}"
        kind, own = state.experiment.data.kind, _own_file(state.experiment.data)
        return [
            [(kind, ""), (clean(f"   {own or split}"), "label")],
            [(_longest_fitting(sizes, f"{split}  " if own else ""), "label")],
        ]

    @staticmethod
    def _within_the_data(row: Row, state: FormState) -> Row:
        """No more training samples can be taken than there are; the kind is explained with what was guessed."""
        if isinstance(row, FieldRow) and row.path == "data.train_samples":
            return replace(row, most=state.sizes.available)
        if isinstance(row, PickRow):
            return replace(row, notes=state.sizes.notes)
        return row


def _own_file(data: DataSet) -> str:
    """The name of the file or folder that it is read from, if it names one."""
    named = (getattr(data, field.name) for field in data.form() if field.path)
    return next((Path(path).name for path in named if path), "")


def _split(sizes: Sizes) -> str:
    """How many samples are in which part."""
    if sizes.test:
        return f"{count(sizes.train)} / {count(sizes.validation)} / {count(sizes.test, 'test')}"
    named = f"{count(sizes.train, 'train')} / {count(sizes.validation, 'validation')}"
    return named if len(named) <= _LINE else f"{count(sizes.train)} / {count(sizes.validation, 'validation')}"


def _longest_fitting(sizes: Sizes, before: str) -> str:
    """What comes before, and as many of the words on a sample and its target as there is room for."""
    sample, target = f"{before}{sample_in_words(sizes)}", target_in_words(sizes)
    offered = [f"{sample}, {target}", f"{sample}, {target.removeprefix('predicts ')}"]
    return next((words for words in offered if len(words) <= _LINE), sample)


def _shapes(sizes: Sizes) -> str:
    """What a sample is, and what is predicted for it."""
    return f"{sample_in_words(sizes)}, {target_in_words(sizes)}"
