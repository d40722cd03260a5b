"""Spirals wound into each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.toys import PointSet, noise_field

if TYPE_CHECKING:
    import numpy as np

    from tui_trainer.choices.data.toys import Points


class Spirals(PointSet):
    """Spirals wound into each other, one class an arm: points in the plane.

    A hard test for a small network: the boundary must be bent again and again. After Lang and Witbrock, "Learning to
    Tell Two Spirals Apart", 1988.
    """

    kind: Literal["spirals"] = "spirals"
    noise: float = noise_field(0.02)

    arms: int = setting(
        2,
        ge=2,
        le=10,
        unit="arms",
        ladder=(2, 3, 4, 5, 6, 8, 10),
        help="Spirals, each a class of its own.",
        low="The easiest for a network.",
        high="The arms lie close together: hard to tell apart.",
    )
    turns: float = setting(
        1.5,
        gt=0,
        le=10,
        unit="turns",
        ladder=(0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0),
        help="How often each arm winds around the centre.",
        low="Hardly bent: even a linear model gets much of it right.",
        high="Needs more units or layers, more points and more epochs.",
    )

    def points(self, generator: np.random.Generator) -> Points:
        import numpy as np

        y = self.turns_of_class(self.arms)
        along = np.sqrt(generator.random(self.samples))  # the root keeps the points as dense outside as inside
        angle = 2 * np.pi * (self.turns * along + y / self.arms)
        return np.stack([along * np.cos(angle), along * np.sin(angle)], axis=1), y

    def class_names(self) -> tuple[str, ...]:
        return tuple(f"arm {arm + 1}" for arm in range(self.arms))
