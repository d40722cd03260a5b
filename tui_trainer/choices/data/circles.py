"""A circle inside another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.data.toys import PointSet, noise_field

if TYPE_CHECKING:
    import numpy as np

    from tui_trainer.choices.data.toys import Points


class Circles(PointSet):
    """A circle of radius 1/2 inside one of radius 1: points in the plane, two classes.

    No straight line separates them: a linear model, or a deep one without activation, stays near one half.
    """

    kind: Literal["circles"] = "circles"
    noise: float = noise_field(0.1)

    def points(self, generator: np.random.Generator) -> Points:
        import numpy as np

        y = self.turns_of_class(2)
        angle = 2 * np.pi * generator.random(self.samples)
        radius = np.where(y == 0, 1.0, 0.5)
        return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), y

    def class_names(self) -> tuple[str, ...]:
        return ("outer", "inner")
