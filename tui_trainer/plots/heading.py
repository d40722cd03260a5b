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

    Where not all fits, values stand without their labels; what still does not fit is left out, from the end.
    """

    def styled(text: str, role: str) -> Cells:
        return [(character, role if character != " " else "") for character in clip(text, width, ascii_only)]

    def parts(labelled: bool) -> list[Cells]:
        made = [styled(position, "text")] if position else []
        for entry in entries:
            label = styled(entry.label + " ", "label") if labelled or not entry.value else []
            value = styled(" " + entry.value, "text") if entry.value else []
            made.append([*label, *styled(samples[entry.stroke], entry.role), *value])
        return made

    samples = _ASCII_SAMPLES if ascii_only else _SAMPLES
    ending = styled(state, "label") if len(state) <= width // 2 else []
    room = width - len(ending) - (2 if ending else 0)
    row = _joined(parts(labelled=True))
    if len(row) > room:
        row = _fitting(parts(labelled=False), room)
    return spans([*row, *[BLANK] * (width - len(row) - len(ending)), *ending])


def _joined(parts: Sequence[Cells]) -> Cells:
    return [cell for number, part in enumerate(parts) for cell in [*[BLANK] * (2 if number else 0), *part]]


def _fitting(parts: Sequence[Cells], room: int) -> Cells:
    """As many of the parts as there is room for; the first one is cut if need be."""
    count = max((n for n in range(1, len(parts) + 1) if len(_joined(parts[:n])) <= room), default=0)
    if count or not parts:
        return _joined(parts[:count])
    first = parts[0]
    halved = len(first) > room > 0 and first[room][0] == ""  # the second cell of a wide character
    return [*first[: room - 1], BLANK] if halved else first[:room]
