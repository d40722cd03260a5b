"""A slope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.data.toys import Surface

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Plane(Surface):
    """A plane that rises from one corner of the square to the opposite one: a number to predict.

    The simplest regression there is: a linear model is right, and whatever a network adds to it is noise.
    """

    kind: Literal["plane"] = "plane"

    def heights(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        heights: NDArray[np.float64] = points.mean(axis=1)
        return heights
