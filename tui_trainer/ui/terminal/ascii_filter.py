"""Nothing but ASCII on a terminal that shows nothing else."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tui_trainer.ui.terminal.glyphs import to_ascii


class AsciiFilter(LineFilter):
    """Keeps everything that is drawn within ASCII; an App returns it from `get_line_filters`."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(to_ascii(text), style, control) for text, style, control in segments]
