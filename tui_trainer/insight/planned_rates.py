"""The learning rate over a run as its schedule plans it, before there is a run."""

from __future__ import annotations

from tui_trainer.choices.schedules import Progress, Schedule
from tui_trainer.experiment.schema import Experiment

_POINTS = 121
_UPDATES = 100  # in an epoch, while nobody knows


def planned_rates(
    experiment: Experiment, updates: int | None, points: int = _POINTS
) -> tuple[list[float], list[float]]:
    """Epochs, and the learning rate at each, from the first of so many updates to the last.

    A schedule that watches the validation loss is shown for one that never improves.
    """
    epochs = experiment.training.epochs
    steps = max(1, updates or epochs * _UPDATES)
    interval = experiment.training.evaluation_interval() if experiment.schedule.watches_validation else 0
    done = [round(i * (steps - 1) / (points - 1)) for i in range(points)]
    rates = [experiment.optimizer.lr * _factor(experiment.schedule, step, steps, epochs, interval) for step in done]
    return [epochs * step / steps for step in done], rates


def _factor(schedule: Schedule, step: int, steps: int, epochs: int, interval: int) -> float:
    epoch = epochs * step / steps
    evaluated = [float(interval * i) for i in range(int(epoch // interval) + 1)] if interval else []
    return schedule.factor(Progress(step, steps, epoch, epochs, [1.0] * len(evaluated), evaluated))
