"""Exclusive or."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.data.toys import PointSet, noise_field

if TYPE_CHECKING:
    import numpy as np

    from tui_trainer.choices.data.toys import Points


class Xor(PointSet):
    """Exclusive or: points in a square, classed by whether the signs of their two coordinates agree.

    The problem that a perceptron cannot solve: no straight line has each class on a side of its own. Two hidden units
    are enough for the four corners alone; the whole square takes three or four, and more make training easier. Minsky
    and Papert, "Perceptrons", 1969.
    """

    kind: Literal["xor"] = "xor"
    noise: float = noise_field(0.05)

    def points(self, generator: np.random.Generator) -> Points:
        import numpy as np

        y = self.turns_of_class(2)
        size = generator.random((self.samples, 2))
        right = generator.choice([-1.0, 1.0], self.samples)
        up = np.where(y == 0, right, -right)
        return size * np.stack([right, up], axis=1), y

    def class_names(self) -> tuple[str, ...]:
        return ("same sign", "different sign")
