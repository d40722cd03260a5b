"""Loss and metrics of both parts, in evaluation mode."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torchmetrics import Metric as Meter

from tui_trainer.choices.tasks import Task
from tui_trainer.engine.figures import rounded, writable
from tui_trainer.engine.prepare import Part

MOST_TRAIN_ROWS = 10_000
"""Train figures are taken on all rows up to this many, else on the first so many of the shuffled training part."""

CHUNK_ROWS = 1024


@dataclass(frozen=True)
class Evaluation:
    """The figures of one evaluation: `loss` and every metric, each a mean over the samples of a part."""

    step: int
    epoch: float
    train: dict[str, float]
    validation: dict[str, float]

    def is_finite(self) -> bool:
        return math.isfinite(self.train["loss"]) and math.isfinite(self.validation["loss"])

    def is_better(self, other: Evaluation | None, task: Task) -> bool:
        """By the primary metric on validation, ties by loss; of equals, the earlier one stays."""
        return other is None or self._rank(task) > other._rank(task)

    def _rank(self, task: Task) -> tuple[float, float]:
        value = self.validation[task.primary.name]
        return (value if task.primary.higher_is_better else -value), -self.validation["loss"]

    def to_mapping(self) -> dict[str, Any]:
        """Plain data for the event log."""
        parts = {"train": writable(self.train), "validation": writable(self.validation)}
        return {"step": self.step, "epoch": round(self.epoch, 9), **parts}


class Evaluator:
    """Takes a task's figures."""

    def __init__(self, task: Task, outputs: int, device: torch.device) -> None:
        """`outputs`: how many classes, tokens or numbers are predicted."""
        self._task = task
        self._meters = {name: meter.to(device) for name, meter in task.meters(outputs).items()}

    def measure(self, model: nn.Module, part: Part, look_up: Callable[[], None]) -> dict[str, float]:
        """The figures of all samples of a part, in chunks; `look_up` is called between them and may raise.

        A figure that has no meaning for so few samples is NaN.
        """
        sizes: list[int] = []
        means: list[dict[str, torch.Tensor]] = []
        with torch.inference_mode():
            for meter in self._meters.values():
                meter.reset()
            for x, y in part.chunks(CHUNK_ROWS):
                look_up()
                scores = model(x)
                sizes.append(len(y))
                means.append(self._task.means(scores, y))
                self._update_meters(scores, y)
            names = list(means[0])
            rows = torch.stack([torch.stack([chunk[name] for name in names]) for chunk in means]).tolist()
            metered = {name: _compute(meter) for name, meter in self._meters.items()}
        totals = [sum(size * row[i] for size, row in zip(sizes, rows, strict=True)) for i in range(len(names))]
        figures = {name: total / len(part) for name, total in zip(names, totals, strict=True)} | metered
        # As they are written: what is best must be the same for who reads the log.
        return {name: rounded(figures[name]) for name in ("loss", *(metric.name for metric in self._task.metrics))}

    def _update_meters(self, scores: torch.Tensor, y: torch.Tensor) -> None:
        if self._meters:
            predicted, targets = self._task.metered(scores, y)
            for meter in self._meters.values():
                meter.update(predicted, targets)


def _compute(meter: Meter) -> float:
    try:
        return float(meter.compute())
    except ValueError:  # so few samples that it has no meaning
        return math.nan
