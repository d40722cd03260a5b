"""Signs beyond ASCII, and what stands for them on a terminal that shows nothing else.

The screen is written with these signs everywhere; where the locale knows ASCII only, `to_ascii` replaces them in
what is about to be sent, borders included. No sign is an emoji or wider than one cell.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from rich.cells import get_character_cell_size

STATES = {
    "starting": "○",
    "running": "●",
    "paused": "‖",
    "finished": "✓",
    "stopped": "■",
    "interrupted": "■",
    "failed": "✗",
    "died": "✗",
    "stalled": "!",
}
"""The sign of each state that a run can be in."""

WARNING = "!"
LIVE = "↯"  # can change while training
HINT = "◇"  # worth knowing, but nothing wrong
MARKED = "◆"  # to be compared
EDITED = "•"  # other than in the run
UP = "▲"
DOWN = "▼"
PREVIOUS = "◂"
NEXT = "▸"
BAR_FULL = "━"
BAR_HALF = "╸"
BAR_EMPTY = "─"
SEPARATOR = "·"
MORE = "…"
NONE = "–"

_ASCII = {
    "○": "o",
    "●": "*",
    "‖": "=",
    "✓": "+",
    "■": "#",
    "✗": "x",
    "↯": "~",
    "◇": "o",
    "◆": "*",
    "▲": "^",
    "▼": "v",
    "◂": "<",
    "▸": ">",
    "━": "=",
    "·": "-",
    "•": "*",
    "…": ".",
    "–": "-",
    "—": "-",
    "×": "x",
    "±": "~",
    "−": "-",
    "→": ">",
    "←": "<",
    "↑": "^",
    "↓": "v",
    "⏎": "E",
    "⌫": "<",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
}


def ascii_only(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the locale names an encoding that has no signs beyond ASCII (or others than Unicode's)."""
    names = (environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    locale = next((name for name in names if name), "UTF-8")
    return "utf" not in locale.lower()


@lru_cache(4096)
def to_ascii(text: str) -> str:
    """`text` with a character of ASCII in each cell."""
    return text if text.isascii() else "".join(map(_fallback, text))


def _fallback(character: str) -> str:
    if character.isascii():
        return character
    if character in _ASCII:
        return _ASCII[character]
    if "\u2500" <= character <= "\u257f":
        return _box(unicodedata.name(character))
    if "\u2580" <= character <= "\u259f":
        return " "
    return "?" * get_character_cell_size(character)


def _box(name: str) -> str:
    across = "HORIZONTAL" in name or "LEFT" in name or "RIGHT" in name
    down = "VERTICAL" in name or "UP" in name or "DOWN" in name
    return "+" if across and down else "-" if across else "|"
