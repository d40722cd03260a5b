"""The line above a plot: its legend, or the values under the cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tui_trainer.plots.cells import BLANK, clip, spans
from tui_trainer.plots.spec import Row

Cells = list[tuple[str, str]]

_SAMPLES = {"thin": "─", "thick": "━", "dots": "┈", "points": "·", "dashes": "╌", "baseline": "┈"}
_ASCII_SAMPLES = {"thin": "*", "thick": "o", "dots": ".", "points": ".", "dashes": "~", "baseline": "-"}

_GAPS = ((2, " "), (1, " "), (1, ""))
"""Columns between entries, and what is between a label and its sign; narrower where there is little room."""


def stroke_samples(ascii_only: bool = False) -> Mapping[str, str]:
    """A cell of a line, by its stroke."""
    return _ASCII_SAMPLES if ascii_only else _SAMPLES


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing named in the legend: its label, role and stroke (or `dashes`, `baseline`), and its value where the
    cursor is. Entries that `leads` come first and are left out last. `short` is a label that is never left out. `tags`
    are the letters that its curves are drawn with where ASCII is all there is.
    """

    label: str
    role: str
    stroke: str
    value: str = ""
    leads: bool = False
    short: str = ""
    tags: str = ""


def heading(
    entries: Sequence[Entry], width: int, *, position: str = "", state: str = "", ascii_only: bool = False
) -> Row:
    """`width` cells: where the cursor is, the entries, and at the right end the state of the plot (log scale, zoom …).

    What does not fit is left out in this order: the labels of values (what is longer than the short ones), entries from
    the end, words of the state, the position, and only then the entries that lead.
    """

    def styled(text: str, role: str) -> Cells:
        return [(character, role if character != " " else "") for character in clip(text, width, ascii_only)]

    def part(entry: Entry, labelled: bool, space: str) -> Cells:
        words = entry.label if labelled or not (entry.value or entry.short) else entry.short
        label = styled(words + space, "label") if words else []
        value = styled(" " + entry.value, "text") if entry.value else []
        sample = entry.tags if ascii_only and entry.tags else samples[entry.stroke]
        return [*label, *styled(sample, entry.role), *value]

    samples = stroke_samples(ascii_only)
    told = [entry for entry in entries if entry.value] or entries
    leading = max(1, sum(entry.leads for entry in told))
    words = state.split("  ")
    ways = [(position, entries, state)]
    ways += [(position, told[:count], state) for count in range(len(told), leading, -1)]
    ways += [(position, told[:leading], "  ".join(words[:count])) for count in range(len(words), -1, -1)]
    ways += [("", told[:count], "") for count in range(leading, 0, -1)]
    for number, (start, shown, ending) in enumerate(ways):
        at, end = [styled(start, "text")] if start else [], styled(ending, "label")
        for gap, space in _GAPS:
            row = _joined([*at, *(part(entry, number == 0, space) for entry in shown)], gap)
            if len(row) + len(end) + (2 if end else 0) <= width:
                return spans([*row, *[BLANK] * (width - len(row) - len(end)), *end])
    return spans(_cut(row, width))


def _joined(parts: Sequence[Cells], gap: int) -> Cells:
    return [cell for number, part in enumerate(parts) for cell in [*[BLANK] * (gap if number else 0), *part]]


def _cut(row: Cells, width: int) -> Cells:
    halved = len(row) > width > 0 and row[width][0] == ""  # the second cell of a wide character
    row = [*row[: width - 1], BLANK] if halved else row[:width]
    return [*row, *[BLANK] * (width - len(row))]
