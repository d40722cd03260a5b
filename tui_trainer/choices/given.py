"""What is known of data before it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sample = Literal["", "features", "image", "sequence", "text"]
"""What a sample is: a row of features, an image, a sequence of numbers, a text; empty where only loading tells."""


@dataclass(frozen=True)
class Given:
    """What a network is given, and the task that the data is for; empty where nobody knows yet."""

    sample: Sample = ""
    task: str = ""

    @property
    def is_read(self) -> bool:
        """Whether a class or numbers are told of a sample, so that nothing is written."""
        return bool(self.task) and not self.is_written

    @property
    def is_written(self) -> bool:
        """Whether an answer is asked for at each position, so that a text is written."""
        return self.task in ("language", "translation")


UNKNOWN = Given()
