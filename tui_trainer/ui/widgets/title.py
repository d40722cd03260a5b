"""Titles in the borders of widgets."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from tui_trainer.experiment.text import clean


def entitle(widget: Widget, title: str) -> None:
    """Give a widget a title, taken as it stands, if it is another one: to set it repaints the whole widget."""
    written = Content(clean(title))
    if widget.border_title != written.markup:
        widget.border_title = written
