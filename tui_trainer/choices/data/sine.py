"""A wave to be drawn through noisy points."""

from __future__ import annotations

from typing import ClassVar, Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.base import DataSet, Samples
from tui_trainer.choices.data.toys import NOISE, SAMPLES
from tui_trainer.choices.given import Given


class Sine(DataSet):
    """Noisy points of a sine wave over one input: a number is predicted, not a class.

    The smallest regression: what was learned can be drawn as a curve over the points. No network can come nearer to
    new points than their noise, and one that comes nearer to those it trains on has learned the noise.
    """

    group = "functions"
    holds = Given("features", "regression")
    kind: Literal["sine"] = "sine"
    generated: ClassVar[bool] = True

    samples: int = setting(
        200,
        ge=10,
        le=1_000_000,
        unit="points",
        ladder=SAMPLES,
        help="Points to draw, anywhere from x = -1 to 1.",
        low="Wide gaps between the points, in which the curve may do anything.",
        high="The noise averages out: hardly any overfitting, and slower.",
    )
    noise: float = setting(
        0.2,
        ge=0,
        le=10,
        ladder=NOISE,
        help="How far points lie off the wave, which is 1 high: the standard deviation of what is added to y.",
        low="The points show the wave itself: there is nothing to overfit to.",
        high="The wave drowns: a large network draws its curve through single points.",
    )
    waves: float = setting(
        2.0,
        gt=0,
        le=50,
        unit="waves",
        ladder=(0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0),
        help="Whole waves from x = -1 to 1.",
        low="Nearly a straight line: even a linear model gets much of it.",
        high="Many bends, which are learned late: networks learn slow changes first.",
    )

    def load(self, seed: int) -> Samples:
        import numpy as np

        generator = np.random.default_rng(seed)
        x = generator.uniform(-1, 1, self.samples)
        y = np.sin(np.pi * self.waves * x) + self.noise * generator.standard_normal(self.samples)
        return Samples(
            x[:, None].astype(np.float32),
            y.astype(np.float32),
            classes=(),
            features=("x",),
            task="regression",
            target="y",
        )

    def size(self) -> str:
        return f"{self.samples:,} points, a number to predict"
