"""Letters on curves, so that many of them can be told apart without colour."""

from __future__ import annotations

from bisect import bisect_right

from tui_trainer.plots.area import Area
from tui_trainer.plots.cells import Grid
from tui_trainer.plots.spec import Curve

_APART = (8, 40)
"""Columns from a letter to the same letter's next place, at least and at most."""


def draw_tags(grid: Grid, area: Area) -> None:
    """Write the letters at places that stand still while the curves grow, and in other columns for each curve."""
    tagged = [curve for curve in area.spec.curves if curve.tag]
    apart = max(_APART[0], min(_APART[1], area.width // 2 - 2))
    for number, curve in enumerate(tagged):
        first = apart // 8 + number * apart // len(tagged)
        for column in range(first, area.width, apart):
            row = _row(curve, area, column)
            if row is not None:
                grid.put(area.left + column, _drawn(grid, area.left + column, row, curve.role), curve.tag, curve.role)


def _drawn(grid: Grid, column: int, row: int, role: str) -> int:
    """The row nearest to `row` in which a curve was drawn: a point between two rows may be in either."""
    rows = (near for near in (row, row + 1, row - 1) if 0 <= near < grid.height)
    return next((near for near in rows if grid.rows[near][column][1] == role), row)


def _row(curve: Curve, area: Area, column: int) -> int | None:
    """The row of a curve in a column; None where it is not."""
    x = area.x_at(column)
    right = bisect_right(curve.xs, x)
    if right == 0 or right == len(curve.xs):
        return None
    before, after = right - 1, right
    span = curve.xs[after] - curve.xs[before]
    share = (x - curve.xs[before]) / span if span > 0 else 0.0
    return area.row(curve.ys[before] + share * (curve.ys[after] - curve.ys[before]))
