"""Two half circles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.data.toys import PointSet, noise_field

if TYPE_CHECKING:
    import numpy as np

    from tui_trainer.choices.data.toys import Points


class Moons(PointSet):
    """Two half circles that reach into each other: points in the plane, two classes.

    A straight line gets about 87 % right; a small hidden layer bends the boundary between them.
    """

    kind: Literal["moons"] = "moons"
    noise: float = noise_field(0.2)

    def points(self, generator: np.random.Generator) -> Points:
        import numpy as np

        y = self.turns_of_class(2)
        angle = np.pi * generator.random(self.samples)
        upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
        return np.where(y[:, None] == 0, upper, lower), y

    def class_names(self) -> tuple[str, ...]:
        return ("upper", "lower")
