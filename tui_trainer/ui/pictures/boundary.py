"""The decision boundary: what every place of the plane is taken for, with the data over it."""

from __future__ import annotations

from collections.abc import Iterator

from tui_trainer.plots.cells import spans
from tui_trainer.plots.class_colours import LEVELS, class_colour, class_letter, level, shade
from tui_trainer.plots.half_blocks import Cell, colours_of, half_blocks, on
from tui_trainer.plots.spec import Row
from tui_trainer.runs.picture import Boundary, Picture, Points
from tui_trainer.ui.pictures.look import Look, Shades, class_role, inverse
from tui_trainer.ui.pictures.plane import axes_row, plane_size, sampled
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, exact, row_width

_BESIDE = 25  # columns that the legend needs beside the plane
_GAP = 2
_SIGNS = {("train", True): "•", ("validation", True): "○", ("train", False): "×", ("validation", False): "⊗"}
_ASCII_SIGNS = {("train", True): "*", ("validation", True): "o"}


def shades(boundary: Boundary, classes: int, before: Shades | None = None) -> Shades:
    """What the cells of a boundary are drawn as, after it was drawn as `before`."""
    cells = zip(boundary.classes, boundary.confidence, strict=True)
    if before is None or len(before) != len(boundary.classes):
        return [(taken_for, level(confidence, classes)) for taken_for, confidence in cells]
    return [
        (taken_for, level(confidence, classes, shade_before if taken_for == class_before else None))
        for (taken_for, confidence), (class_before, shade_before) in zip(cells, before, strict=True)
    ]


def boundary_rows(picture: Picture, boundary: Boundary, width: int, height: int, look: Look) -> list[Row]:
    """The plane as large as it fits, and its legend beside or below it."""
    cells = look.shades
    beside_height = max(1, height - 1)
    columns, rows = plane_size(boundary.x, boundary.y, width, beside_height)
    if width - columns - _GAP >= _BESIDE:
        legend = _legend(picture, boundary, width - columns - _GAP, look)
        left = [*_plane(boundary, cells, columns, rows, look), axes_row(picture, boundary.x, boundary.y, columns)]
        return _beside(left, columns, legend, width)
    below = _legend_below(picture, boundary, width, look)[: max(0, height - 4)]
    columns, rows = plane_size(boundary.x, boundary.y, width, max(1, height - 1 - len(below)))
    drawn = _plane(boundary, cells, columns, rows, look)
    return [*drawn, axes_row(picture, boundary.x, boundary.y, width), *below]


def _plane(boundary: Boundary, shaded: Shades, columns: int, rows: int, look: Look) -> list[Row]:
    draw = _shaded if look.shaded else _lettered
    cells = draw(boundary, shaded, columns, rows, look)
    for x, y, sign, true, right, part in _placed(boundary, columns, rows, look):
        cells[y][x] = _point(cells[y][x], sign, true, right, part, look)
    return [spans(row) for row in cells]


def _shaded(boundary: Boundary, shaded: Shades, columns: int, rows: int, look: Look) -> list[list[Cell]]:
    colours = [shade(taken_for, at, look.dark) for taken_for, at in shaded]
    return half_blocks(
        [[colours[at] for at in row] for row in sampled(boundary.columns, boundary.rows, columns, 2 * rows)]
    )


