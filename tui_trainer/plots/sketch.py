"""A small picture of functions, as a picker shows an activation and its derivative."""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.plots.frame import draw
from tui_trainer.plots.spec import Curve, Mark, PlotSpec, Row


def sketch(curves: Sequence[Curve], width: int, height: int, *, ascii_only: bool = False) -> list[Row]:
    """The curves with axes that fit them, at least 1 high, and lines through zero. `height` rows of `width` cells."""
    xs = [x for curve in curves for x in curve.xs]
    ys = [y for curve in curves for y in curve.ys if abs(y) < 1e30]
    if not xs or not ys:
        return draw(PlotSpec(ascii=ascii_only), width, height)
    left, right = min(xs), max(xs)
    low, high = min(0.0, *ys), max(1.0, *ys)
    margin = 0.04 * (high - low)
    spec = PlotSpec(
        curves=curves,
        x=(left, right),
        y=(low - margin, high + margin),
        x_ticks=[(x, f"{x:g}") for x in (left, 0.0, right)],
        y_ticks=[(y, f"{y:g}") for y in sorted({low, 0.0, 1.0, high}) if y.is_integer()],
        baseline=0.0,
        marks=[Mark(0.0)],
        gutter=2,
        ascii=ascii_only,
    )
    return draw(spec, width, height)
