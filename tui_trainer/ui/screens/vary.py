"""Varying a field: which of its values are trained side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.widgets import Input

from tui_trainer.experiment.comparison import FIXED, MOST_ARMS, MOST_REPEATS, Comparison, vary
from tui_trainer.experiment.dump import plain
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.regularizers import RegularizerRow
from tui_trainer.ui.forms.row import FieldRow, PickRow, Row
from tui_trainer.ui.forms.variations import in_words, typed, variation
from tui_trainer.ui.screens.list_screen import ListScreen
from tui_trainer.ui.terminal.glyphs import WARNING
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.row_list import Column, Item
from tui_trainer.ui.widgets.rows import STRONG
from tui_trainer.ui.widgets.text_input import TextInput


def fixed(row: Row) -> str:
    """Why a field cannot be varied; empty if it can."""
    if row.path == "seed":
        return "seeds are not varied but repeated: v on another field, then + for more seeds"
    if row.unused:
        return f"{row.label} has no effect: {row.unused}"
    return f"{row.path} is not varied: {FIXED[row.path]}" if row.path in FIXED else ""


class VaryScreen(ListScreen[Comparison | None]):
    """Returns the comparison that is to be started, or None.

    `at_once`, which blocks, says how many runs of the base can train at the same time.
    """

    columns = (Column("", 3), Column("", least=8), Column("", least=8, rank=1))

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Train", id="vary.start"),
        Binding("space", "take", "Take", id="vary.take"),
        Binding("t", "type", "Type", id="vary.type"),
        Binding("plus,equals_sign", "repeat(1)", "More seeds", id="vary.more"),
        Binding("minus", "repeat(-1)", "Fewer", id="vary.fewer"),
    ]

    def __init__(self, row: Row, base: Experiment, at_once: Callable[[], int]) -> None:
        self.heading = f"Vary {row.label}"
        super().__init__()
        self.add_class("-side-by-side")
        self._row = row
        self._base = base
        self._ask_at_once = at_once
        self._at_once = 0  # not known
        self._repeats = 1
        self._wrong = ""
        offered = variation(row)
        self._path = offered.path
        self._present = offered.present
        self._values = list(offered.values)
        self._taken = list(offered.taken)
        self._notes = {value: self._note(value) for value in self._values}
        self._entry: TextInput | None = None

    def on_mount(self) -> None:
        super().on_mount()
        self._list_values(self._present)
        self.in_background(self._ask_at_once, self._take_at_once)
        if not self._values:
            self.action_type()

    # What it shows

    def explain(self, item: Item | None, width: int) -> Sequence[Spans]:
        rows: list[Spans] = []
        if self._wrong:
            rows += [*paragraph(f"{WARNING} {self._wrong}", width, "warning"), []]
        rows += [*paragraph(self._plan(), width, STRONG), []]
        if self._path == "optimizer":
            rows += [*paragraph(self._told_of_rates(), width), []]
        for heading, text in self._row.help:
            rows += paragraph(f"{heading}: {text}" if heading else text, width)
        return rows

    def _plan(self) -> str:
        """What Enter will do."""
        count = len(self._taken)
        if count < 2:
            return "Take at least two values: space takes one, t types another."
        runs = count * self._repeats
        seeds = f", each with {self._repeats} seeds" if self._repeats > 1 else ""
        turns = "" if not self._at_once else f", {self._at_once} at a time" if runs > self._at_once else ", all at once"
        return f"Enter trains {count} values{seeds}: {runs} runs{turns}. All else stays as it is."

    def _take_at_once(self, count: int) -> None:
        self._at_once = count
        self._explanation.update()

    def _told_of_rates(self) -> str:
        own = "Each optimizer takes its own default learning rate"
        kept = (
            f", but {self._present} keeps the one that you set" if "lr" in self._base.optimizer.model_fields_set else ""
        )
        return f"{own}{kept}: none of them is tuned."

    def _note(self, value: Any) -> str:
        notes = ["now"] if value == self._present else []
        if self._path == "optimizer":
            notes.insert(0, f"lr {set_values(self._base, {self._path: value}).optimizer.lr:g}")
        return "  ".join(notes)

    def _list_values(self, highlight: Any = None) -> None:
        items = [
            Item(
                str(index),
                (
                    ("[x]" if value in self._taken else "[ ]", "mark" if value in self._taken else "label"),
                    (in_words(value), STRONG if value in self._taken else ""),
                    (self._notes[value], "label"),
                ),
                in_words(value),
            )
            for index, value in enumerate(self._values)
        ]
        at = self._values.index(highlight) if highlight in self._values else None
        self.show_items(items, highlight=None if at is None else str(at), empty="Nothing is offered: type values.")

    # Keys

    def open(self, item: Item) -> None:
        """Start, if at least two are taken."""
        taken = [value for value in self._values if value in self._taken]
        if len(taken) < 2:
            self.notify("Take at least two values: space takes one.", severity="warning")
            return
        try:
            self.dismiss(vary(self._base, self._path, taken).repeated(self._repeats))
        except ExperimentError as error:
            self._say_wrong("; ".join(problem.message for problem in error.problems))

    def action_take(self) -> None:
        if self.highlighted is None:
            return
        value = self._values[int(self.highlighted.key)]
        if value in self._taken:
            self._taken.remove(value)
        elif self._may_take():
            self._taken.append(value)
        self._wrong = ""
        self._list_values()

    def action_repeat(self, by: int) -> None:
        self._repeats = max(1, min(MOST_REPEATS, self._repeats + by))
        self._explanation.update()

    def on_key(self, event: Key) -> None:
        character = event.character
        begins = self._row.starts_typing("0") and character in tuple("0123456789.")  # no panel is there to go to
        if character and self._entry is None and begins:
            event.stop()
            event.prevent_default()
            self._type(character)

    def action_type(self) -> None:
        if not isinstance(self._row, PickRow) and self._entry is None:
            self._type("")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "type" or not isinstance(self._row, PickRow)

    def _type(self, text: str) -> None:
        self._entry = TextInput(text, placeholder="another value", select_on_focus=False, id="entry")
        self.query_one("#window").mount(self._entry, before="#body")
        self.set_focus(self._entry)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input is self._entry:
            event.prevent_default()  # Textual calls the handlers of the classes above as well
            self._add(event.value)

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input is self._entry:
            event.prevent_default()
            self._say_wrong("")

    def action_back(self) -> None:
        if self._entry is not None:
            self._end_typing()
        else:
            super().action_back()

    def _add(self, text: str) -> None:
        """Take a value that was typed, or several with commas between them, where one is no list itself."""
        if isinstance(self._row, FieldRow | RegularizerRow) and "," in text:
            texts = [part.strip() for part in text.split(",") if part.strip()]
        else:
            texts = [text]
        values = []
        for each in texts:
            value = typed(self._row, each)
            try:
                set_values(self._base, {self._path: plain(value)})
            except ExperimentError as error:
                self._say_wrong("; ".join(problem.message for problem in error.problems))
                return
            values.append(value)
        for value in values:
            if value not in self._values:
                self._values = _in_order([*self._values, value])
                self._notes[value] = self._note(value)
            if value not in self._taken and self._may_take():
                self._taken.append(value)
        if values:
            self._end_typing()
            self._list_values(values[-1])

    def _end_typing(self) -> None:
        entry, self._entry = self._entry, None
        if entry is not None:
            entry.remove()
        self._say_wrong("")
        self._list.focus()

    def _may_take(self) -> bool:
        if len(self._taken) >= MOST_ARMS:
            self.notify(f"{MOST_ARMS} values are the most.", severity="warning")
        return len(self._taken) < MOST_ARMS

    def _say_wrong(self, words: str) -> None:
        if words != self._wrong:
            self._wrong = words
            self._explanation.update()


def _in_order(values: list[Any]) -> list[Any]:
    """Numbers by size, the rest where it stood."""
    numbers = sorted(value for value in values if isinstance(value, int | float) and not isinstance(value, bool))
    others = [value for value in values if not isinstance(value, int | float) or isinstance(value, bool)]
    first = [value for value in others if value is False]
    return [*first, *numbers, *(value for value in others if value is not False)]
