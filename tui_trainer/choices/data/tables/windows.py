"""From rows in the order of time to sequences."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from tui_trainer.choices.data.base import DataError, Samples
from tui_trainer.choices.data.own_files import check_memory

FLOAT_BYTES = 4


def windows(samples: Samples, window: int, horizon: int, path: Path) -> Samples:
    """Sequences of so many rows that follow each other, from which the target's next values are predicted.

    x (samples, window, features); y (samples,), or with a longer horizon (samples, horizon). What is predicted is
    itself the last feature of the rows in the window: its past is known. Raises DataError if there are too few rows.
    """
    import numpy as np

    if samples.classes and horizon > 1:
        raise DataError("a class is predicted for the next row only; set horizon to 1", "horizon")
    past = np.eye(len(samples.classes), dtype=np.float32)[samples.y] if samples.classes else samples.y[:, None]
    names = [f"{samples.target}={name}" for name in samples.classes] or [samples.target]
    x = np.concatenate([samples.x, past], axis=1)
    border = samples.validation_from
    edges = [0, *([border] if border else []), len(x)]
    check_memory(path, 3 * FLOAT_BYTES * x.size * window, "window")
    inputs, targets = [], []
    for start, end in pairwise(edges):
        count = end - start - window - horizon + 1
        if count < (1 if border else 2):
            raise DataError(
                f"{path}: {end - start:,} rows, too few for a window of {window} and a horizon of {horizon}", "window"
            )
        firsts = start + np.arange(count)
        inputs.append(x[firsts[:, None] + np.arange(window)])
        targets.append(samples.y[firsts[:, None] + window + np.arange(horizon)])
    y = np.concatenate(targets)
    return replace(
        samples,
        x=np.concatenate(inputs),
        y=y[:, 0] if horizon == 1 else y,
        features=(*samples.features, *names),
        validation_from=len(inputs[0]) if border else None,
        overlap=window + horizon - 1,
        ordered=True,
        encoding={**samples.encoding, "window": window, "horizon": horizon},
        notes=(*samples.notes, f"{window} rows predict the next {'one' if horizon == 1 else f'{horizon:,}'}"),
    )
