"""What the commands write: lines and tables, free of anything that a terminal would obey."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import TextIO

import click

from tui_trainer.experiment.text import clean


def say(text: str = "") -> None:
    """Writes one line to stdout, in ASCII where the locale knows nothing else."""
    click.echo(in_locale(clean(text)))


def in_locale(text: str) -> str:
    """The text as the terminal shows it, as far as the locale tells."""
    return text if unicode_locale() else in_ascii(text)


def in_ascii(text: str) -> str:
    """The text with other signs for what is not ASCII."""
    from tui_trainer.ui.terminal.glyphs import to_ascii  # which is seldom needed

    return to_ascii(text.replace("→", "->"))


def complain(text: str) -> None:
    """Writes one line to stderr."""
    click.echo(clean(text), err=True)


def wrapped(text: str, indent: str = "") -> str:
    """Paragraphs broken at the terminal's width, at most 100 columns."""
    width = max(20, min(columns(), 100))
    return textwrap.fill(clean(text), width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def columns() -> int:
    """The width to write for."""
    return shutil.get_terminal_size((100, 24)).columns


def on_terminal(stream: TextIO | None = None) -> bool:
    """Whether a person reads along who can see a line change in place."""
    return (stream or sys.stdout).isatty() and os.environ.get("TERM") != "dumb"


def unicode_locale() -> bool:
    """Whether the terminal shows more than ASCII, as far as the locale tells."""
    named = (os.environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    return "utf" in next((name for name in named if name), "UTF-8").lower()


def coloured() -> bool:
    """Whether stdout takes colours, and a person wants them (https://no-color.org)."""
    truecolor = os.environ.get("COLORTERM") in ("truecolor", "24bit")
    return on_terminal() and truecolor and not os.environ.get("NO_COLOR")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """Rows aligned under their headings; the columns numbered in `right` are aligned at their right end."""
    cells = [list(headings), *([clean(cell) for cell in row] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(headings))]
    flush_right = set(right)
    return [
        "  ".join(
            cell.rjust(width) if i in flush_right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def painted(row: Iterable[tuple[str, str]]) -> str:
    """A row of a drawing as a line of text; on a terminal each span has the colour of its role."""
    from tui_trainer.plots.palette import colour

    if not coloured():
        return "".join(text for text, _ in row).rstrip()
    return "".join(click.style(text, fg=_rgb(colour(role))) if role else text for text, role in row)


def _rgb(hexadecimal: str) -> tuple[int, int, int]:
    red, green, blue = (int(hexadecimal[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue
