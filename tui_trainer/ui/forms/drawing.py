"""How a panel of a form is drawn: its border, and a line for each row."""

from __future__ import annotations

from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.row import Row
from tui_trainer.ui.forms.state import FormState
from tui_trainer.ui.terminal.glyphs import EDITED, LIVE, MORE, NEXT, PREVIOUS, WARNING
from tui_trainer.ui.widgets.rows import STRONG, fit

LABEL = 16
"""Width of the labels, and of the signs before them."""


def upper_border(title: str, width: int, role: str, *, first: bool, wrong: bool) -> Spans:
    """A border with a title, which a panel shares with the one above it."""
    left, right = ("╭", "╮") if first else ("├", "┤")
    end = f" {WARNING} " if wrong else ""
    line = "─" * max(0, width - 3 - len(title) - len(end) - 1)
    return [
        (left + "─", role),
        (title, STRONG if role == STRONG else "text"),
        (line, role),
        (end, "warning"),
        ("─" + right, role),
    ]


def row_line(row: Row, state: FormState, width: int, *, chosen: bool) -> Spans:
    """A row of a form in `width` cells: signs, label, value, unit."""
    label = f"  {row.label}" if row.indented else row.label
    room = max(0, width - LABEL)
    left, right = (PREVIOUS, NEXT) if chosen and _steps(row) else (" ", " ")
    value = fit(row.text, min(len(row.text), max(1, room - 2)))
    space = " " if len(value) + len(row.unit) + 3 <= room else ""  # the room for a sign is space enough
    unit = f"{space}{row.unit}" if row.unit else ""
    wrong = row.problem(state.problems)
    role = "warning" if wrong else STRONG if chosen else "" if row.touched else "label"
    return [
        _sign(row, state, wrong),
        (EDITED if row.is_among(state.edited) else " ", "mark"),
        (fit(label, LABEL - 2), "" if chosen else "label"),
        (left, "label"),
        (value, role),
        (right, "label"),
        (fit(unit, max(0, room - 2 - len(value))), "label"),
    ]


def _sign(row: Row, state: FormState, wrong: str) -> tuple[str, str]:
    if wrong:
        return WARNING, "warning"
    if row.path in state.pending:
        return MORE, "mark"
    if row.live:
        return LIVE, "mark" if state.alive else "label"
    return " ", ""


def _steps(row: Row) -> bool:
    return row.step(1) is not None or row.step(-1) is not None
