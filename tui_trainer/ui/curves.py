"""What the plots show of a run, and of the one before it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tui_trainer.choices.tasks import CLASSIFICATION
from tui_trainer.experiment.diff import shown
from tui_trainer.experiment.text import clean
from tui_trainer.plots.spec import Curve, Mark
from tui_trainer.runs.records import Evaluation, RunView

BEFORE = "before"


def loss_curves(view: RunView | None, ghost: RunView | None) -> list[Curve]:
    """Train and validation loss, both measured alike, over the loss of each batch, over the earlier run's."""
    curves = _curves(view, ghost, "loss")
    if view is not None and len(view.train_loss):
        curves.insert(2, Curve("batch", "train", view.train_loss.epochs, view.train_loss.mean, "dots", ghost=True))
    return curves


def metric_curves(view: RunView | None, ghost: RunView | None) -> list[Curve]:
    """The primary metric on both parts, over the earlier run's."""
    return _curves(view, ghost, metric_name(view, ghost))


def metric_name(view: RunView | None, ghost: RunView | None) -> str:
    """The task's primary metric."""
    known = view or ghost
    return (known.task if known else CLASSIFICATION).primary.name


def marks(view: RunView | None) -> list[Mark]:
    """Where something was changed that changes the curves."""
    changes = [it for it in view.changes if it.path != "training.pace"] if view is not None else []
    return [Mark(it.epoch, clean(f"{it.path.rpartition('.')[2]} {shown(it.new)}", 40)) for it in changes]


def baseline(view: RunView | None, metric: str) -> float | None:
    """What always guessing the commonest class gets."""
    return view.baseline.get(metric) if view is not None else None


def _curves(view: RunView | None, ghost: RunView | None, metric: str) -> list[Curve]:
    now = view.evaluations if view is not None else ()
    curves = [_part(now, "train", metric, "train"), _part(now, "validation", metric, "validation")]
    if ghost is not None:
        curves += [_part(ghost.evaluations, part, metric, BEFORE, ghost=True) for part in ("train", "validation")]
    return curves


def _part(evaluations: Sequence[Evaluation], part: str, metric: str, label: str, *, ghost: bool = False) -> Curve:
    values = [(it.train if part == "train" else it.validation).get(metric, math.nan) for it in evaluations]
    stroke = "thin" if part == "train" else "thick"
    return Curve(label, part, [it.epoch for it in evaluations], values, stroke, ghost=ghost)  # type: ignore[arg-type]
