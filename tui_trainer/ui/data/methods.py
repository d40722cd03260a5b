"""What simpler methods get, beside the network."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tui_trainer.choices.tasks import Metric
from tui_trainer.insight.worth import network
from tui_trainer.plots.spec import Row
from tui_trainer.runs.baselines import Baselines
from tui_trainer.runs.progress import Progress
from tui_trainer.runs.records import RunView
from tui_trainer.ui.figures import figure
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, bar, exact, fit

_NAME = 22
_CELL = 11
_SECONDS = 9


def methods(
    known: Baselines | None,
    view: RunView | None,
    sentence: str,
    why_not: str,
    progress: Progress | None,
    width: int,
) -> list[Row]:
    """The table of all methods; how far they are while they are measured, and how to begin while nobody has.

    `view` is a run on the same data, if the one that is looked at is one.
    """
    if progress is not None:
        return [[("Measuring what simpler methods get; b calls it off.", "")], [], *progress_bar(progress, width)]
    if known is None:
        words = (
            "b measures what simpler methods get on the same split: logistic or linear regression and a random forest."
        )
        refused = paragraph(why_not, width, "warning") if why_not else []
        return [*refused, *paragraph(words, width, "label")]
    metrics = _metrics(known, view)[: max(1, (width - _NAME - _SECONDS) // (2 * _CELL))]
    called = {it.name: it.word for it in view.task.metrics} if view is not None else {}
    rows = _heading([called.get(name, name) for name in metrics], width)
    rows += [_line(it.name, it.train, it.validation, metrics, f"{it.seconds:.1f} s", width) for it in known.methods]
    evaluation = network(view) if view is not None else None
    if view is not None and evaluation is not None:
        seconds = f"{view.seconds:.1f} s" if view.seconds else ""
        name = f"network: {view.name}"
        rows.append(_line(name, evaluation.train, evaluation.validation, metrics, seconds, width, STRONG))
    rows += [[], *paragraph(sentence, width, STRONG)]
    fewer = [f"{known.rows[part]:,} of {known.of[part]:,} {part}" for part in known.rows if _fewer(known, part)]
    if fewer:
        rows += paragraph(f"Measured on {' and '.join(fewer)} samples.", width, "label")
    return rows


def progress_bar(progress: Progress, width: int) -> list[Row]:
    """What is being done, and a bar."""
    room = max(10, min(60, width - 8))
    share: Row = [*bar(progress.share, room, "train"), (f" {100 * progress.share:3.0f} %", "")]
    return [*paragraph(progress.what, width, "label"), exact(share, width)]


def _fewer(known: Baselines, part: str) -> bool:
    return known.rows[part] < known.of.get(part, 0)


def _metrics(known: Baselines, view: RunView | None) -> list[str]:
    """The primary metric first, then the loss, then the others."""
    names = list(known.methods[-1].validation) if known.methods else []
    primary: list[Metric] = [view.task.primary] if view is not None else []
    first = [it.name for it in primary if it.name in names] or [it for it in ("accuracy", "mae") if it in names][:1]
    return [*first, *(name for name in names if name not in first)]


def _heading(metrics: list[str], width: int) -> list[Row]:
    """The name of each metric over the parts that it was measured on."""
    names: Row = [(" " * _NAME, "")]
    parts: Row = [(" " * _NAME, "")]
    for name in metrics:
        names.append((fit(name, _CELL * 2 - 1).strip().rjust(_CELL * 2), STRONG))
        parts += [("train".rjust(_CELL), "train"), ("validation".rjust(_CELL), "validation")]
    return [exact(names, width), exact([*parts, ("seconds".rjust(_SECONDS), "label")], width)]


def _line(
    name: str,
    train: Mapping[str, float],
    validation: Mapping[str, float],
    metrics: list[str],
    seconds: str,
    width: int,
    role: str = "",
) -> Row:
    row: Row = [(fit(name, _NAME), role)]
    for metric in metrics:
        row += [
            (figure(train.get(metric, math.nan)).rjust(_CELL), "train"),
            (figure(validation.get(metric, math.nan)).rjust(_CELL), "validation"),
        ]
    return exact([*row, (seconds.rjust(_SECONDS), "label")], width)
