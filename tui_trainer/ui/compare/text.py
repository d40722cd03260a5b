"""The table of a comparison as text, for the screen, the clipboard and the command line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from tui_trainer.experiment.text import clean
from tui_trainer.plots.palette import run_role
from tui_trainer.ui.compare.text_table import Text, TextColumn, TextTable
from tui_trainer.ui.figures import compact, figure, took
from tui_trainer.ui.terminal.glyphs import MORE, NONE, UP

if TYPE_CHECKING:
    from tui_trainer.insight.table import Cell, Row, Table, Unit

NAME = 30
"""Cells of an arm's name, and of words in a cell."""

BEST = UP
"""Stands behind the best figure of several."""

MINUS = "−"
"""The sign of a negative figure, as verdicts have it too."""

_GROUPS = {"best": "at best"}
"""What a group is called where not by its own name: all its figures are those of one epoch, the best one."""
_SHORT = {
    "lowest validation loss": "lowest loss",
    "validation ": "val ",
    "gap in ": "gap ",
    "accuracy": "acc",
    "epochs to best": "to best",
    "epochs trained": "epochs",
    "training time": "time",
    "updates a second": "updates/s",
    "changed while training": "changed",
}
_ORDER = (
    "validation.metric.end",
    "validation.loss.end",
    "gap.metric.end",
    "validation.metric.best",
    "train.metric.end",
    "epochs-to-best",
    "lowest-loss",
    "time",
    "parameters",
    "gap.loss.end",
    "train.loss.end",
)


def short_name(name: str, width: int = NAME) -> str:
    """A name in at most so many cells; one that is cut ends in a sign that says so, behind a whole word if it can."""
    safe = clean(name)
    if cell_len(safe) <= width:
        return safe
    cut = set_cell_size(safe, width - 1)
    whole = cut if safe[len(cut) : len(cut) + 1] == " " else cut.rpartition(" ")[0]
    return (whole if 2 * cell_len(whole) >= width else cut).rstrip() + MORE


# Two sides: a row a figure

_WIDEST: dict[Unit, tuple[float, float, float]] = {
    "share": (0.8888, -0.188, 0.0188),
    "points": (0.188, -0.188, 0.0188),
    "value": (8.8888, -0.8888, 0.0888),
    "epochs": (188.8, -18.8, 18.8),
    "seconds": (88.8, -18.8, 8.8),
    "per second": (8888.0, -888.0, 888.0),
}
"""A figure of each unit, a difference and a spread, as wide as they are told but for rare ones."""


@dataclass(frozen=True)
class _Detail:
    """What is told where there is room for it."""

    words: bool = True  # figures by their full names, and which side is better in a word, not by its letter alone
    groups: bool = True  # to what the figures belong
    spreads: bool = True  # of the arms' figures
    difference_spread: bool = True
    units: bool = True  # written out
    widest: int = NAME  # cells of a name, and of words in a cell


_DETAILS = (
    _Detail(),
    _Detail(words=False),
    _Detail(words=False, spreads=False),
    _Detail(words=False, groups=False, spreads=False),
    _Detail(words=False, groups=False, spreads=False, difference_spread=False),
    _Detail(words=False, groups=False, spreads=False, difference_spread=False, units=False),
    _Detail(words=False, groups=False, spreads=False, difference_spread=False, units=False, widest=14),
    _Detail(words=False, groups=False, spreads=False, difference_spread=False, units=False, widest=8),
    _Detail(words=False, groups=False, spreads=False, difference_spread=False, units=False, widest=6),
)


def by_figure(table: Table, width: int = 0) -> TextTable:
    """A row for each figure, a column for each arm; of two arms their difference, and which of them is better.

    It leaves out details that do not fit in `width` cells (0: any), with room for spreads that are still to come, so
    that nothing moves while training.
    """
    if not width:
        return _by_figure(table, _DETAILS[0])
    widest = _widest(table)
    for detail in _DETAILS:
        made = replace(_by_figure(table, detail), least=tuple(_by_figure(widest, detail).widths()))
        if made.room() <= width:
            break
    return made


def _widest(table: Table) -> Table:
    """A table with figures as wide as they come in place of those that change while training."""
    from tui_trainer.insight.table import Cell

    def wide(row: Row) -> Row:
        if row.unit not in _WIDEST:
            return row
        value, difference, spread = _WIDEST[row.unit]
        cells = tuple(Cell(value, spread) for _ in row.cells)
        return replace(row, cells=cells, difference=Cell(difference, spread, better=True))

    return replace(table, rows=tuple(map(wide, table.rows)))


