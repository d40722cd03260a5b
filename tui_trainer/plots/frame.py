"""A plot: the curves, and around them the axes, marks, baseline and cursor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tui_trainer.plots.area import Area
from tui_trainer.plots.canvas import BRAILLE, Line, Point, trace
from tui_trainer.plots.cells import Grid, clip
from tui_trainer.plots.marks import draw_marks
from tui_trainer.plots.palette import FAINT
from tui_trainer.plots.samples import draw_samples
from tui_trainer.plots.shading import draw_bands
from tui_trainer.plots.spec import Curve, PlotSpec, Row
from tui_trainer.plots.tags import draw_tags

_BRAILLE_ROWS = 4
_ASCII_MARKERS = {"thin": "*", "thick": "o", "dots": ".", "points": ".", "dashes": "~"}
_TAKES_TURNS = 2  # the least height of a curve that shares cells with others, instead of hiding them
_TURN = 2  # columns that a curve has of shared cells before it is another one's turn


@dataclass(frozen=True, slots=True)
class _Glyphs:
    vertical: str
    horizontal: str
    corner: str
    y_tick: str
    x_tick: str
    mark: str
    baseline: str
    cursor: str
    beyond: str
    below: str


_UNICODE = _Glyphs("│", "─", "└", "┤", "┬", "┊", "┈", "│", "▲", "▼")
_ASCII = _Glyphs("|", "-", "+", "+", "+", ":", "-", "|", "^", "v")


def draw(spec: PlotSpec, width: int, height: int) -> list[Row]:
    """`height` rows of `width` cells each. Axes are left out where there is no room for them."""
    grid = Grid(max(0, width), max(0, height))
    if width < 1 or height < 1:
        return grid.read()
    gutter = spec.gutter + 1 if width >= spec.gutter + 10 and height >= 3 else 0
    footer = 2 if height >= 5 and gutter else 0
    area = Area(spec, gutter, width - gutter, height - footer)
    glyphs = _ASCII if spec.ascii else _UNICODE
    _draw_curves(grid, area)
    draw_tags(grid, area)
    _draw_beyond(grid, area, glyphs)
    draw_marks(grid, area, glyphs.mark)
    _draw_lines(grid, area, glyphs)
    draw_samples(grid, area)
    draw_bands(grid, area)
    if gutter:
        _draw_y_axis(grid, area, glyphs)
    if footer:
        _draw_x_axis(grid, area, glyphs)
    return grid.read()


def role_of(curve: Curve) -> str:
    return curve.role + FAINT if curve.ghost else curve.role


def _draw_curves(grid: Grid, area: Area) -> None:
    curves = sorted(area.spec.curves, key=_height)
    lines = [line for ink, curve in enumerate(curves) for line in _lines(curve, ink, area)]
    if not lines:
        return
    shared = _shared([line for line in lines if _height(curves[line.ink]) >= _TAKES_TURNS], area)
    markers = {line.ink: line.marker for line in lines}
    for row, cells in enumerate(trace(lines, area.width, area.height)):
        for column, (character, ink) in enumerate(cells):
            if ink < 0:
                continue
            if ink in (inks := shared.get((column, row), ())):
                ink = inks[column // _TURN % len(inks)]
                character = character if markers[ink] == BRAILLE else markers[ink]
            grid.put(area.left + column, row, character, role_of(curves[ink]))


def _shared(lines: Sequence[Line], area: Area) -> dict[tuple[int, int], list[int]]:
    """The cells that several curves go through, each with their inks: they take turns, so that none hides another."""
    through: dict[tuple[int, int], list[int]] = {}
    for line in lines:
        for cell in {cell for piece in line.pieces for cell in _cells(piece, area)}:
            inks = through.setdefault(cell, [])
            if line.ink not in inks:
                inks.append(line.ink)
    return {cell: inks for cell, inks in through.items() if len(inks) > 1}


def _cells(piece: Sequence[Point], area: Area) -> Iterable[tuple[int, int]]:
    """The cells, (column, row), that a polyline goes through."""
    places = [(x * (area.width - 1), (1 - y) * (area.height - 1)) for x, y in piece]
    for (x, y), (to_x, to_y) in pairwise([*places[:1], *places]):
        slope = (to_y - y) / (to_x - x) if to_x > x else 0.0
        for column in range(round(x), round(to_x) + 1):
            enters = y + slope * (max(x, column - 0.5) - x) if slope else y
            leaves = y + slope * (min(to_x, column + 0.5) - x) if slope else to_y
            for row in range(round(min(enters, leaves)), round(max(enters, leaves)) + 1):
                yield column, row


def _height(curve: Curve) -> int:
    """What lies higher hides what is below it: points are lowest, then ghosts; a thin line shows on a thick one."""
    return 1 if curve.ghost else {"points": 0, "thick": 2}.get(curve.stroke, 3)


def _lines(curve: Curve, ink: int, area: Area) -> list[Line]:
    pieces = [_points(curve, area)] if curve.stroke == "points" else list(_pieces(curve, area))
    if not any(pieces):
        return []
    stroke = "dashes" if curve.ghost else curve.stroke
    if area.spec.ascii:
        marker = curve.tag or _ASCII_MARKERS[stroke]
        return [Line(pieces, ink, marker, connected=stroke in ("thin", "thick"))]
    if stroke == "points":
        return [Line(pieces, ink, connected=False)]
    if stroke == "dots":
        return [Line([_dots(piece, area) for piece in pieces], ink, connected=False)]
    if stroke == "dashes":
        return [Line([dash for piece in pieces for dash in _dashes(piece, area)], ink)]
    lines = [Line(pieces, ink)]
    if stroke == "thick":
        lines += [Line([_shifted(piece, area) for piece in pieces], ink)]
    return lines


def _points(curve: Curve, area: Area) -> list[Point]:
    """The points of a curve that are on the axes, about one a cell."""
    places = ((area.x(x), area.y(y)) for x, y in zip(curve.xs, curve.ys, strict=False))
    seen: dict[tuple[int, int], Point] = {}
    for x, y in places:
        if y is not None and 0 <= x <= 1 and 0 <= y <= 1:
            seen.setdefault((round(x * area.width), round(y * area.height)), (x, y))
    return list(seen.values())


def _pieces(curve: Curve, area: Area) -> Iterable[list[Point]]:
    """The unbroken parts of a curve, cut off at the edges."""
    piece: list[Point] = []
    before: Point | None = None
    for x, y in zip(curve.xs, curve.ys, strict=False):
        share = area.y(y)
        now = None if share is None else (area.x(x), share)
        if now is not None:
            inside = _inside(before or now, now)
            if inside is None or (piece and piece[-1] != inside[0]):
                if piece:
                    yield piece
                piece = []
            if inside is not None:
                piece += inside if not piece and inside[0] != inside[1] else inside[1:]
        elif piece:
            yield piece
            piece = []
        before = now
    if piece:
        yield piece


def _inside(start: Point, end: Point) -> tuple[Point, Point] | None:
    """The part of a segment within the unit square (the algorithm of Liang & Barsky 1984); None if there is none."""
    enter, leave = 0.0, 1.0
    for a, b in zip(start, end, strict=True):
        if a == b:
            if not 0 <= a <= 1:
                return None
            continue
        near, far = sorted(((0 - a) / (b - a), (1 - a) / (b - a)))
        enter, leave = max(enter, near), min(leave, far)
    if enter > leave:
        return None
    return (_between(start, end, enter) if enter > 0 else start, _between(start, end, leave) if leave < 1 else end)


def _between(start: Point, end: Point, share: float) -> Point:
    x, y = (a + (b - a) * share for a, b in zip(start, end, strict=True))
    return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)


def _dots(piece: list[Point], area: Area) -> list[Point]:
    """About one dot a column: points between where they are sparse, fewer of them where they are close together."""
    dots = piece[:1]
    for start, end in pairwise(piece):
        between = int((end[0] - start[0]) * area.width)
        for share in ((n + 1) / (between + 1) for n in range(between + 1)):
            dot = _between(start, end, share)
            apart = max((dot[0] - dots[-1][0]) * area.width, abs(dot[1] - dots[-1][1]) * area.height)
            if apart > 0.99:
                dots.append(dot)
    return dots


def _dashes(piece: list[Point], area: Area) -> Iterable[list[Point]]:
    """Dashes about one cell long, and as far apart."""
    dots = _dots(piece, area)
    return (dots[start : start + 2] for start in range(0, len(dots), 2))


def _shifted(piece: list[Point], area: Area) -> list[Point]:
    """A piece moved by one braille dot towards the middle of the plot, where there is room."""
    dot = 1 / (_BRAILLE_ROWS * max(1, area.height - 1))
    return [(x, y - dot if y - dot >= 0 else y + dot) for x, y in piece]


def _draw_beyond(grid: Grid, area: Area, glyphs: _Glyphs) -> None:
    for at, left in enumerate(area.spec.beyond):
        sign = glyphs.below if left.below else glyphs.beyond
        told = f"{left.label} {sign} {left.value}" + (f"  {left.help}" if left.help else "")
        text = clip(told, area.width, area.spec.ascii)
        if at < area.height:
            row = area.height - 1 - at if left.below else at
            grid.put(grid.width - len(text), row, text, "warning")


def _draw_lines(grid: Grid, area: Area, glyphs: _Glyphs) -> None:
    column = None if area.spec.cursor is None else area.column(area.spec.cursor)
    if column is not None:
        for row in range(area.height):
            if grid.rows[row][column][1] in ("", "mark" + FAINT):
                grid.put(column, row, glyphs.cursor, "cursor" + FAINT)
    _draw_levels(grid, area, glyphs)
    row_of_baseline = None if area.spec.baseline is None else area.row(area.spec.baseline)
    if row_of_baseline is not None:
        for column in range(area.left, grid.width):
            grid.under(column, row_of_baseline, glyphs.baseline, "label")


def _draw_levels(grid: Grid, area: Area, glyphs: _Glyphs) -> None:
    """Dotted lines with their names at the right end; several in one row have their names side by side."""
    rows: dict[int, list[str]] = {}
    for level in area.spec.baselines:
        row = area.row(level.value)
        if row is not None:
            rows.setdefault(row, []).append(level.label)
    for row, labels in rows.items():
        text = clip(" " + ", ".join(labels) + " ", max(0, area.width - 1), area.spec.ascii)
        place = _room_for(grid, area, row, len(text))
        if place is not None:
            grid.put(*place, text, "label")
        for column in range(area.left, grid.width):
            if place is None or place[1] != row or not place[0] <= column < place[0] + len(text):
                grid.under(column, row, glyphs.baseline, "label")


def _room_for(grid: Grid, area: Area, row: int, width: int) -> tuple[int, int] | None:
    """Where a name hides no curve: as far right as there is room for it in that row, else in one near it."""
    rows = [near for near in (row, row - 1, row + 1, row - 2, row + 2) if 0 <= near < area.height]
    starts = range(grid.width - width, area.left - 1, -1)
    return next(((start, near) for near in rows for start in starts if grid.free(start, near, width)), None)


def _draw_y_axis(grid: Grid, area: Area, glyphs: _Glyphs) -> None:
    axis = area.left - 1
    for row in range(area.height):
        grid.put(axis, row, glyphs.vertical, "axis")
    for value, label in area.spec.y_ticks:
        at = area.row(value)
        if at is not None:
            text = clip(label, axis, area.spec.ascii)
            grid.put(axis - len(text), at, text, "label")
            grid.put(axis, at, glyphs.y_tick, "axis")


def _draw_x_axis(grid: Grid, area: Area, glyphs: _Glyphs) -> None:
    axis = area.height
    grid.put(area.left - 1, axis, glyphs.corner + glyphs.horizontal * area.width, "axis")
    unit = clip(area.spec.x_unit, area.spec.gutter, area.spec.ascii)
    grid.put(area.spec.gutter - len(unit), axis + 1, unit, "label")
    for value, label in area.spec.x_ticks:
        column = area.column(value)
        if column is None:
            continue
        grid.put(column, axis, glyphs.x_tick, "axis")
        text = clip(label, area.width, area.spec.ascii)
        start = min(max(column - len(text) // 2, 0), grid.width - len(text))
        if grid.free(start, axis + 1, len(text)) and (start == 0 or grid.free(start - 1, axis + 1, 1)):
            grid.put(start, axis + 1, text, "label")
    if area.spec.cursor is not None and (column := area.column(area.spec.cursor)) is not None:
        grid.put(column, axis, glyphs.beyond, "cursor")
