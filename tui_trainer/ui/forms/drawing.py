"""How a panel of a form is drawn: its border, and a line for each row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len

from tui_trainer.experiment.text import clean
from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.row import Row
from tui_trainer.ui.forms.state import FormState
from tui_trainer.ui.terminal.glyphs import EDITED, LIVE, MORE, NEXT, PREVIOUS, WARNING
from tui_trainer.ui.widgets.rows import STRONG, fit, row_width

_LABEL = 16  # width of the labels, and of the signs before them, where they are no longer
_SIGNS = 2
_VALUE = 11  # what stays for a value, its unit and the signs around it
_UP, _DOWN = "↑", "↓"


def upper_border(
    title: str, width: int, role: str, *, first: bool, wrong: bool, beyond: tuple[int, int] = (0, 0)
) -> Spans:
    """A border with a title, which a panel shares with the one above it.

    `beyond` is how many rows of the panel there are above, and below, those for which it has room.
    """
    left, right = ("╭", "╮") if first else ("├", "┤")
    end = f" {WARNING} " if wrong else ""
    room = width - 3 - len(title) - len(end) - 1
    more = _more(beyond, room)
    return [
        (left + "─", role),
        (title, STRONG if role == STRONG else "text"),
        ("─" * max(0, room - len(more)), role),
        (more, "text"),
        (end, "warning"),
        ("─" + right, role),
    ]


def _more(beyond: tuple[int, int], room: int) -> str:
    """How many rows are out of sight, in which direction, in as many words as fit."""
    parts = [(sign, count) for sign, count in zip((_UP, _DOWN), beyond, strict=True) if count]
    ways = (" ".join(f"{sign} {count}" for sign, count in parts), "".join(f"{sign}{count}" for sign, count in parts))
    words = (f" {ways[0]} more ", f" {ways[0]} ", f" {ways[1]} ", "".join(sign for sign, _ in parts))
    return next((it for it in words if len(it) <= room), "") if parts else ""


def side_signs(count: int, beyond: tuple[int, int]) -> list[str]:
    """What stands at the right of each of `count` rows: where more are out of sight, an arrow that points there."""
    signs = ["│"] * count
    if signs and beyond[0]:
        signs[0] = _UP
    if signs and beyond[1]:
        signs[-1] = _DOWN
    return signs


def label_width(rows: Sequence[Row], width: int) -> int:
    """The cells of a form's `width` that its labels take, with the signs before them."""
    longest = max((cell_len(_label(row)) for row in rows), default=0)
    return max(_LABEL, min(_SIGNS + longest, width - _VALUE))


def row_line(row: Row, state: FormState, width: int, labels: int, *, chosen: bool) -> Spans:
    """A row of a form in `width` cells, `labels` of them for signs and label; then value and unit.

    A value that has no effect stands in brackets, without its unit.
    """
    labels = label_room(row, width, labels)
    room = max(0, width - labels)
    left, right = arrows(row) if chosen else (" ", " ")
    text, of = _value(row)
    value = fit(text, min(cell_len(text), max(1, room - 2)))
    space = " " if cell_len(value) + cell_len(of) + 3 <= room else ""  # the room for a sign is space enough
    unit = f"{space}{of}" if of else ""
    wrong = row.problem(state.problems)
    role = "warning" if wrong else STRONG if chosen else "" if row.touched and not row.unused else "label"
    return [
        _sign(row, state, wrong),
        (EDITED if row.is_among(state.edited) else " ", "mark"),
        (fit(_label(row), labels - _SIGNS), "" if chosen else "label"),
        (left, "label"),
        (value, role),
        (right, "label"),
        (fit(unit, max(0, room - 2 - cell_len(value))), "label"),
    ]


def summary_line(line: Spans, width: int) -> Spans:
    """A line of a closed panel in at most `width` cells: wide gaps go first, then its end, with a sign that says so."""
    spans = [(clean(text), role) for text, role in line]
    if row_width(spans) > width:
        spans = [(re.sub(" +", " ", text), role) for text, role in spans]
    made: Spans = []
    for text, role in spans:
        room = width - row_width(made)
        made.append((fit(text, min(cell_len(text), room)), role))
    return made


def is_cut(row: Row, width: int, labels: int) -> bool:
    """Whether a row that is drawn so shows less than its value and unit."""
    return _needed(row) > width - label_room(row, width, labels)


def label_room(row: Row, width: int, labels: int) -> int:
    """The cells for a row's signs and label: of `labels`, it gives what its value needs and its label can spare."""
    return min(labels, max(_SIGNS + cell_len(_label(row)), width - _needed(row)))


def _needed(row: Row) -> int:
    """The cells of a row's value and unit, and the signs around it."""
    value, unit = _value(row)
    return cell_len(value) + 2 + cell_len(unit)


def _value(row: Row) -> tuple[str, str]:
    """A row's value and unit as they are shown."""
    return (f"({row.text})", "") if row.unused else (row.text, row.unit)


def _label(row: Row) -> str:
    return f"  {row.label}" if row.indented else row.label


def _sign(row: Row, state: FormState, wrong: str) -> tuple[str, str]:
    if wrong:
        return WARNING, "warning"
    if row.path in state.pending:
        return MORE, "mark"
    if row.live:
        return LIVE, "mark" if state.alive else "label"
    return " ", ""


def arrows(row: Row) -> tuple[str, str]:
    """The signs around a value that the arrow keys change, each where its key does something."""
    return PREVIOUS if row.step(-1) is not None else " ", NEXT if row.step(1) is not None else " "
