"""The colours and letters of classes: ten of each that can be told apart; further classes go through them again.

The first eight are the palette of Okabe & Ito (2008), in an order that sets neighbours apart; brown and grey join them.
On the dark theme blue is lighter than theirs, which is hard to see on black.
"""

from __future__ import annotations

from functools import lru_cache
from string import ascii_lowercase

LEVELS = 5
"""Shades between a class that is as likely as any other and one that is certain."""

_SLACK = 0.5

_DARK = ("#E69F00", "#3C8FD0", "#009E73", "#CC79A7", "#F0E442", "#56B4E9", "#D55E00", "#B0B0B0", "#9A6B3F", "#7F7FD9")
_LIGHT = ("#C98700", "#0072B2", "#009E73", "#B55C8D", "#A89C00", "#3FA0DA", "#D55E00", "#6E6E6E", "#7D5430", "#5A5AC0")
_BACKGROUND = {True: "#161616", False: "#F8F8F8"}
_FAINTEST, _FULLEST = 0.10, 0.52


def class_colour(index: int, dark: bool = True) -> str:
    """The colour of a class as `#RRGGBB`."""
    colours = _DARK if dark else _LIGHT
    return colours[index % len(colours)]


def class_letter(index: int) -> str:
    """The small letter that stands for a class where colours cannot."""
    return ascii_lowercase[index % len(ascii_lowercase)]


def level(confidence: float, classes: int, before: int | None = None) -> int:
    """The shade of a probability, 0 to LEVELS - 1: how far it is from chance, which is one over `classes`.

    The shade that it had `before` stays where it nearly fits: what flickers costs attention, and bytes.
    """
    chance = 1 / max(2, classes)
    height = (confidence - chance) / (1 - chance) * LEVELS
    if before is not None and before - _SLACK <= height <= before + 1 + _SLACK:
        return before
    return min(LEVELS - 1, max(0, int(height)))


def shade(index: int, at: int, dark: bool = True) -> str:
    """The colour of a class at a level; on it, the class's own colour still shows."""
    return tint(class_colour(index, dark), _FAINTEST + (_FULLEST - _FAINTEST) * at / (LEVELS - 1), dark)


@lru_cache(512)
def tint(colour: str, share: float, dark: bool = True) -> str:
    """`share` of a colour over the background."""
    pairs = [(int(colour[i : i + 2], 16), int(_BACKGROUND[dark][i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02X}" for a, b in pairs)
