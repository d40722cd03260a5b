"""Screen updates that send the cells that changed, and no others.

For a region that a widget reports as changed, Textual sends the row of that widget from its left edge to the end of
the region, every piece with its full style. On a plot, which grows at its right end, that is most of the row.
`SparingDisplay` has an update begin where its region begins, and repeats no style that still holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.color import ColorSystem
from rich.console import Console, RenderableType
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate
from textual.screen import Screen
from textual.strip import Strip

if TYPE_CHECKING:
    from textual.app import App

    _Base = App[None]
else:
    _Base = object


class SparingDisplay(_Base):
    """Put this before `App` among the bases of an application."""

    @property
    def _background_screens(self) -> list[Screen[object]]:
        # Whatever changes on a screen below would have the whole screen on top painted anew, even where that covers it.
        covered = self.screen.styles.background.a == 1
        return [] if covered else super()._background_screens

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, ChopsUpdate):
            renderable = SpansUpdate(renderable.chops, renderable.spans, renderable.chop_ends)
        super()._display(screen, renderable)


class SpansUpdate(ChopsUpdate):
    """A partial update that is cut to its spans at both ends."""

    def render_segments(self, console: Console) -> str:
        written: list[str] = []
        for y, left, right in self.spans:
            at = -1
            pieces: list[Segment] = []
            for end, (start, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or start >= right or end <= left:
                    continue
                first = max(start, left)
                at = first if at < 0 else at
                pieces += strip.crop(first - start, min(end, right) - start)
            if pieces:
                written += [Control.move_to(at, y).segment.text, terse(pieces, console)]
        return "".join(written)


def terse(segments: list[Segment], console: Console) -> str:
    """Segments as text with escape sequences, where a style that already holds is not set again.

    Spaces show nothing but a background, so they go along with any style that has theirs.
    """
    colours = console._color_system or ColorSystem.TRUECOLOR
    written: list[str] = []
    held: Style | None = None
    for text, style, control in segments:
        style = style or Style.null()
        if control:
            written.append(text)
        elif style.link:
            written.append(Strip.render_style(style, text, colours))
            held = None
        elif held is not None and (style == held or (text.isspace() and _same_blank(style, held))):
            written.append(text)
        else:
            codes = Strip.render_ansi(style, colours)
            written += [f"\x1b[0;{codes}m" if codes else "\x1b[0m", text]
            held = style
    return "".join([*written, "\x1b[0m"])


def _same_blank(style: Style, held: Style) -> bool:
    lines = any((one.underline or one.strike or one.reverse or one.overline) for one in (style, held))
    return style.bgcolor == held.bgcolor and not lines
