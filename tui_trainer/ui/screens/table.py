"""Edits a table of an experiment, such as the blocks of a network: a line a row, a cell a column."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from tui_trainer.experiment.schema import value_at
from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.entry import Entry
from tui_trainer.ui.forms.grid import Grid
from tui_trainer.ui.forms.help import FieldHelp
from tui_trainer.ui.forms.row import FieldRow, words
from tui_trainer.ui.laboratory.sizes import count, memory
from tui_trainer.ui.screens.main_keys import keys_by_id
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.key_line import Hint, KeyLine
from tui_trainer.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from tui_trainer.choices.forms import FormField
    from tui_trainer.ui.laboratory.laboratory import Laboratory

_LOOK = 0.2
"""Seconds between two looks at what a worker says about the table."""


_HINTS = (
    Hint(("cells.lower", "cells.higher"), "change", 1),
    Hint(("cells.edit",), "edit", 2),
    Hint(("cells.add",), "add below", 0),
    Hint(("cells.delete",), "delete", 0),
    Hint(("cells.move-up", "cells.move-down"), "move", 1),
    Hint(("cells.undo",), "undo", 2),
    Hint(("cells.vary",), "vary", 3),
    Hint(("cells.help",), "help", 3),
    Hint(("cells.back",), "back", 0),
)
_TYPING = (Hint(("entry.done",), "done", 0), Hint(("entry.cancel",), "cancel", 0))


class TableScreen(ModalScreen[FieldRow | None]):
    """The table at `path` of a laboratory's draft. What is changed is changed at once, and can be undone.

    Returns the cell that is to be varied, or None.
    """

    CSS_PATH = Path(__file__).with_suffix(".tcss")

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "undo", "Undo", id="cells.undo"),
        Binding("v", "vary", "Vary", id="cells.vary"),
        Binding("escape", "back", "Back", id="cells.back"),
        Binding("question_mark,f1", "app.help", "Help", id="cells.help", show=False),
    ]

    def __init__(self, laboratory: Laboratory, path: str, field: FormField, at: int = 0) -> None:
        super().__init__()
        self._laboratory = laboratory
        self._path = path
        self._title = words(field.name).capitalize()
        self._grid = Grid(path, field, laboratory.change, at)
        self._sums = _Sums()
        self._help = FieldHelp(id="help")
        self._keys = _Keys(id="keys")
        self._drawn: object = None

    def compose(self) -> ComposeResult:
        with Vertical(id="window") as window:
            window.border_title = self._title
            yield self._grid
            yield self._sums
            yield self._help
            yield self._keys

    def on_mount(self) -> None:
        self._draw()
        self._grid.focus()
        self._hint()
        self.set_interval(_LOOK, self._draw)

    def _draw(self) -> None:
        """Show the draft as it is, and what is known of it."""
        laboratory = self._laboratory
        experiment, problems, sizes = laboratory.experiment, laboratory.problems, laboratory.sizes
        drawn = (experiment, problems, sizes)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        members = value_at(experiment, self._path)
        beside = experiment.model.shapes(sizes.shape) if self._path.startswith("model.") and sizes.shape else ()
        self._grid.show(members, dict(problems), beside)
        self._sums.show(f"{count(sizes.parameters, 'parameters')}, about {memory(sizes.memory)} of memory")
        self._explain()

    def _explain(self) -> None:
        selected = self._grid.cell
        if selected is None:
            self._help.show("", (("", self._grid.problem),) if self._grid.problem else ())
            return
        unit = f", in {selected.field.unit}" if selected.field.unit not in ("", selected.label) else ""
        self._help.show(f"{words(selected.label)}{unit}", selected.explained(), self._grid.problem)

    def on_descendant_focus(self) -> None:
        self._hint()

    def _hint(self) -> None:
        self._keys.show(_TYPING if isinstance(self.focused, Entry) else _HINTS, keys_by_id(self))

    def on_grid_selected(self) -> None:
        self._draw()
        self._explain()

    def action_undo(self) -> None:
        self._laboratory.undo()
        self._draw()

    def action_vary(self) -> None:
        if self._grid.cell is not None:
            self.dismiss(self._grid.cell)

    def action_back(self) -> None:
        self.dismiss(None)


class _Keys(KeyLine):
    GAPS = (3, 2)


class _Sums(Rows):
    """What the table adds up to."""

    DEFAULT_CSS = "_Sums { height: 1; margin-top: 1; }"

    def __init__(self) -> None:
        super().__init__(id="sums")
        self._words = ""

    def show(self, words: str) -> None:
        self._words = words
        self.update()

    def rows(self, width: int, height: int) -> Sequence[Spans]:
        return paragraph(self._words, width, "label")[:1]
