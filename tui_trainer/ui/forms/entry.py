"""A line of text that is typed into a row of a form."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Blur, Key
from textual.message import Message

from tui_trainer.ui.widgets.path_input import PathInput
from tui_trainer.ui.widgets.text_input import TextInput


class Entry(TextInput):
    """Enter hands over what was typed, Esc or leaving it gives up."""

    DEFAULT_CSS = """
    Entry, Entry:focus { position: absolute; }
    Entry.-wrong, Entry.-wrong:focus { color: $warning; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Done", id="entry.done", show=False),
        Binding("escape", "cancel", "Cancel", id="entry.cancel", show=False),
    ]

    KEPT: ClassVar[tuple[str, ...]] = ("up", "down")
    """Keys that do nothing here and stay here: in the form they select another row, which then takes what was typed."""

    class Cancelled(Message):
        """Nothing is to change."""

    def __init__(self, value: str, *, selected: bool, **arguments: Any) -> None:
        super().__init__(value, select_on_focus=selected, compact=True, **arguments)

    def action_cancel(self) -> None:
        self.post_message(self.Cancelled())

    def on_key(self, event: Key) -> None:
        if event.key in self.KEPT:
            event.stop()

    def _on_blur(self, event: Blur) -> None:
        super()._on_blur(event)
        self.post_message(self.Cancelled())


class PathEntry(Entry, PathInput):
    """The same for a path, which Tab completes, and whose matches the arrows choose from."""

    KEPT = ()

    DEFAULT_CSS = """
    PathEntry, PathEntry:focus { position: absolute; }
    PathEntry.-wrong, PathEntry.-wrong:focus { color: $warning; }
    """