def _lettered(boundary: Boundary, shaded: Shades, columns: int, rows: int, look: Look) -> list[list[Cell]]:
    signs = [(class_letter(it) if at >= LEVELS // 2 else ".", class_role(it)) for it, at in shaded]
    return [[signs[at] for at in row] for row in sampled(boundary.columns, boundary.rows, columns, rows)]


def _placed(boundary: Boundary, columns: int, rows: int, look: Look) -> Iterator[tuple[int, int, str, int, bool, str]]:
    """The points that are shown, each with its cell and sign; those that matter more come later, on top."""
    parts = [part for part in ("train", "validation") if look.points in ("all", part)]
    for right in (True, False):
        for part in parts:
            points = boundary.train if part == "train" else boundary.validation
            for x, y, true, predicted in zip(points.x, points.y, points.true, points.predicted, strict=True):
                if (true == predicted) is not right:
                    continue
                column = int((x - boundary.x[0]) / (boundary.x[1] - boundary.x[0]) * columns)
                row = int((boundary.y[1] - y) / (boundary.y[1] - boundary.y[0]) * rows)
                if 0 <= column < columns and 0 <= row < rows:
                    yield column, row, _sign(part, right, true, look), true, right, part


def _sign(part: str, right: bool, true: int, look: Look) -> str:
    if look.shaded:
        return _SIGNS[part, right]
    return _ASCII_SIGNS[part, right] if right else class_letter(true).upper()


def _point(below: Cell, sign: str, true: int, right: bool, part: str, look: Look) -> Cell:
    pair = colours_of(below[1])
    if pair:
        return sign, on(class_colour(true, look.dark), pair[1])
    if right:
        return sign, STRONG
    return sign, inverse(class_role(true)) if part == "validation" else class_role(true)


def _legend(picture: Picture, boundary: Boundary, width: int, look: Look) -> list[Row]:
    rows: list[Row] = [*_class_rows(picture, look), []]
    for part, points in (("train", boundary.train), ("validation", boundary.validation)):
        rows += _part_rows(part, points, look)
    rows.append([])
    said = "faint: unsure" if look.shaded else "dots: unsure; capitals: wrong points, by their true class"
    rows += paragraph(said, width, "label")
    drawn = len(boundary.train.x) + len(boundary.validation.x)
    if drawn < boundary.train.samples + boundary.validation.samples:
        rows += paragraph(f"{drawn} points drawn", width, "label")
    if look.points != "all":
        rows += paragraph(f"points shown: {look.points}", width, "mark")
    return [exact(row, width) for row in rows]


def _class_rows(picture: Picture, look: Look) -> list[Row]:
    shown = range(min(len(picture.classes), 26))
    return [[*_swatch(index, look), (f" {picture.class_name(index)}", "")] for index in shown]


def _swatch(index: int, look: Look) -> Row:
    if not look.shaded:
        return [(class_letter(index), class_role(index))]
    return [("  ", on("", shade(index, LEVELS - 1, look.dark))), (" ", ""), (_SIGNS["train", True], class_role(index))]


def _part_rows(part: str, points: Points, look: Look) -> list[Row]:
    wrong = points.samples - points.right
    sign = _SIGNS if look.shaded else _ASCII_SIGNS
    share = f"{100 * points.right / max(1, points.samples):.1f} % right"
    rows: list[Row] = [[(sign[part, True], STRONG), (f" {part} ", ""), (share, "")]]
    role = "warning" if wrong else "label"
    if look.shaded:
        rows.append([(sign[part, False], STRONG), (f" {wrong:,} of {points.samples:,} wrong", role)])
    else:
        letter = inverse("") if part == "validation" else ""
        rows.append([("A", letter), (f" {wrong:,} of {points.samples:,} wrong", role)])
    return rows


def _legend_below(picture: Picture, boundary: Boundary, width: int, look: Look) -> list[Row]:
    """The same in a line for the classes, and one or two for the parts."""
    classes: Row = []
    for row in _class_rows(picture, look):
        classes += [*row, ("  ", "")]
    parts = (("train", boundary.train), ("validation", boundary.validation))
    told: list[Row] = []
    for part, points in parts:
        right, wrong = _part_rows(part, points, look)
        told.append(
            [*right, ("  ", ""), wrong[0], (wrong[1][0].partition(" of ")[0] + " wrong", wrong[1][1]), ("   ", "")]
        )
    together = [span for row in told for span in row]
    rows = [together] if row_width(together) <= width else told
    return [exact(row, width) for row in (classes, *rows)]


def _beside(left: list[Row], columns: int, right: list[Row], width: int) -> list[Row]:
    rows = []
    for at in range(max(len(left), len(right))):
        row = list(exact(left[at], columns)) if at < len(left) else [(" " * columns, "")]
        rows.append([*row, (" " * _GAP, ""), *(right[at] if at < len(right) else [])])
    return rows
