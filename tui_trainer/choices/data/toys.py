"""What the generated data sets of points in the plane have in common: they are drawn from a seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.base import DataSet, Samples
from tui_trainer.choices.given import Given

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Points = tuple[NDArray[np.float64], NDArray[np.int64]]


SAMPLES = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000)
NOISE = (0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
"""Ladders of how many points are drawn, and of how far they are scattered."""


def noise_field(default: float) -> float:
    """How far points are scattered, with the default at which the data set is neither trivial nor hopeless."""
    noise: float = setting(
        default,
        ge=0,
        le=10,
        ladder=NOISE,
        help="How far points are scattered: the standard deviation of what is added to each coordinate.",
        low="The classes are cleanly apart: nearly every network gets them right.",
        high="The classes overlap: no network can get all right, and one that tries overfits.",
    )
    return noise


class PointSet(DataSet):
    """Points in the plane, about 2 wide and 2 high, drawn anew for each seed."""

    group = "points"
    generated: ClassVar[bool] = True
    samples: int = setting(
        500,
        ge=10,
        le=1_000_000,
        unit="points",
        ladder=SAMPLES,
        help="Points to draw, shared out evenly among the classes.",
        low="Chance decides what the network sees: overfitting.",
        high="The shape is fully covered: hardly any overfitting, and slower.",
    )
    noise: float = noise_field(0.1)

    def load(self, seed: int) -> Samples:
        import numpy as np

        generator = np.random.default_rng(seed)
        x, y = self.points(generator)
        x = x + self.noise * generator.standard_normal(x.shape)
        return Samples(x.astype(np.float32), y, self.class_names(), features=("x", "y"))

    def points(self, generator: np.random.Generator) -> Points:
        """The points without noise (samples, 2), and the class of each (samples,)."""
        raise NotImplementedError

    def class_names(self) -> tuple[str, ...]:
        """The names of the classes, in their order."""
        raise NotImplementedError

    def size(self) -> str:
        return f"{self.samples:,} points, {len(self.class_names())} classes"

    def turns_of_class(self, classes: int) -> NDArray[np.int64]:
        """A class for each point, taking turns, so that classes differ by one point at most."""
        import numpy as np

        return np.arange(self.samples, dtype=np.int64) % classes


class Surface(DataSet):
    """A number for each point of the plane: hills and slopes to be found from samples of them, drawn for each seed."""

    group = "functions"
    holds = Given("features", "regression")
    generated: ClassVar[bool] = True
    samples: int = setting(
        500,
        ge=10,
        le=1_000_000,
        unit="points",
        ladder=SAMPLES,
        help="Points to draw, anywhere in the square from -1 to 1.",
        low="Gaps between the points, in which the surface may do anything.",
        high="The noise averages out: hardly any overfitting, and slower.",
    )
    noise: float = setting(
        0.1,
        ge=0,
        le=10,
        ladder=NOISE,
        help="How far points lie off the surface, whose heights are from -1 to 1: the deviation of what is added.",
        low="The points show the surface itself: there is nothing to overfit to.",
        high="The surface drowns: a large network learns single points.",
    )

    def load(self, seed: int) -> Samples:
        import numpy as np

        generator = np.random.default_rng(seed)
        x = generator.uniform(-1, 1, (self.samples, 2))
        y = self.heights(x) + self.noise * generator.standard_normal(self.samples)
        return Samples(
            x.astype(np.float32),
            y.astype(np.float32),
            classes=(),
            features=("x", "y"),
            task="regression",
            target="height",
        )

    def heights(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """The surface, from -1 to 1, at points (samples, 2) without noise: (samples,)."""
        raise NotImplementedError

    def size(self) -> str:
        return f"{self.samples:,} points, a number to predict"
