"""Hills and hollows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.toys import Surface

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ACROSS = (-0.66, 0.0, 0.66)
UP = (-0.42, 0.42)


class GaussianBumps(Surface):
    """Three hills and three hollows in two rows, taking turns, on a plain: a number to predict.

    No line says anything about it, since every slope goes up as often as down; a network needs a few units for each
    hill. After the harder regression of TensorFlow Playground (Smilkov and Carter, 2016).
    """

    kind: Literal["gaussian_bumps"] = "gaussian_bumps"

    width: float = setting(
        0.18,
        ge=0.02,
        le=1,
        ladder=(0.05, 0.1, 0.15, 0.18, 0.2, 0.25, 0.3, 0.4),
        help="How wide a hill is: the standard deviation of its bell curve, in a square from -1 to 1.",
        low="Needles in a plain, which few points hit.",
        high="Hills and hollows melt into each other: smooth, and nearly flat.",
    )

    def heights(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        import numpy as np

        heights = np.zeros(len(points))
        for column, x in enumerate(ACROSS):
            for row, y in enumerate(UP):
                sign = 1 if (column + row) % 2 else -1
                squared = ((points - (x, y)) ** 2).sum(axis=1)
                heights += sign * np.exp(-squared / (2 * self.width**2))
        return heights
