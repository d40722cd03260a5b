"""Schedules: how the learning rate goes over a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tui_trainer.choices.base import Choice, setting


@dataclass(frozen=True)
class Progress:
    """Where a run is."""

    step: int  # updates done
    steps: int  # of the whole plan
    epoch: float
    epochs: int
    losses: Sequence[float] = ()  # on validation, at each evaluation so far
    evaluated: Sequence[float] = ()  # the epoch of each


class Schedule(Choice):
    """A factor for the learning rate that depends on how far the run is."""

    family = "schedule"

    warmup: int = setting(
        0,
        ge=0,
        le=10_000_000,
        unit="steps",
        ladder=(0, 10, 20, 50, 100, 200, 500, 1000, 2000, 4000, 10_000),
        help="Updates over which the learning rate rises from nearly 0 to its full size, in a straight line.",
        low="0 starts at full size: large networks may be thrown off by their first gradients.",
        high="Much of the run passes at rates too small to learn.",
    )

    def factor(self, at: Progress) -> float:
        """What the learning rate is multiplied by, without warm-up."""
        raise NotImplementedError


class Constant(Schedule):
    """Constant: the learning rate stays as it is."""

    kind: Literal["constant"] = "constant"

    def factor(self, at: Progress) -> float:
        return 1.0
