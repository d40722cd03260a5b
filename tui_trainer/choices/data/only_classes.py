"""A part of the classes of a data set."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.base import DataError, Samples


def classes_field(most: int = 10) -> tuple[int, ...]:
    """The field that says which classes to take, of at most so many."""
    field: tuple[int, ...] = setting(
        (),
        strict=False,
        max_length=most,
        help="Only these classes, by number, such as 0, 1, 2, 3, 4; empty takes all.",
        low="Two classes: an easy question, which a sigmoid neuron can answer too.",
        high="All classes.",
    )
    return field


Classes = tuple[Annotated[int, Field(ge=0, le=255)], ...]


def only_classes(samples: Samples, wanted: tuple[int, ...]) -> Samples:
    """The samples of the `wanted` classes, in the order of the data set; the classes keep their names and order.

    Raises DataError, of the field "classes", where the data has no such class.
    """
    import numpy as np

    if not wanted:
        return samples
    if len(set(wanted)) < 2:
        raise DataError("two classes at least are needed to tell them apart", "classes")
    kept = sorted(set(wanted))
    if kept[-1] >= len(samples.classes):
        raise DataError(f"there is no class {kept[-1]}; they are numbered 0 to {len(samples.classes) - 1}", "classes")
    rows = np.flatnonzero(np.isin(samples.y, kept))
    border = samples.validation_from
    return replace(
        samples,
        x=samples.x[rows],
        y=np.searchsorted(kept, samples.y[rows]).astype(np.int64),
        classes=tuple(samples.classes[label] for label in kept),
        validation_from=None if border is None else int(np.searchsorted(rows, border)),
    )
