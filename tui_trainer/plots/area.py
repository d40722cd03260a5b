"""Where in a plot the curves are, and how data units map to cells."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, log10

from tui_trainer.plots.spec import PlotSpec

_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Area:
    """`width` x `height` cells from column `left` and the top row on."""

    spec: PlotSpec
    left: int
    width: int
    height: int

    def x(self, value: float) -> float:
        """`value` as a share of the x axis."""
        lower, upper = self.spec.x
        return (value - lower) / (upper - lower) if upper > lower else 0.5

    def y(self, value: float) -> float | None:
        """`value` as a share of the y axis; None where it has no place on it."""
        lower, upper = self.spec.y
        if not isfinite(value) or (self.spec.log and (value <= 0 or lower <= 0)):
            return None
        if self.spec.log:
            value, lower, upper = log10(value), log10(lower), log10(upper)
        return (value - lower) / (upper - lower) if upper > lower else 0.5

    def column(self, value: float) -> int | None:
        """The column of an x; None beyond the axis."""
        share = self.x(value)
        return self.left + round(share * (self.width - 1)) if -_SLACK <= share <= 1 + _SLACK else None

    def row(self, value: float) -> int | None:
        """The row of a y; None beyond the axis."""
        share = self.y(value)
        if share is None or not -_SLACK <= share <= 1 + _SLACK:
            return None
        return round((1 - share) * (self.height - 1))

    def x_at(self, column: int) -> float:
        """The x in the middle of a column, counted from the left end of the axis."""
        lower, upper = self.spec.x
        return lower + (upper - lower) * column / max(1, self.width - 1)
