"""Where something was changed while training: a line across the plot, with what it became."""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.plots.area import Area
from tui_trainer.plots.cells import Grid, clip
from tui_trainer.plots.palette import FAINT
from tui_trainer.plots.spec import Mark

_TOP_ROWS = 3  # where labels stand


def draw_marks(grid: Grid, area: Area, sign: str) -> None:
    """The latest mark comes first to a place for its label, and always has one."""
    shown = [(mark, column) for mark in area.spec.marks if (column := area.column(mark.x)) is not None]
    for _, column in shown:
        for row in range(area.height):
            grid.under(column, row, sign, "mark" + FAINT)
    for latest, (label, first, last) in enumerate(reversed(_told_together(shown, area.spec.ascii))):
        text = clip(label, min(24, area.width), area.spec.ascii)
        place = _place(grid, area, first, last, len(text), anywhere=not latest) if text else None
        if place is not None:
            grid.put(*place, text, "mark")


def _told_together(marks: Sequence[tuple[Mark, int]], ascii_only: bool) -> list[tuple[str, int, int]]:
    """Labels, each with its first and last column: marks of one value that crowd have one, `lr 0.3 … 10`."""
    told: list[tuple[str, int, int]] = []
    between = " .. " if ascii_only else " … "
    names = [mark.label.rpartition(" ") for mark, _ in marks]
    for at, (mark, column) in enumerate(marks):
        label, first, last = told[-1] if told else ("", 0, 0)
        crowded = told and names[at][0] and names[at][0] == names[at - 1][0]
        if crowded and 0 <= column - last <= len(marks[at - 1][0].label) + 1:
            told[-1] = (f"{label.partition(between)[0]}{between}{names[at][2]}", first, column)
        else:
            told.append((mark.label, column, column))
    return told


def _place(grid: Grid, area: Area, first: int, last: int, width: int, anywhere: bool) -> tuple[int, int] | None:
    """Where there is room for a label beside marks: in the top rows, or else `anywhere`, even on top of curves."""
    right, left = last + 1, first - width
    for row in range(area.height if anywhere else min(_TOP_ROWS, area.height)):
        if grid.free(right, row, width + 1):
            return right, row
        if left > area.left and grid.free(left - 1, row, width + 1):
            return left, row
    row = len(area.spec.beyond)
    at = left if right + width > grid.width and left >= area.left else min(right, grid.width - width)
    return (at, row) if anywhere and row < area.height else None
