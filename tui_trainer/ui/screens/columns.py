"""Picks columns of a table, or one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui_trainer.choices.data import DataError, DataSet
from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.lists import ListRow
from tui_trainer.ui.forms.row import FieldRow
from tui_trainer.ui.laboratory.values import read_texts, written_texts
from tui_trainer.ui.screens.list_screen import ListScreen
from tui_trainer.ui.terminal.glyphs import WARNING
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.row_list import Column, Item
from tui_trainer.ui.widgets.rows import STRONG
from tui_trainer.ui.widgets.text_input import TextInput


class Columns(ListScreen[str | list[str] | None]):
    """Returns the columns that were picked (or the one), or None. The names are read from the file on a thread."""

    columns = (Column("", 3), Column(""))

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Done", id="columns.done"),
        Binding("space", "take", "Take", id="columns.take"),
        Binding("t", "type", "Type", id="columns.type"),
    ]

    def __init__(self, row: FieldRow | ListRow, table: DataSet) -> None:
        self.heading = row.label.capitalize()
        super().__init__()
        self.add_class("-side-by-side")
        self._row = row
        self._table = table
        self._taken: list[str] = list(row.values) if isinstance(row, ListRow) else [row.value] if row.value else []
        self._names: tuple[str, ...] = ()
        self._wrong = ""
        self._entry: TextInput | None = None

    @property
    def _several(self) -> bool:
        return isinstance(self._row, ListRow)

    def on_mount(self) -> None:
        super().on_mount()
        self.show_items((), empty="reading the file")
        self.in_background(self._read, self._take_names)

    def _read(self) -> tuple[tuple[str, ...], str]:
        try:
            return self._table.columns(), ""
        except DataError as error:
            return (), str(error)
        except OSError as error:
            return (), f"the file cannot be read: {error.strerror}"

    def _take_names(self, found: tuple[tuple[str, ...], str]) -> None:
        self._names, self._wrong = found
        self._names += tuple(name for name in self._taken if name not in self._names)
        self._list_names(self._taken[0] if self._taken else None)
        self._explanation.show(lambda width: self.explain(self.highlighted, width))

    def _list_names(self, highlight: str | None = None) -> None:
        items = [
            Item(
                str(index),
                (("[x]" if name in self._taken else "[ ]", "mark" if name in self._taken else "label"), (name, "")),
                name,
            )
            for index, name in enumerate(self._names)
        ]
        key = str(self._names.index(highlight)) if highlight in self._names else None
        self.show_items(items, highlight=key, empty="No columns are known; t types their names.")
        self.refresh_bindings()

    def explain(self, item: Item | None, width: int) -> Sequence[Spans]:
        rows: list[Spans] = []
        if self._wrong:
            rows += [*paragraph(f"{WARNING} {self._wrong}", width, "warning"), []]
        if self._several:
            taken = written_texts(self._taken) or "none"
            rows += [*paragraph(f"Taken: {taken}", width, STRONG), []]
            rows += [*paragraph("Space takes a column or puts it back; Enter is done.", width), []]
        else:
            rows += [*paragraph("Enter takes this column; space takes none.", width), []]
        for heading, text in self._row.help:
            rows += paragraph(f"{heading}: {text}" if heading else text, width)
        return rows

    # Keys

    def open(self, item: Item) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Done: with those that are taken, or with the one that is highlighted."""
        if self._several:
            self.dismiss(self._taken)
        elif self.highlighted is not None:
            self.dismiss(self._names[int(self.highlighted.key)])

    def action_take(self) -> None:
        """Take a column, or put it back; of a single one, take none."""
        if not self._several:
            self.dismiss("")
        elif self.highlighted is not None:
            name = self._names[int(self.highlighted.key)]
            self._taken = [it for it in self._taken if it != name] if name in self._taken else [*self._taken, name]
            self._list_names()
            self._explanation.update()

    def action_type(self) -> None:
        if self._entry is None:
            text = written_texts(self._taken) if self._several else "".join(self._taken)
            self._entry = TextInput(text, placeholder="names", select_on_focus=not self._several, id="entry")
            self.query_one("#window").mount(self._entry, before="#body")
            self.set_focus(self._entry)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input is self._entry:
            event.prevent_default()  # Textual calls the handlers of the classes above as well
            self.dismiss(read_texts(event.value) if self._several else event.value.strip())

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input is self._entry:
            event.prevent_default()

    def action_back(self) -> None:
        entry, self._entry = self._entry, None
        if entry is None:
            super().action_back()
        else:
            entry.remove()
            self._list.focus()
