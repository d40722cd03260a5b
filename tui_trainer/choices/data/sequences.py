"""What the generated sequences have in common: each is drawn from a seed, and is as long as all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.base import DataSet, Samples
from tui_trainer.choices.data.toys import NOISE, SAMPLES
from tui_trainer.choices.given import Given

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LENGTHS = (2, 3, 4, 6, 8, 10, 12, 16, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000)


def length_field(default: int, most: int = 10_000) -> int:
    """How long a sequence is, with the default that can be learned in a minute."""
    length: int = setting(
        default,
        ge=2,
        le=most,
        unit="steps",
        ladder=tuple(length for length in LENGTHS if length <= most),
        help="Steps of each sequence.",
        low="Short enough for any network, even one without a memory.",
        high="What came first must be kept for long: gradients fade or burst on their way back, and it takes longer.",
    )
    return length


def sequence_noise(default: float = 0.0) -> float:
    """How far the numbers of a sequence are off, with the default that suits it."""
    noise: float = setting(
        default,
        ge=0,
        le=10,
        ladder=NOISE,
        help="How far the inputs are off: the standard deviation of what is added to each.",
        low="Clean inputs: only the rule is to be found.",
        high="The rule drowns in the noise.",
    )
    return noise


class SequenceSet(DataSet):
    """Sequences of one length, drawn anew for each seed."""

    group = "sequences"
    holds = Given("sequence", "classification")
    generated: ClassVar[bool] = True
    samples: int = setting(
        2000,
        ge=10,
        le=1_000_000,
        unit="sequences",
        ladder=SAMPLES,
        help="Sequences to draw.",
        low="The network learns them by heart instead of the rule.",
        high="Enough to find the rule in; slower.",
    )
    length: int = length_field(20)

    def load(self, seed: int) -> Samples:
        import numpy as np

        return self.drawn(np.random.default_rng(seed))

    def drawn(self, generator: np.random.Generator) -> Samples:
        """The samples, from that generator alone."""
        raise NotImplementedError


def different_rows(
    generator: np.random.Generator, samples: int, length: int, symbols: int, *, start: int = 0
) -> NDArray[np.int64]:
    """Random symbols (samples, length), from `start` on; no two rows are equal where there are enough different ones.

    Otherwise a network that knows its training rows by heart would know those that validate.
    """
    import numpy as np

    if length * np.log(symbols) > np.log(4 * samples):
        rows = np.unique(generator.integers(symbols, size=(samples + samples // 2 + 10, length)), axis=0)
        if len(rows) >= samples:
            return np.asarray(start + generator.permutation(rows)[:samples], dtype=np.int64)
    every = symbols**length
    numbers = generator.permutation(every) if every <= 4 * samples else generator.integers(every, size=samples)
    numbers = np.resize(numbers, samples)
    digits = numbers[:, None] // symbols ** np.arange(length)[::-1] % symbols
    return np.asarray(start + digits, dtype=np.int64)
