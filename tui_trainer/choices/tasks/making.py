"""The task of an experiment: what its data is for, or what its model makes of it, with the loss that was picked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui_trainer.choices.losses import Loss
from tui_trainer.choices.tasks.base import Task
from tui_trainer.choices.tasks.classification import CLASSIFICATION
from tui_trainer.choices.tasks.reconstruction import RECONSTRUCTION
from tui_trainer.choices.tasks.regression import REGRESSION
from tui_trainer.choices.tasks.tokens import LANGUAGE, TRANSLATION

if TYPE_CHECKING:
    from tui_trainer.choices.data.base import Samples
    from tui_trainer.choices.models import Model

TASKS: dict[str, Task] = {
    task.name: task for task in (CLASSIFICATION, REGRESSION, LANGUAGE, TRANSLATION, RECONSTRUCTION)
}


class TaskError(Exception):
    """The loss that was picked cannot judge what is predicted: the message says why and what would be right."""


def task_for(samples: Samples, model: Model, loss: Loss) -> Task:
    """What a model learns from samples, judged by a loss. Raises TaskError if that loss cannot judge it."""
    task = TASKS[model.task or samples.task]
    if task.name not in loss.tasks:
        right = " or ".join(kind for kind, other in Loss.kinds().items() if task.name in other.tasks)
        raise TaskError(f"{loss.kind} cannot judge {task.name} (pick {right})")
    criterion = loss.for_task(task.name)
    if criterion.single_score and len(samples.classes) != 2:
        raise TaskError(
            f"{loss.kind} tells two classes apart, and this data has {len(samples.classes)} (pick cross_entropy)"
        )
    return replace(task, criterion=criterion, loss=criterion.title)
