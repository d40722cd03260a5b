"""Tasks: what a network is asked to do. The task names the loss, the metrics and the one that decides."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A figure that an evaluation reports."""

    name: str
    higher_is_better: bool
    unit: str = ""


@dataclass(frozen=True)
class Task:
    """What is predicted, how the loss is measured, and which metric on the validation part decides what is best."""

    name: str
    loss: str
    metrics: tuple[Metric, ...]  # the first is the primary one

    @property
    def primary(self) -> Metric:
        return self.metrics[0]


CLASSIFICATION = Task("classification", loss="cross entropy", metrics=(Metric("accuracy", higher_is_better=True),))
TASKS = {task.name: task for task in (CLASSIFICATION,)}
