"""Samples: single points that stand below the curves, each a sign in a cell of its own."""

from __future__ import annotations

from tui_trainer.plots.area import Area
from tui_trainer.plots.cells import Grid


def draw_samples(grid: Grid, area: Area) -> None:
    """Write a sign wherever a sample lies and nothing else does; those that come later leave earlier ones be."""
    for samples in area.spec.samples:
        for x, y in zip(samples.xs, samples.ys, strict=True):
            column, row = area.column(x), area.row(y)
            if column is not None and row is not None:
                grid.under(column, row, samples.sign, samples.role)
