"""Where things stand on the compare screen, for the size that it has."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_WIDTH, LEAST_HEIGHT = 40, 10
"""On less the screen only says that it is too small."""

_PLOT = 44  # columns that a plot needs beside another one
_ROW = 12  # rows that a plot needs above another one
_GOOD_ROW = 14  # the same with room for curves that tell something: table and verdict, which scroll, leave it that
_LEAST_BELOW = 11  # rows that table and verdict need
_LEAST_OF_TWO = 8  # the same where else the accuracy of two sides would not be seen beside their loss
_GAP = 180  # columns from which on the gap has plots of its own beside the sides'
_HEADLINE = 3  # rows of the verdict where the table has a page of its own


@dataclass(frozen=True)
class CompareLayout:
    """What is shown, and how large."""

    tiny: bool = False
    apart: bool = True  # the sides beside one another, not over one another
    may_be_apart: bool = True
    columns: int = 2  # plots beside one another
    rows: int = 2  # plots above one another
    gaps: bool = False  # plots of the gap stand at the right end of each row
    paged: bool = False  # the table takes the place of the plots
    below: int = 12  # height of table and verdict, or of the verdict alone
    verdict_beside: bool = True  # table and verdict beside one another


def compare_layout(width: int, height: int, sides: int, lines: int, *, together: bool) -> CompareLayout:
    """The layout for a terminal of `width` x `height` cells and so many sides, `lines` of which have a line each.

    `together` if all are to be seen in one plot.
    """
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return CompareLayout(tiny=True)
    may_be_apart = sides == 2 and width >= 2 * _PLOT
    apart = may_be_apart and not together
    body = height - 2 - lines
    paged = height < 30 or (width < 2 * _PLOT and height < 44)
    verdict_beside = width >= 100
    more = 0 if verdict_beside else 5
    below = _HEADLINE if paged else max(_LEAST_BELOW, min(24, body * 2 // 5)) + more
    least = _LEAST_OF_TWO if verdict_beside else 2 * _LEAST_OF_TWO
    if apart and not paged and body - least >= 2 * _ROW:
        rows, below = 2, min(below, max(least, body - 2 * _GOOD_ROW))
    else:
        rows = 2 if not paged and body - below >= 2 * _ROW else 1
    if apart:
        gaps, columns = width >= _GAP, 3 if width >= _GAP else 2
    elif rows == 2 and width >= 2 * _PLOT:
        gaps, columns = True, 2
    else:
        columns = 3 if width >= 3 * _PLOT + 12 and not paged else 2 if width >= 2 * _PLOT and not paged else 1
        gaps = columns == 3
        rows = rows if columns == 1 else 1
    return CompareLayout(
        apart=apart,
        may_be_apart=may_be_apart,
        columns=columns,
        rows=rows,
        gaps=gaps,
        paged=paged,
        below=below,
        verdict_beside=verdict_beside,
    )
