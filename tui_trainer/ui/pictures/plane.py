"""The plane of two features: how large it is drawn, and which of its cells are seen."""

from __future__ import annotations

from collections.abc import Iterator

from tui_trainer.plots.spec import Row
from tui_trainer.runs.picture import Picture
from tui_trainer.ui.widgets.rows import exact

Ends = tuple[float, float]


def plane_size(x: Ends, y: Ends, width: int, height: int) -> tuple[int, int]:
    """Columns and rows of the plane in at most these; a unit is about as long along both axes."""
    aspect = min(2.0, max(0.5, (x[1] - x[0]) / (y[1] - y[0])))
    columns = max(1, min(width, round(2 * height * aspect)))
    return columns, max(1, min(height, round(columns / aspect / 2)))


def sampled(grid_columns: int, grid_rows: int, columns: int, rows: int) -> Iterator[list[int]]:
    """For each of `rows` rows, which cell of the grid lies in the middle of each of `columns` columns."""
    across = [int((column + 0.5) / columns * grid_columns) for column in range(columns)]
    for row in range(rows):
        start = int((row + 0.5) / rows * grid_rows) * grid_columns
        yield [start + at for at in across]


def axes_row(picture: Picture, x: Ends, y: Ends, width: int) -> Row:
    """The ends of both axes."""
    names = [*picture.features, "x", "y"] if len(picture.features) < 2 else list(picture.features)
    told = [f"{name} {low:.3g} to {high:.3g}" for name, (low, high) in zip(names, (x, y), strict=False)]
    return exact([("   ".join(told), "label")], width)
