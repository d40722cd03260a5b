"""The line above a plot: its legend, or the values under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui_trainer.plots.cells import BLANK, clip, spans
from tui_trainer.plots.spec import Row

Cells = list[tuple[str, str]]

_SAMPLES = {"thin": "─", "thick": "━", "dots": "┈", "baseline": "┈"}
_ASCII_SAMPLES = {"thin": "*", "thick": "o", "dots": ".", "baseline": "."}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing named in the legend: its label, role and stroke (or `baseline`), and its value where the cursor is."""

    label: str
    role: str
    stroke: str
    value: str = ""


def heading(
    entries: Sequence[Entry], width: int, *, position: str = "", state: str = "", ascii_only: bool = False
) -> Row:
    """`width` cells: where the cursor is, the entries, and at the right end the state of the plot (log scale, zoom …).

    Entries that do not fit are left out, the last ones first; the first one is cut if need be.
    """

    def styled(text: str, role: str) -> Cells:
        return [(character, role if character != " " else "") for character in clip(text, width, ascii_only)]

    samples = _ASCII_SAMPLES if ascii_only else _SAMPLES
    parts = [styled(position, "text")] if position else []
    for entry in entries:
        value = styled(" " + entry.value, "text") if entry.value else []
        parts.append([*styled(entry.label + " ", "label"), *styled(samples[entry.stroke], entry.role), *value])
    ending = styled(state, "label")
    if len(ending) > width // 2:
        ending = []
    room = width - len(ending) - (2 if ending else 0)
    row: Cells = []
    for part in parts:
        gap = [BLANK, BLANK] if row else []
        if row and len(row) + len(gap) + len(part) > room:
            break
        row += [*gap, *part]
    if len(row) > room:
        row = [BLANK if text == "" else (text, role) for text, role in row[:room]] if room else []
    return spans([*row, *[BLANK] * (width - len(row) - len(ending)), *ending])
