"""Runs side by side: those that are there and those that are to come, trained, followed, commanded and judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui_trainer.experiment.comparison import Comparison
from tui_trainer.insight.findings.base import Finding
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.records import RunView
from tui_trainer.ui.laboratory.compared import Compared

if TYPE_CHECKING:
    from tui_trainer.insight.table import Table
    from tui_trainer.insight.verdict import Verdict


class Comparing:
    """A comparison on the bench. `changed` is called, on the event loop, when there is something new to draw.

    Commands are for the selected side, or for all where none is. `table`, `verdict` and `findings` (those of the first
    run of each side, in the order of `state.sides`) are worked out on a thread, at most twice a second.
    """

    def __init__(self, *, changed: Callable[[], None]) -> None:
        self.state = Compared()
        self.table: Table | None = None  # None until there is something to say
        self.verdict: Verdict | None = None
        self.findings: tuple[tuple[Finding, ...], ...] = ()
        self.id = ""  # of the comparison in the store; empty if these are only runs put side by side
        self._changed = changed

    # What there is to see

    @property
    def views(self) -> tuple[RunView, ...]:
        """Every run, side by side."""
        return tuple(run for side in self.state.sides for run in side.arm.runs)

    @property
    def alive(self) -> bool:
        """Whether one of the runs that commands are for has a worker, or waits for one."""
        return False

    @property
    def comparison(self) -> Comparison | None:
        """As a comparison that can be saved as a preset; None where the runs have too little in common for one."""
        return None

    def folder(self, index: int | None = None) -> RunFolder | None:
        """The folder of the first run of a side (the selected one), if it has one yet."""
        return None

    # Commands, to the selected side or to all

    def toggle(self) -> None:
        """Start what is missing; else pause what trains; else resume or take up what was cut off."""

    def one_step(self) -> None:
        """Train one update, then pause; what has not begun is started for it."""

    def one_epoch(self) -> None:
        """Train to the end of the epoch, then pause."""

    def stop(self) -> None:
        """Stop what trains; what waits is not started."""

    def extend(self, epochs: int) -> None:
        """Plan so many epochs more; runs that have ended go on."""

    def pace(self, direction: int) -> None:
        """One rung slower or faster; says which."""

    # Which sides there are

    def select(self, index: int | None) -> None:
        """Have commands go to one side, or to all."""

    def swap(self) -> None:
        """The first two sides change places; with more, the selected one and the one before it do."""

    def pin(self, index: int) -> None:
        """Measure the others against this side."""

    def add(self, folder: RunFolder) -> None:
        """Put one more run beside the others."""

    def replace(self, index: int, folder: RunFolder) -> None:
        """Put another run in a side's place."""

    def drop(self, index: int) -> None:
        """Take a side away; its runs are kept, and go on."""

    def add_repeats(self, count: int = 1) -> None:
        """Train every side with so many more seeds."""

    def leave(self) -> None:
        """Follow the runs no more; they go on, and those that wait are started in their turn."""


def titled(names: Sequence[str]) -> str:
    """What runs that are put side by side are called."""
    return " | ".join(names)
