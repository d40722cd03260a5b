"""What would end with this program."""

from __future__ import annotations

from tui_trainer.runs.folder import RunFolder
from tui_trainer.ui.laboratory.own_runs import OwnRuns
from tui_trainer.ui.laboratory.starting import Starter
from tui_trainer.ui.laboratory.turns import Turns


class UnderWay:
    """The runs that were started here, and those that are about to be. Quick enough for the event loop."""

    def __init__(self, own: OwnRuns, starter: Starter, turns: Turns) -> None:
        self._own = own
        self._starter = starter
        self._turns = turns

    def alive(self) -> list[RunFolder]:
        """The runs that were started here and have a worker."""
        return self._own.alive()

    @property
    def being_started(self) -> int:
        """How many runs are being handed to a worker, and would not begin."""
        return self._starter.under_way + self._turns.being_started

    @property
    def waiting(self) -> int:
        """How many runs wait for their turn, and would not begin."""
        return self._turns.waiting

    def start_no_more(self) -> None:
        """Leave the runs that wait for their turn unstarted: the program ends."""
        self._turns.stop()

    def keep_running(self) -> None:
        """Tell the runs that were started here to outlive this program."""
        self.start_no_more()
        self._own.tell("detach")

    def stop_all(self) -> None:
        """Tell the runs that were started here to stop."""
        self._own.tell("stop")
