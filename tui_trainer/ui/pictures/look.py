"""How pictures are looked at: what the terminal shows, and what a person has chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.style import Style
from textual.app import App
from textual.widget import Widget

from tui_trainer.plots.class_colours import class_colour
from tui_trainer.plots.half_blocks import colours_of
from tui_trainer.ui.terminal.glyphs import ascii_only
from tui_trainer.ui.widgets.rows import style_of

Shown = Literal["all", "validation", "train", "none"]
"""Which points of the data are drawn over a picture."""

SHOWN: tuple[Shown, ...] = ("all", "validation", "train", "none")

Shades = Sequence[tuple[int, int]]
"""The class and the level of each cell of a boundary."""

_CLASS = "class-"
_INVERSE = ":inverse"


@dataclass(frozen=True)
class Place:
    """Where a person is in a view: which layer, head, sample, page or mistake, each counted from 0."""

    across: int = 0
    down: int = 0
    sample: int = 0


@dataclass(frozen=True)
class Steps:
    """How many places a view has in each direction. With `line`, those across stand in lines of so many, and the keys
    up and down go from line to line."""

    across: int = 1
    down: int = 1
    samples: int = 1
    line: int = 0

    def clamped(self, place: Place) -> Place:
        """The nearest place that there is."""
        return Place(
            min(place.across, max(0, self.across - 1)),
            min(place.down, max(0, self.down - 1)),
            min(place.sample, max(0, self.samples - 1)),
        )


@dataclass(frozen=True)
class Look:
    """`colours`: whether there are enough of them for shades; `dark`: whether the theme is."""

    colours: bool = True
    ascii: bool = False
    dark: bool = True
    letters: bool = False  # letters for classes, although there are colours
    points: Shown = "all"
    place: Place = Place()
    shades: Shades = ()  # of the cells of a boundary

    @property
    def blocks(self) -> bool:
        """Whether cells can hold two pixels of any colour."""
        return self.colours and not self.ascii

    @property
    def shaded(self) -> bool:
        """Whether classes are shades of colour; else they are letters."""
        return self.colours and not self.ascii and not self.letters


def terminal_look(app: App[object]) -> Look:
    """The look for what the terminal of `app` can show."""
    enough = not app.no_color and app.console.color_system in ("256", "truecolor")
    return Look(enough, ascii_only(), app.current_theme.dark)


def class_role(index: int) -> str:
    """The role of what stands for a class."""
    return f"{_CLASS}{index}"


def inverse(role: str) -> str:
    """The role of the same in the colour of its background."""
    return role + _INVERSE


def picture_style(role: str, widget: Widget) -> Style:
    """As `style_of`, for the roles of pictures as well."""
    if pair := colours_of(role):
        return Style(color=pair[0] or None, bgcolor=pair[1])
    name, inverted, _ = role.partition(_INVERSE)
    if name.startswith(_CLASS) and not widget.app.no_color:
        style = Style(color=class_colour(int(name.removeprefix(_CLASS)), widget.app.current_theme.dark))
    else:
        style = style_of("" if name.startswith(_CLASS) else name, widget)
    return style + Style(reverse=True, bold=True) if inverted else style
