"""The dark and the light theme. Colours that mean something are roles of `plots.palette`; these are for the rest."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from textual.theme import Theme

DARK = Theme(
    name="dark",
    dark=True,
    primary="#E4E4E4",
    accent="#E4E4E4",
    foreground="#D0D0D0",
    background="#161616",
    surface="#1C1C1C",
    panel="#303030",
    success="#009E73",
    warning="#D55E00",
    error="#D55E00",
)
LIGHT = Theme(
    name="light",
    dark=False,
    primary="#202020",
    accent="#202020",
    foreground="#303030",
    background="#F8F8F8",
    surface="#F0F0F0",
    panel="#DCDCDC",
    success="#007A58",
    warning="#B84300",
    error="#B84300",
)
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


def first_theme(file: Path, environment: Mapping[str, str]) -> str:
    """The theme that was chosen last, else the one that suits the terminal, where it says what its background is."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        chosen = file.read_text(encoding="utf-8")[:100].strip()
        if chosen in THEMES:
            return chosen
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT.name if background in ("7", "15") else DARK.name
