"""The range of each feature: lowest, mean, highest, how the values are spread, what is missing."""

from __future__ import annotations

from tui_trainer.plots.spec import Row
from tui_trainer.runs.data_look import Column, DataLook, share
from tui_trainer.ui.data.bars import histogram
from tui_trainer.ui.figures import figure
from tui_trainer.ui.pictures.look import Look
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, exact, fit, fit_end

_SPREAD = 24  # cells
_MISSING = 10
_FIGURE = 9


def features(seen: DataLook, width: int, look: Look) -> list[Row]:
    """A row for each column; features of images and sequences are their channels and values."""
    if not seen.columns:
        return paragraph("A text has no ranges: its tokens are counted in the overview.", width, "label")
    named = max(8, min(32, width - 3 * _FIGURE - _SPREAD - _MISSING - 3))
    heading = [
        (fit({"images": "channel", "sequences": "value"}.get(seen.form, "feature"), named), "label"),
        *((text.rjust(_FIGURE), "label") for text in ("lowest", "mean", "highest")),
        ("   " + fit("spread", _SPREAD), "label"),
        ("missing".rjust(_MISSING), "label"),
    ]
    rows = [exact(heading, width)]
    rows += [exact(_column(it, named, seen, look), width) for it in seen.columns]
    if seen.all_columns > len(seen.columns):
        rows.append([(f"and {seen.all_columns - len(seen.columns):,} more", "label")])
    idle = [it.name for it in seen.columns if it.constant]
    if idle:
        some = ", ".join(idle[:5]) + (f" and {len(idle) - 5:,} more" if len(idle) > 5 else "")
        rows += [[], *paragraph(f"Without use, as they never vary: {some}.", width, "warning")]
    return rows


def _column(column: Column, named: int, seen: DataLook, look: Look) -> Row:
    missing = f"{column.missing:,} {100 * share(column.missing, seen.looked_at):.0f}%" if column.missing else "0"
    spread = "never varies" if column.constant else histogram(column.bars, ascii_only=look.ascii)
    return [
        (fit_end(column.name, named), STRONG),
        *((figure(value).rjust(_FIGURE), "") for value in (column.low, column.mean, column.high)),
        ("   ", ""),
        (fit(spread, _SPREAD), "warning" if column.constant else "train"),
        (missing.rjust(_MISSING), "warning" if column.missing else "label"),
    ]
