"""What comparisons are trained with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from tui_trainer.runs.store import Store
from tui_trainer.ui.laboratory.background import Failed, Lane, Post
from tui_trainer.ui.laboratory.own_runs import OwnRuns
from tui_trainer.ui.laboratory.turns import Turns
from tui_trainer.ui.laboratory.watched import Say, Severity


@dataclass(frozen=True)
class Bench:
    """What each of the comparisons that are opened one after another has in common with the others."""

    store: Store
    own: OwnRuns
    turns: Turns
    lane: Lane
    post: Post
    say: Say
    failed: Failed

    def tell(self, text: str, severity: Severity) -> None:
        """Say something from a thread."""
        self.post(partial(self.say, text, severity))
