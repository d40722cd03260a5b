"""Loss and metrics of both parts, in evaluation mode."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

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


def measure(model: nn.Module, part: Part, task: Task, look_up: Callable[[], None]) -> dict[str, float]:
    """The task's figures on all samples of a part, in chunks; `look_up` is called between them and may raise."""
    sizes: list[int] = []
    figures: list[dict[str, torch.Tensor]] = []
    with torch.inference_mode():
        for x, y in zip(part.x.split(CHUNK_ROWS), part.y.split(CHUNK_ROWS), strict=True):
            look_up()
            sizes.append(len(y))
            figures.append(task.measure(model(x), y))
        names = list(figures[0])
        rows = torch.stack([torch.stack([chunk[name] for name in names]) for chunk in figures]).tolist()
    totals = [sum(size * row[i] for size, row in zip(sizes, rows, strict=True)) for i in range(len(names))]
    # As they are written: what is best must be the same for who reads the log.
    return {name: rounded(total / len(part)) for name, total in zip(names, totals, strict=True)}
