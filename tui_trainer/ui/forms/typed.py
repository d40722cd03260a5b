"""Rows with a value that is typed in its place: an error stays in the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.widgets import Input

from tui_trainer.choices.forms import FormField
from tui_trainer.ui.forms.entry import Entry, PathEntry
from tui_trainer.ui.forms.row import Row
from tui_trainer.ui.laboratory.draft import Edit
from tui_trainer.ui.widgets.rows import Rows


class TypedRows(Rows):
    """`change` makes an edit and says what is wrong with it.

    Subclasses say which row is typed into, where the entry stands, and what is done when something is to be told.
    """

    def __init__(self, change: Callable[[Edit], str], **arguments: Any) -> None:
        super().__init__(**arguments)
        self.error = ""  # what is wrong with what was typed last
        self._change = change
        self._entry: Entry | None = None

    def _typed_row(self) -> Row | None:
        """The row that is typed into."""
        raise NotImplementedError

    def _place_entry(self) -> None:
        """Put the entry, if there is one, where the value is."""
        raise NotImplementedError

    def _tell(self) -> None:
        """Draw, and say that something is to be said about the row."""
        raise NotImplementedError

    def _make(self, edit: Edit) -> bool:
        """Make a change; whether it was right."""
        self.error = self._change(edit)
        self._tell()
        return not self.error

    def _type(self, text: str, *, selected: bool) -> None:
        field = getattr(self._typed_row(), "field", None)
        if isinstance(field, FormField) and field.path:
            self._entry = PathEntry(text, selected=selected, kind=field.path, suffixes=field.suffixes)
        else:
            self._entry = Entry(text, selected=selected)
        self._place_entry()
        self.mount(self._entry)
        self.screen.set_focus(self._entry)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        row = self._typed_row()
        if self._entry is not None and row is not None:
            if self._make(row.typed(event.value)):
                self._end_typing()
            else:
                self._entry.add_class("-wrong")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._entry is not None and self.error:
            self.error = ""
            self._entry.remove_class("-wrong")
            self._tell()

    def on_entry_cancelled(self, event: Entry.Cancelled) -> None:
        event.stop()
        self._end_typing()

    def _end_typing(self) -> None:
        entry, self._entry = self._entry, None
        if entry is None:
            return
        had_focus = entry.has_focus
        entry.remove()
        self.error = ""
        if had_focus:
            self.screen.set_focus(self)
        self._tell()
