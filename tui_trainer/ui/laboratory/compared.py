"""What a comparison looks like to the screen: plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from tui_trainer.experiment.schema import Experiment
from tui_trainer.insight.arms import Arm


@dataclass(frozen=True)
class Side:
    """One arm of a comparison as it is now: its runs so far, and those that are to come."""

    arm: Arm  # its runs so far; may have none yet
    experiment: Experiment
    planned: int = 1  # runs that it is to have, one for each seed
    waiting: int = 0  # of these, how many wait for their turn
    missing: int = 0  # of these, how many are neither there nor waiting


@dataclass(frozen=True)
class Compared:
    """A comparison at one moment. `selected` is the index of the side that commands are for; None: all of them.

    `pinned` is the index of the side that the others are measured against, and that stays when a new run comes.
    """

    title: str = ""
    about: str = ""
    teaches: str = ""
    sides: tuple[Side, ...] = ()
    selected: int | None = None
    pinned: int = 0
    repeats: int = 1

    @property
    def meant(self) -> tuple[Side, ...]:
        """The sides that commands are for."""
        return self.sides if self.selected is None else self.sides[self.selected : self.selected + 1]
