"""How a wave goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.base import Samples
from tui_trainer.choices.data.sequences import SequenceSet, length_field, sequence_noise
from tui_trainer.choices.given import Given

if TYPE_CHECKING:
    import numpy as np


class SineContinuation(SequenceSet):
    """Pieces of sine waves, each with a frequency and a phase of its own: what are the next values?

    The smallest time series there is. Where the next value lies depends on where the wave is and on how fast it goes,
    so one value is not enough to tell. With several values to predict, those far ahead are the harder ones.
    """

    kind: Literal["sine_continuation"] = "sine_continuation"
    holds = Given("sequence", "regression")
    length: int = length_field(20)
    noise: float = sequence_noise(0.05)

    horizon: int = setting(
        1,
        ge=1,
        le=1000,
        unit="steps",
        ladder=(1, 2, 3, 5, 10, 20, 50),
        help="How many values that follow are to be predicted.",
        low="1: the very next value.",
        high="A small error in the frequency becomes a large one far ahead.",
    )
    period: float = setting(
        15.0,
        ge=3,
        le=10_000,
        unit="steps",
        ladder=(4.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0),
        help="Steps of a whole wave, on average: each wave has from two thirds to four thirds of that frequency.",
        low="Few values a wave: the noise matters.",
        high="The piece that is seen is nearly straight: hard to tell how it bends.",
    )

    def drawn(self, generator: np.random.Generator) -> Samples:
        import numpy as np

        pace = generator.uniform(2 / 3, 4 / 3, (self.samples, 1)) * 2 * np.pi / self.period
        phase = generator.uniform(0, 2 * np.pi, (self.samples, 1))
        values = np.sin(phase + pace * np.arange(self.length + self.horizon))
        values = values + self.noise * generator.standard_normal(values.shape)
        x, y = values[:, : self.length, None].astype(np.float32), values[:, self.length :].astype(np.float32)
        target = "next value" if self.horizon == 1 else "next values"
        return Samples(x, y[:, 0] if self.horizon == 1 else y, (), ("value",), task="regression", target=target)

    def size(self) -> str:
        asked = "a number" if self.horizon == 1 else f"{self.horizon:,} numbers"
        return f"{self.samples:,} sequences of {self.length:,} steps, {asked} to predict"
