"""From tables to samples."""

from __future__ import annotations

from tui_trainer.choices.data.base import DataError, Samples
from tui_trainer.choices.data.tables.inputs import make_inputs
from tui_trainer.choices.data.tables.reading import Table
from tui_trainer.choices.data.tables.targets import make_targets, with_targets
from tui_trainer.choices.data.tables.wishes import Wishes

_LISTED = 8


def make_samples(table: Table, validation: Table | None, wishes: Wishes) -> Samples:
    """A row is a sample; those of the second table validate. Raises DataError at what cannot be learned from."""
    import numpy as np

    notes: list[str] = []
    parts = [with_targets(part, wishes, notes) for part in (table, validation) if part is not None]
    if len(parts[0].rows) < 2:
        raise DataError(f"{table.path}: a single row; there must be two samples at least", table.field)
    y, classes = make_targets(parts, wishes, notes)
    excluded = wishes.roles.excluded
    if excluded:
        more = f" and {len(excluded) - _LISTED} more" if len(excluded) > _LISTED else ""
        notes.append(f"excluded: {', '.join(excluded[:_LISTED])}{more}")
    blocks = make_inputs(parts, wishes, notes)
    if not blocks and not wishes.in_series:
        raise DataError(f"{table.path}: no column is left to predict {wishes.roles.target!r} from", "exclude")
    values = [block.values for block in blocks] or [np.zeros((len(y), 0), dtype=np.float32)]
    return Samples(
        np.concatenate(values, axis=1),
        y,
        classes,
        tuple(name for block in blocks for name in block.names),
        task="classification" if classes else "regression",
        target=wishes.roles.target,
        validation_from=len(parts[0].rows) if validation is not None else None,
        stratify=wishes.stratify,
        ordered=wishes.ordered,
        fill=wishes.fill,
        encoding={"columns": [block.encoding for block in blocks], "target": wishes.roles.target},
        notes=tuple(notes),
    )
