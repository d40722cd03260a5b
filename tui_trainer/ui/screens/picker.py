"""Picks one choice of a family, with its explanation beside the names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui_trainer.choices.activations import Activation
from tui_trainer.choices.base import Choice
from tui_trainer.choices.forms import FormField
from tui_trainer.choices.schedules import Schedule
from tui_trainer.experiment.diff import shown
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.schema import Experiment
from tui_trainer.plots.heading import Entry, heading
from tui_trainer.plots.sketch import sketch
from tui_trainer.plots.spec import Curve, Row, Span
from tui_trainer.ui.forms.schedule import schedule_rows
from tui_trainer.ui.laboratory.sizes import Sizes
from tui_trainer.ui.screens.list_screen import ListScreen
from tui_trainer.ui.terminal.glyphs import WARNING, ascii_only
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.row_list import Column, Item
from tui_trainer.ui.widgets.rows import STRONG

_REACH = 4.0  # an activation is drawn from -4 to 4
_POINTS = 161
_WIDEST, _HEIGHT = 72, 9  # of what is drawn


class Picker(ListScreen[str | None]):
    """Returns the name of the choice that was picked, or None; `kind` is the present one.

    Schedules are drawn as they would be in the run of `experiment`, whose sizes are `sizes`.
    `misfit` says in two or three words why a choice cannot work as things stand: it can be picked all the same, for
    what stands in its way may be changed next.
    """

    columns = (Column(""), Column("", 9, rank=1), Column("", 3), Column("", least=80, rank=2))

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", "Pick", id="picker.pick")]

    def __init__(
        self,
        family: type[Choice],
        kind: str,
        misfit: Callable[[type[Choice]], str] = lambda _: "",
        experiment: Experiment | None = None,
        sizes: Sizes | None = None,
    ) -> None:
        self.heading = family.family.capitalize()
        super().__init__()
        self._experiment, self._sizes = experiment or Experiment(), sizes or Sizes()
        self._choices = family.kinds()
        self._present = kind
        self._misfits = {kind: misfit(choice) for kind, choice in self._choices.items()}
        self.add_class("-side-by-side")
        self._grouped = any(choice.group for choice in self._choices.values())
        if self._grouped:
            self.add_class("-grouped")
        if any(self._misfits.values()):
            self.add_class("-marked")

    def on_mount(self) -> None:
        super().on_mount()
        items = [Item(kind, self._cells(kind, choice)) for kind, choice in self._choices.items()]
        name, group, mark, summary = self.columns
        marks = max(mark.width, *map(len, self._misfits.values()))
        columns = (name, replace(group, width=group.width if self._grouped else 1), replace(mark, width=marks), summary)
        self.show_items(items, highlight=self._present, columns=columns)

    def _cells(self, kind: str, choice: type[Choice]) -> tuple[Span, ...]:
        """Its name, its group, whether it is the present one or cannot work; and, to be found by, what it is."""
        misfit = self._misfits[kind]
        mark = misfit or ("now" if kind == self._present else "")
        return (kind, "label" if misfit else ""), (choice.group, "label"), (mark, "label"), (choice.summary(), "label")

    def explain(self, item: Item | None, width: int) -> Sequence[Row]:
        if item is None:
            return []
        misfit = self._misfits[item.key]
        why = [*paragraph(f"{WARNING} does not fit as things stand: {misfit}.", width, "warning"), []]
        choice = self._choices[item.key]
        return [*(why if misfit else ()), *self._drawn(choice, min(width, _WIDEST)), *explain(choice, width)]

    def _drawn(self, choice: type[Choice], width: int) -> Sequence[Row]:
        """What can be drawn of a choice: an activation, or the learning rate over the run."""
        if issubclass(choice, Activation):
            return picture(choice, width)
        if issubclass(choice, Schedule):
            kind = choice.model_fields["kind"].default
            run = self._experiment
            if kind != self._present:
                run = set_values(run, {"schedule": kind})
            return [*schedule_rows(run, self._sizes, width, _HEIGHT), []]
        return ()

    def open(self, item: Item) -> None:
        self.dismiss(item.key)


def explain(choice: type[Choice], width: int) -> list[Row]:
    """A choice in rows of `width` cells: its explanation, its fields and their columns."""
    rows: list[Row] = []
    for text in choice.explanation().split("\n\n"):
        rows += [*paragraph(text, width), []]
    for field in choice.form():
        rows += [*_explain_field(field, width), []]
        for column in field.columns:
            rows += [*_explain_field(replace(column, name=f"{field.row} {column.name}"), width), []]
    return rows


def _explain_field(field: FormField, width: int) -> list[Row]:
    default = f"{shown(field.default)} {field.unit}".strip()
    rows: list[Row] = [[(field.name, STRONG), (f"  {default}", "")]]
    bounds = field.bounds()
    rows += paragraph(field.help + (f" ({bounds})" if bounds else ""), width, "", "  ")
    for word, text in (("too low: ", field.low), ("too high: ", field.high)):
        rows += paragraph(word + text, width, "label", "  ") if text else []
    return rows


@lru_cache(64)
def picture(activation: type[Activation], width: int, height: int = _HEIGHT) -> tuple[Row, ...]:
    """The function and its derivative, with the values that its fields have by default."""
    function = activation(kind=activation.model_fields["kind"].default)
    xs = [_REACH * (2 * i / (_POINTS - 1) - 1) for i in range(_POINTS)]
    curves = [
        Curve("derivative", "validation", xs, list(map(function.derivative, xs)), stroke="dots"),
        Curve("function", "train", xs, list(map(function.value, xs))),
    ]
    legend = [Entry(curve.label, curve.role, curve.stroke) for curve in reversed(curves)]
    plain = ascii_only()
    return (heading(legend, width, ascii_only=plain), *sketch(curves, width, height, ascii_only=plain), [])
