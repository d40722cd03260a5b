"""Lines in character cells, by plotext: the only file that knows it.

plotext's figure is global to the process, so that only one thread may draw. It is imported by the first drawing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Cells = list[list[tuple[str, int]]]
"""Rows from the top, of (character, ink); the ink of a blank cell is -1."""

BRAILLE = "braille"
"""The marker that divides a cell into 2 columns and 4 rows of dots."""

_FIRST_INK = 16
"""plotext writes a colour from here on, in its table of 256, as `38;5;N`: an ink that can be read back."""

_PIECES = re.compile(r"\x1b\[([0-9;]*)m|([^\x1b]+)")


@dataclass(frozen=True, slots=True)
class Line:
    """Polylines of one ink. Points lie in the unit square: (0, 0) is the middle of the lower left cell, (1, 1) of the
    upper right.

    Ink is a number in [0, 240). `marker` is `BRAILLE` or one character. Unconnected, the points stand alone.
    """

    pieces: Sequence[Sequence[Point]]
    ink: int
    marker: str = BRAILLE
    connected: bool = True


def warm_up() -> None:
    """Imports plotext, which takes a while, before it is needed; from any thread."""
    import plotext  # noqa: F401


def trace(lines: Sequence[Line], width: int, height: int) -> Cells:
    """The lines, later ones on top, as `height` rows of `width` cells."""
    if width < 1 or height < 1:
        return [[] for _ in range(height)]
    import plotext

    plotext.terminal.limit(False, False)
    figure = plotext.figure
    figure.clear.data()
    figure.plot_size(width, height)
    figure.theme("colorless")
    figure.axes(False)
    for axis in ("x", "y"):
        figure.ruler(axis).frequency(0)
        figure.ruler(axis).lim(0, 1)
    for line in lines:
        points = [point for piece in line.pieces for point in piece]
        if not points:
            continue
        marker = plotext.marker(line.marker, pixel=plotext.pixel(_FIRST_INK + line.ink))
        signal = figure.signal([x for x, _ in points], [y for _, y in points], marker=marker)
        if line.connected:
            signal.lines()
            start = 0
            for piece in line.pieces:
                signal.line(start, False)
                start += len(piece)
        figure.draw(signal)
    text = figure.build().string()
    figure.clear.data()
    rows = [_read(row, width) for row in text.split("\n")[:height]]
    return rows + [[(" ", -1)] * width for _ in range(height - len(rows))]


def _read(row: str, width: int) -> list[tuple[str, int]]:
    """The cells of one row that plotext wrote with colour codes."""
    found: list[tuple[str, int]] = []
    ink = -1
    for code, text in _PIECES.findall(row):
        if text:
            found += [(character, -1 if character == " " else ink) for character in text]
        else:
            ink = int(code.rpartition(";")[2]) - _FIRST_INK if code.startswith("38;5;") else -1
    return (found + [(" ", -1)] * (width - len(found)))[:width]
