"""The surface: what is predicted at every place of the plane of two features, with the data over it."""

from __future__ import annotations

from collections.abc import Iterator

from tui_trainer.plots.cells import spans
from tui_trainer.plots.half_blocks import Cell, colours_of, half_blocks, on
from tui_trainer.plots.heat import heat_colour, heat_sign
from tui_trainer.plots.spec import Row
from tui_trainer.runs.picture import Picture, Surface
from tui_trainer.ui.figures import figure
from tui_trainer.ui.pictures.look import Look, inverse
from tui_trainer.ui.pictures.plane import axes_row, plane_size, sampled
from tui_trainer.ui.pictures.tiles import scale_row
from tui_trainer.ui.widgets.rows import STRONG, exact

_CROWD = 10  # of so many cells, points take one at most
_SIGNS = {"train": "•", "validation": "○"}


def surface_rows(picture: Picture, surface: Surface, width: int, height: int, look: Look) -> list[Row]:
    """The plane as large as it fits, and below it its axes and what the colours stand for."""
    columns, rows = plane_size(surface.x, surface.y, width, max(1, height - 2))
    cells = _shaded(surface, columns, rows, look) if look.blocks else _signed(surface, columns, rows)
    for x, y, value, part in _placed(surface, columns, rows, look):
        cells[y][x] = _point(cells[y][x], value, part, look)
    low, high = surface.middle - surface.reach, surface.middle + surface.reach
    legend: Row = [(f"{surface.target} ", STRONG), *scale_row(low, high, look), *_points(picture, look)]
    axes = axes_row(picture, surface.x, surface.y, width)
    return [*(spans(row) for row in cells), axes, exact(legend, width)]


def _shaded(surface: Surface, columns: int, rows: int, look: Look) -> list[list[Cell]]:
    colours = [heat_colour(value, look.dark) for value in surface.values]
    grid = sampled(surface.columns, surface.rows, columns, 2 * rows)
    return half_blocks([[colours[at] for at in row] for row in grid])


def _signed(surface: Surface, columns: int, rows: int) -> list[list[Cell]]:
    signs = [(heat_sign(value), "label") for value in surface.values]
    return [[signs[at] for at in row] for row in sampled(surface.columns, surface.rows, columns, rows)]


def _placed(surface: Surface, columns: int, rows: int, look: Look) -> Iterator[tuple[int, int, int, str]]:
    """The points that are shown, each with its cell, its target and its part."""
    for part, points in (("train", surface.train), ("validation", surface.validation)):
        if look.points not in ("all", part):
            continue
        step = 1 + _CROWD * len(points.x) // (columns * rows)
        for x, y, value in list(zip(points.x, points.y, points.targets, strict=True))[::step]:
            column = int((x - surface.x[0]) / (surface.x[1] - surface.x[0]) * columns)
            row = int((surface.y[1] - y) / (surface.y[1] - surface.y[0]) * rows)
            if 0 <= column < columns and 0 <= row < rows:
                yield column, row, value, part


def _point(below: Cell, value: int, part: str, look: Look) -> Cell:
    """A point in the colour of its target: where the surface is right, it is hard to see."""
    pair = colours_of(below[1])
    if pair:
        return _SIGNS[part], on(heat_colour(value, look.dark), pair[1])
    return heat_sign(value), inverse("") if part == "validation" else STRONG


def _points(picture: Picture, look: Look) -> Row:
    shown = "" if look.points == "all" else f"   points shown: {look.points}"
    r2 = picture.predictions.r2 if picture.predictions else None
    told = "" if r2 is None else f"   R² {figure(r2).strip()}"
    if look.blocks:
        return [
            (f"   {_SIGNS['train']} train  {_SIGNS['validation']} validation", "label"),
            (told, ""),
            (shown, "mark"),
        ]
    return [("   bold: train  reversed: validation", "label"), (told.replace("²", "2"), ""), (shown, "mark")]
