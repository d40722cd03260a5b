"""What the plots show of a run, and of the one before it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.choices.tasks import CLASSIFICATION, TASKS, Metric, Task
from tui_trainer.choices.tasks.classification import MACRO_F1
from tui_trainer.experiment.diff import shown
from tui_trainer.experiment.text import clean
from tui_trainer.insight.arms import chosen_changes
from tui_trainer.insight.planned_rates import planned_rates
from tui_trainer.plots.spec import Curve, Level, Mark
from tui_trainer.runs.baselines import Baselines
from tui_trainer.runs.records import Evaluation, RunView

BEFORE = "before"
_WIDE = 5.0  # times what the learning rate is half of the time, from which on a log scale is worth it


def behind(ghost: RunView | None, view: RunView | None) -> RunView | None:
    """The earlier run, if it may be compared with this one: figures of other data, or for another task, say nothing."""
    if ghost is None or ghost.experiment is None or view is None or view.experiment is None:
        return None
    same_data = ghost.experiment.data.kind == view.experiment.data.kind
    return ghost if same_data and ghost.task.name == view.task.name else None


def loss_curves(view: RunView | None, ghost: RunView | None) -> list[Curve]:
    """Train and validation loss, both measured alike, over the loss of each batch, over the earlier run's.

    The losses of a run that made another one small cannot be compared.
    """
    comparable = ghost is None or view is None or ghost.task.loss == view.task.loss
    curves = curves_of(view, ghost if comparable else None, "loss")
    if view is not None and len(view.train_loss):
        curves.insert(2, Curve("batch", "batch", view.train_loss.epochs, view.train_loss.mean, "points"))
    return curves


LEARNING_RATE = Metric("lr", higher_is_better=False, title="Learning rate")
"""Stands among the metrics where a plot offers it: the rate itself, of no part of the data."""


def task_of(view: RunView | None, ghost: RunView | None, expected: str = "") -> Task:
    """What the plots are about: the run's task, before there is a run the one that the draft is `expected` to have."""
    known = view or ghost
    return known.task if known else TASKS.get(expected, CLASSIFICATION)


def offered(view: RunView | None, ghost: RunView | None, expected: str = "") -> list[Metric]:
    """What can be plotted beside the loss: the task's metrics, the primary one first, and the learning rate."""
    known = view or ghost
    last = known.last if known else None
    metrics = task_of(view, ghost, expected).metrics
    reported = [it for it in metrics[1:] if last is None or it.name in last.validation]
    rates = [LEARNING_RATE] if last is not None and last.lr is not None else []
    return [metrics[0], *reported, *rates]


def metric_curves(view: RunView | None, ghost: RunView | None, metric: Metric) -> list[Curve]:
    """A metric on both parts, or the learning rate, over the earlier run's."""
    if metric != LEARNING_RATE:
        return curves_of(view, ghost, metric.name)
    epochs, rates = view.rates if view is not None else ((), ())
    made = [Curve("learning rate", "batch", epochs, rates)]
    if ghost is not None:
        made.append(Curve(BEFORE, "batch", *ghost.rates, ghost=True))
    return made


def ends(metric: Metric) -> tuple[float | None, float | None]:
    """The ends that belong on a metric's axis: a share ends at 1, an error or a rate starts at 0."""
    if metric.higher_is_better and not metric.unit:
        return (0.0, 1.0) if metric.is_bounded else (None, 1.0)
    return (0.0, None)


def helped_by_log(metric: Metric, view: RunView | None) -> bool:
    """Whether a log scale shows a metric better: a learning rate that is small for most of a run, but never 0."""
    if metric != LEARNING_RATE or view is None or view.experiment is None:
        return False
    _, rates = planned_rates(view.experiment, view.planned_steps or None)
    return min(rates) > 0 and max(rates) >= _WIDE * median(rates)


def marks(view: RunView | None) -> list[Mark]:
    """Where something was changed that changes the curves."""
    changes = [it for it in chosen_changes(view) if it.path != "training.pace"] if view is not None else []
    return [Mark(it.epoch, clean(f"{changed_name(it.path)} {shown(it.new)}", 40)) for it in changes]


def changed_name(path: str) -> str:
    """A path in as few words as tell it from others: `lr`, `batch`, `dropout`, `elastic_net l1_ratio`."""
    group, *rest = path.split(".")
    if group == "regularization" and rest:
        kind = Regularizer.kinds().get(rest[0])
        return " ".join(rest[:1] if kind and rest[1:] == [kind.main_field] else rest)
    return "batch" if path == "training.batch_size" else (rest or [group])[-1]


def baseline(view: RunView | None, metric: str) -> float | None:
    """What the best guess gets that looks at no input.

    There is none for macro F1 where accuracy decides: where classes are about as common, always saying one of them gets
    far less of it than answers at random do.
    """
    if view is None or (metric == MACRO_F1.name != view.task.primary.name):
        return None
    return view.baseline.get(metric)


def levels(baselines: Baselines | None, metric: str) -> list[Level]:
    """What simpler methods get on validation, by this figure; the guess has a line of its own."""
    methods = baselines.learned if baselines is not None else ()
    return [
        Level(it.validation[metric], _tag(it.name))
        for it in methods
        if math.isfinite(it.validation.get(metric, math.nan))
    ]


def _tag(method: str) -> str:
    """`forest`, `logistic`: what tells a method from the others."""
    return method.removeprefix("random ").removesuffix(" regression")


def curves_of(view: RunView | None, ghost: RunView | None, metric: str) -> list[Curve]:
    """A metric on both parts, over the earlier run's."""
    now = view.evaluations if view is not None else ()
    curves = [_part(now, "train", metric, "train"), _part(now, "validation", metric, "validation")]
    if ghost is not None:
        curves += [_part(ghost.evaluations, part, metric, BEFORE, ghost=True) for part in ("train", "validation")]
    return curves


def _part(evaluations: Sequence[Evaluation], part: str, metric: str, label: str, *, ghost: bool = False) -> Curve:
    values = [(it.train if part == "train" else it.validation).get(metric, math.nan) for it in evaluations]
    stroke = "thin" if part == "train" else "thick"
    return Curve(label, part, [it.epoch for it in evaluations], values, stroke, ghost=ghost)  # type: ignore[arg-type]
