"""Round clouds of points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.toys import PointSet, noise_field

if TYPE_CHECKING:
    import numpy as np

    from tui_trainer.choices.data.toys import Points


class Gaussians(PointSet):
    """Round clouds of points on a circle of radius 1, classes taking turns along it: points in the plane.

    With one cloud a class, straight boundaries are as good as any. With two classes of two clouds each it is xor again.
    """

    kind: Literal["gaussians"] = "gaussians"
    noise: float = noise_field(0.3)

    classes: int = setting(
        3,
        ge=2,
        le=10,
        unit="classes",
        ladder=(2, 3, 4, 5, 6, 8, 10),
        help="Classes to tell apart.",
        low="The easiest to separate.",
        high="The clouds lie close together and overlap.",
    )
    clusters: int = setting(
        1,
        ge=1,
        le=10,
        unit="clouds",
        ladder=(1, 2, 3, 4, 5, 6, 8, 10),
        help="Clouds of each class.",
        low="One: a linear model is enough.",
        high="Classes alternate many times around the circle: needs a hidden layer with enough units.",
    )

    def points(self, generator: np.random.Generator) -> Points:
        import numpy as np

        clouds = self.classes * self.clusters
        cloud = self.turns_of_class(clouds)
        angle = 2 * np.pi * cloud / clouds
        return np.stack([np.cos(angle), np.sin(angle)], axis=1), cloud % self.classes

    def class_names(self) -> tuple[str, ...]:
        return tuple(f"class {number + 1}" for number in range(self.classes))
