"""Bands: the light shading between two curves."""

from __future__ import annotations

from bisect import bisect_right
from math import ceil, isfinite

from tui_trainer.plots.area import Area
from tui_trainer.plots.cells import Grid
from tui_trainer.plots.palette import FAINT
from tui_trainer.plots.spec import Band

_BLANK_BRAILLE = 0x2800
_DOTS = (0x01, 0x10, 0x04, 0x80)
"""The dot that a shaded cell of braille has in each of its four rows: left and right in turn, half of all."""

_ASCII = "'"


def draw_bands(grid: Grid, area: Area) -> None:
    """Shade what is blank. Where bands overlap they take turns, row by row: both are seen, a row keeps one style."""
    shaded: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for band in area.spec.bands:
        for column in range(area.width):
            for row, character in _column(band, area, column):
                shaded.setdefault((column, row), []).append((character, band.role + FAINT))
    for (column, row), found in shaded.items():
        character, role = found[row % len(found)]
        grid.under(area.left + column, row, character, role)


def _column(band: Band, area: Area, column: int) -> list[tuple[int, str]]:
    """The rows that a band has in a column, each with its character."""
    ends = _between(band, area.x_at(column))
    if ends is None:
        return []
    low, high = min(ends), max(ends)
    bottom, top = _row(low, area), _row(high, area)
    if bottom is None or top is None:
        return []
    rows = range(max(0, ceil(top - 0.5)), min(area.height - 1, int(bottom + 0.5)) + 1)
    return [(row, character) for row in rows if (character := _shade(row, top, bottom, area.spec.ascii))]


def _between(band: Band, x: float) -> tuple[float, float] | None:
    """The two ends of a band at `x`, from the points beside it."""
    right = bisect_right(band.xs, x)
    if right == 0 or (right == len(band.xs) and x > band.xs[-1]):
        return None
    left = right - 1
    right = left if x == band.xs[left] else min(right, len(band.xs) - 1)
    span = band.xs[right] - band.xs[left]
    share = (x - band.xs[left]) / span if span > 0 else 0.0
    low = band.low[left] + share * (band.low[right] - band.low[left])
    high = band.high[left] + share * (band.high[right] - band.high[left])
    return (low, high) if isfinite(low) and isfinite(high) else None


def _row(value: float, area: Area) -> float | None:
    """The height of a value in rows from the top; on a log axis what is not positive is below it."""
    share = area.y(value)
    if share is None:
        return float(area.height) if area.spec.log else None
    return (1 - min(max(share, -1.0), 2.0)) * (area.height - 1)


def _shade(row: int, top: float, bottom: float, ascii_only: bool) -> str:
    """The part of a cell that lies between two heights; empty if that is nothing."""
    if ascii_only:
        return _ASCII if top <= row <= bottom else ""
    dots = sum(dot for number, dot in enumerate(_DOTS) if top <= row + (number - 1.5) / 4 <= bottom)
    return chr(_BLANK_BRAILLE + dots) if dots else ""
