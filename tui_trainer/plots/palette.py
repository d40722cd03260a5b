"""The colours of roles: the palette of Okabe & Ito (2008), which colour-blind people can tell apart.

Names of roles: train, validation, batch, gap, run-0, run-1 … (the runs of a comparison: A, B …), warning, mark, cursor,
axis, label. With `:faint` behind it a role keeps its hue but steps back.
"""

from __future__ import annotations

FAINT = ":faint"

_DARK = {
    "train": "#56B4E9",
    "validation": "#E69F00",
    "batch": "#8A6F9E",
    "gap": "#A0A0A0",
    "warning": "#D55E00",
    "mark": "#F0E442",
    "cursor": "#FFFFFF",
    "axis": "#585858",
    "label": "#949494",
    "text": "#D0D0D0",
}
_LIGHT = {
    "train": "#0072B2",
    "validation": "#B26B00",
    "batch": "#9A7FB0",
    "gap": "#808080",
    "warning": "#B84300",
    "mark": "#7A7000",
    "cursor": "#000000",
    "axis": "#A8A8A8",
    "label": "#6C6C6C",
    "text": "#303030",
}
_RUNS_DARK = ("#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#F0E442", "#0072B2", "#D55E00", "#BFBFBF")
_RUNS_LIGHT = ("#007A58", "#A8437D", "#0072B2", "#B26B00", "#7A7000", "#2A5A8A", "#B84300", "#5A5A5A")


def run_role(index: int) -> str:
    """The role of the `index`-th run of a comparison, from 0; colours come again after the eighth."""
    return f"run-{index}"


def colour(role: str, dark: bool = True) -> str:
    """The colour of a role as `#RRGGBB`; an unknown role has that of text."""
    hue, faint, _ = role.partition(FAINT)
    if hue.startswith("run-") and hue[4:].isdecimal():
        runs = _RUNS_DARK if dark else _RUNS_LIGHT
        full = runs[int(hue[4:]) % len(runs)]
    else:
        table = _DARK if dark else _LIGHT
        full = table.get(hue, table["text"])
    return _mix(full, "#161616" if dark else "#F8F8F8", 0.45) if faint else full


def _mix(one: str, other: str, share: float) -> str:
    """`one` with all but `share` of it replaced by `other`."""
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02X}" for a, b in pairs)