def _by_figure(table: Table, detail: _Detail) -> TextTable:
    heads = tuple(TextColumn(f"{arm.letter} {short_name(arm.name, detail.widest)}".strip()) for arm in table.arms)
    columns = [*([TextColumn("", right=False)] if detail.groups else []), TextColumn("", right=False), *heads]
    if len(table.arms) == 2:
        pinned, other = table.arms[table.pinned % 2], table.arms[1 - table.pinned % 2]
        columns += [TextColumn(f"{other.letter} {MINUS} {pinned.letter}"), TextColumn("", right=False)]
    groups = [row.group for row in table.rows]
    first = {groups.index(group) for group in groups}
    rows = []
    for at, row in enumerate(table.rows):
        label = clean(row.label)
        belongs = "so far" if row.group == "end" and table.epoch is not None else _GROUPS.get(row.group, row.group)
        group = [Text(belongs if at in first else "", "label")] if detail.groups else []
        named = label if detail.words else shortened(label)
        if not detail.groups and _is_best(row):
            named = f"best: {named}"
        rows.append((*group, Text(named), *_figures(row, table, detail)))
    return TextTable(tuple(columns), tuple(rows))


def _figures(row: Row, table: Table, detail: _Detail) -> list[Text]:
    two = len(table.arms) == 2
    cells = [
        _cell(cell if detail.spreads else replace(cell, spread=None), row.unit, detail, marked=not two)
        for cell in row.cells
    ]
    if not two:
        return cells
    difference = row.difference
    if difference is None or difference.value is None:
        return [*cells, Text(), Text()]
    better: Text = Text()
    if difference.better is not None:
        arm = table.arms[1 - table.pinned % 2 if difference.better else table.pinned % 2]
        better = Text(f"{arm.letter} better" if detail.words else arm.letter, run_role(arm.index))
    if not detail.difference_spread:
        difference = replace(difference, spread=None)
    return [*cells, Text(_told(difference, row.unit, detail, signed=True)), better]


# More: a row a side


def by_arm(table: Table) -> TextTable:
    """A row for each arm in the table's order, a column for each figure: the most telling ones first."""
    detail = _Detail(units=False)
    rows = sorted(table.rows, key=_rank)
    columns = tuple(TextColumn(_short(row), row.key) for row in rows)
    return TextTable(
        columns, tuple(tuple(_cell(row.cells[at], row.unit, detail) for row in rows) for at in range(len(table.arms)))
    )


def _rank(row: Row) -> int:
    """The figures that nobody looks for first, last; what differs behind all, as the arms' names tell it too."""
    if row.group == "differs":
        return len(_ORDER) + 1
    told = row.key if row.key.count(".") < 2 else f"{row.key.split('.')[0]}.{_kind(row)}.{row.group}"
    return _ORDER.index(told) if told in _ORDER else len(_ORDER)


def _kind(row: Row) -> str:
    return "loss" if row.key.split(".")[1] == "loss" else "metric"


def _short(row: Row) -> str:
    """The heading of a column, in few cells."""
    return shortened(row.label) + (" at best" if _is_best(row) else "")


def _is_best(row: Row) -> bool:
    """Whether there is a figure of that name at the end of training too."""
    return row.group == "best" and row.key.count(".") == 2


def shortened(words: str) -> str:
    """Words in few cells, as headings have them."""
    for long, short in _SHORT.items():
        words = words.replace(long, short)
    return words


# Cells


def _cell(cell: Cell, unit: Unit, detail: _Detail, *, marked: bool = True) -> Text:
    """A cell of an arm; the best of several has a sign behind it, and the others room for one."""
    text = _told(cell, unit, detail)
    if not marked or cell.better is None:
        return Text(text)
    return Text(f"{text} {BEST if cell.better else ' '}", "strong" if cell.better else "")


def _told(cell: Cell, unit: Unit, detail: _Detail, *, signed: bool = False) -> str:
    value = cell.value
    if value is None or isinstance(value, str):
        return short_name(value or NONE, detail.widest)
    scale = 100.0 if unit == "points" or (signed and unit == "share") else 1.0
    told = _number(value * scale, unit, signed=signed)
    if cell.spread is not None and not (cell.spread == 0 and unit in ("count", "epochs")):
        spread = _number(cell.spread * scale, unit, spread=signed)
        told = f"{told.removesuffix(' s') if spread.endswith(' s') else told} ± {spread}"
    if told.startswith("-"):
        told = MINUS + told[1:]
    return f"{told} {'points' if detail.units else 'pts'}" if scale != 1.0 else told


def _number(value: float, unit: Unit, *, signed: bool = False, spread: bool = False) -> str:
    """A figure with as many digits as its unit calls for."""
    if not isfinite(value):
        return figure(value).strip()
    sign = "+" if signed and value > 0 else ""
    if unit == "points" or (unit == "share" and (signed or spread)):
        return "0.0" if abs(value) < 0.05 else f"{value:+.1f}" if signed else f"{value:.1f}"
    if unit in ("share", "value"):
        return sign + figure(value).strip()
    if unit == "epochs":
        return sign + (f"{value:.0f}" if value == int(value) else f"{value:.1f}")
    if unit == "seconds":
        return _with_sign(value, took(abs(value)).strip(), sign)
    if unit == "per second":
        return _with_sign(value, compact(abs(value)).strip(), sign)
    return f"{sign}{value:,.0f}"


def _with_sign(value: float, told: str, plus: str) -> str:
    """What is told of a value without its sign, with it; none before what is rounded to nothing."""
    if not any(digit in told for digit in "123456789"):
        return told
    return f"{'-' if value < 0 else plus}{told}"
