"""Where things stand on the main screen, for the size that it has."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_WIDTH, LEAST_HEIGHT = 40, 10
"""On less the screen only says that it is too small."""

_COLUMN = (32, 42)
_PLOT = 40  # columns that a plot needs beside another one


@dataclass(frozen=True)
class Layout:
    """What is shown, and how large."""

    tiny: bool = False
    column_width: int = 32
    single: bool = False  # only one of the column of panels and the plots fits
    plots: int = 2  # plots shown at once
    stacked: bool = False  # plots and the panels below them stand one above the other
    machine: bool = True
    generalization: bool = True
    layers: bool = True
    below: int = 10  # height of what stands below the plots
    findings: int = 1  # of this, how much is for the findings: a line, or a panel
    help_below: bool = False  # the help stands below the plots, not below the panels
    body: int = 30  # height of all that


def layout(width: int, height: int, above: int = 0) -> Layout:
    """The layout for a terminal of `width` columns and `height` rows, `above` of which news and notices take."""
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return Layout(tiny=True)
    single = width < 66
    column = width if single else max(_COLUMN[0], min(_COLUMN[1], width * 22 // 100))
    right = width if single else width - column
    machine = height >= 28
    body = height - 2 - machine - above
    beside = right >= 2 * _PLOT
    stacked = not beside and body >= 40
    generalization = body >= 18
    low = height < 30
    layers = generalization and (beside or stacked) and not low
    rows = 3 if low else max(11, min(17, body * 3 // 10)) if beside or stacked else 8
    findings = 1 if low else 4 if rows < 13 or stacked else 6
    if stacked:
        rows += findings
    return Layout(
        column_width=column,
        single=single,
        plots=2 if beside or stacked else 1,
        stacked=stacked,
        machine=machine,
        generalization=generalization,
        layers=layers,
        below=rows,
        findings=findings,
        help_below=not single and 18 <= body < 28,
        body=body,
    )
