"""Signed values in character cells: one hue for what is above zero, another for what is below, the background for zero.

Where there are no colours, a character says the sign and, roughly, the size.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.plots.class_colours import tint
from tui_trainer.plots.half_blocks import Cell, half_blocks

FULL = 100
"""A signed value lies between minus this and this."""

_STEPS = 8
_FAINTEST, _FULLEST = 0.06, 0.95
_ABOVE = {True: "#E69F00", False: "#B84300"}
_BELOW = {True: "#56B4E9", False: "#0072B2"}
_NEITHER = "#808080"
_SIGNS_ABOVE, _SIGNS_BELOW = ".+#", ".-="


def heat_colour(value: int, dark: bool = True) -> str:
    """The colour of a signed value as `#RRGGBB`."""
    step = round(min(FULL, abs(value)) / FULL * _STEPS)
    hue = (_ABOVE if value > 0 else _BELOW)[dark] if step else _NEITHER
    return tint(hue, _FAINTEST + (_FULLEST - _FAINTEST) * step / _STEPS, dark)


def heat_sign(value: int) -> str:
    """The character of a signed value: `.` near zero, `+` and `#` above it, `-` and `=` below."""
    signs = _SIGNS_ABOVE if value > 0 else _SIGNS_BELOW
    return signs[0 if abs(value) < 0.15 * FULL else 1 if abs(value) < 0.5 * FULL else 2]


def heat_cells(
    values: Sequence[int], height: int, width: int, scale: int = 1, *, colours: bool = True, dark: bool = True
) -> list[list[Cell]]:
    """Signed values by rows from the top, each `scale` pixels wide and high; two pixels a cell."""
    rows = [
        [value for value in values[at * width : (at + 1) * width] for _ in range(scale)]
        for at in range(height)
        for _ in range(scale)
    ]
    if not rows:
        return []
    if colours:
        return half_blocks([[heat_colour(value, dark) for value in row] for row in rows])
    pairs = zip(rows[::2], [*rows[1::2], rows[-1]], strict=False)
    return [[(heat_sign(_stronger(a, b)), "") for a, b in zip(upper, lower, strict=True)] for upper, lower in pairs]


def _stronger(one: int, other: int) -> int:
    return one if abs(one) >= abs(other) else other
