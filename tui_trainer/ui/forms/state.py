"""What forms show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tui_trainer.choices.given import Given
from tui_trainer.experiment.schema import Experiment
from tui_trainer.ui.laboratory.fitting import given
from tui_trainer.ui.laboratory.sizes import Sizes


@dataclass(frozen=True)
class FormState:
    """What the forms show."""

    mapping: Mapping[str, Any]
    experiment: Experiment
    sizes: Sizes = field(default_factory=Sizes)
    problems: Mapping[str, str] = field(default_factory=dict)  # by path
    pending: frozenset[str] = frozenset()  # paths of changes that a run has not confirmed yet
    edited: frozenset[str] = frozenset()  # paths of what is other than in the run
    alive: bool = False  # whether there is a run that fields can change
    impossible: str = ""  # why the experiment cannot be trained

    @property
    def given(self) -> Given:
        """What the data gives the network, as far as it is known."""
        return given(self.experiment, self.sizes)
