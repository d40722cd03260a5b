"""A comparison: one base experiment, named changes to it, and how often each is repeated with another seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui_trainer.experiment.schema import Experiment

MOST_ARMS = 8
"""More curves than this in one plot cannot be told apart."""

MOST_REPEATS = 100


@dataclass(frozen=True)
class Arm:
    """One of the experiments that are compared: the base with `changes` (path -> value) made to it."""

    name: str
    changes: Mapping[str, Any]
    experiment: Experiment

    def seeded(self, repeat: int) -> Experiment:
        """Its experiment for the `repeat`-th time, from 0: with the base's seed, the one after that, and so on."""
        return self.experiment.model_copy(update={"seed": (self.experiment.seed + repeat) % 2**32})


@dataclass(frozen=True)
class Comparison:
    """One to eight arms (one alone is a run that is repeated); all of a repeat share their seed."""

    name: str
    base: Experiment
    arms: tuple[Arm, ...]
    repeats: int = 1
    about: str = ""
    teaches: str = ""
