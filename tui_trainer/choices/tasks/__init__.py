"""Tasks: what a network is asked to do. The task names the metrics and the one that decides."""

from tui_trainer.choices.tasks.base import Metric, Task
from tui_trainer.choices.tasks.classification import CLASSIFICATION, Classification
from tui_trainer.choices.tasks.making import TASKS, TaskError, task_for
from tui_trainer.choices.tasks.reconstruction import Reconstruction
from tui_trainer.choices.tasks.regression import REGRESSION, Regression
from tui_trainer.choices.tasks.tokens import Tokens

__all__ = [
    "CLASSIFICATION",
    "REGRESSION",
    "TASKS",
    "Classification",
    "Metric",
    "Reconstruction",
    "Regression",
    "Task",
    "TaskError",
    "Tokens",
    "task_for",
]
