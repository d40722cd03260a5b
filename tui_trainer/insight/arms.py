"""What is compared: runs, put together where they are one experiment with several seeds."""

from __future__ import annotations

from dataclasses import dataclass

from tui_trainer.runs.records import RunView


@dataclass(frozen=True)
class Arm:
    """One side of a comparison: an experiment, and the runs of it, one for each seed, by seed."""

    name: str  # what tells it from the other arms, such as `l2 0.01`
    runs: tuple[RunView, ...]
