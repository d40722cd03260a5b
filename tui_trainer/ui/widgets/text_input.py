"""A line of text to type into."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui_trainer.experiment.text import clean


class TextInput(Input):
    """An Input that takes in nothing that a terminal would obey, such as an escape character in what is pasted."""

    DEFAULT_CSS = """
    TextInput, TextInput:focus { height: 1; border: none; padding: 0; background: $foreground 10%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "Done", id="text.done")]

    def validate_value(self, value: str) -> str:
        return clean(value)
