"""The end of the program, if runs would end with it: what is to become of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_trainer.ui.app import TrainerApp
    from tui_trainer.ui.laboratory.laboratory import Laboratory

START_WITHIN = 10.0
"""Seconds that runs have for beginning before the program ends without waiting for them."""
STOP_WITHIN = 2.0
"""Seconds that runs have for stopping before the program ends without waiting for them."""


class Leaving:
    """Ends the program as a person says."""

    def __init__(self, app: TrainerApp) -> None:
        self.asking = False  # or about to end
        self._app = app
        self._otherwise: Callable[[], None] | None = None

    @property
    def _laboratory(self) -> Laboratory:
        return self._app.laboratory

    def ask(self) -> None:
        """End it, or ask first. Asking again while asked changes nothing."""
        if self.asking:
            return
        training = len(self._laboratory.under_way.alive()) + self._laboratory.under_way.being_started
        waiting = self._laboratory.under_way.waiting
        if not training and not waiting:
            self._app.exit()
            return
        from tui_trainer.ui.screens.ask import Answer, Ask

        them = "it" if training == 1 else "them"
        answers = [
            Answer("k", f"keep {them} running, and quit", "keep"),
            Answer("s", f"stop {them}, and quit", "stop"),
            Answer("escape", "stay here", "stay"),
        ]
        unstarted = " Those that wait are not started any more." if waiting else ""
        detail = f"What was learned is kept in any case.{unstarted}"
        self.asking = True
        self._app.push_screen(Ask(still_training(training, waiting), answers, "stay", detail), self._do_as_told)

    def or_else(self, do: Callable[[], None]) -> None:
        """What is to be done in case the answer is to stay."""
        self._otherwise = do

    def _do_as_told(self, answer: str | None) -> None:
        self.asking = answer in ("keep", "stop")
        otherwise, self._otherwise = self._otherwise, None
        if self.asking:
            self._laboratory.under_way.start_no_more()
            self._once_all_began(time.monotonic() + START_WITHIN, answer == "keep")
        elif otherwise is not None:
            otherwise()

    def _once_all_began(self, deadline: float, keep: bool) -> None:
        """Tell the runs what to do, those that are being started too: they listen once they have begun."""
        if self._laboratory.under_way.being_started and time.monotonic() < deadline:
            self._app.set_timer(0.05, partial(self._once_all_began, deadline, keep))
        elif keep:
            self._laboratory.under_way.keep_running()
            self._app.exit()
        else:
            self._laboratory.under_way.stop_all()
            self._wait_for_runs(time.monotonic() + STOP_WITHIN)

    def _wait_for_runs(self, deadline: float) -> None:
        """End the program once its runs have stopped: what is cut off counts as interrupted."""
        if self._laboratory.under_way.alive() and time.monotonic() < deadline:
            self._app.set_timer(0.05, partial(self._wait_for_runs, deadline))
        else:
            self._app.exit()


def still_training(training: int, waiting: int) -> str:
    """What would end with the program."""
    runs = "A run is still training" if training == 1 else f"{training} runs are still training"
    if not training:
        return "A run waits for its turn." if waiting == 1 else f"{waiting} runs wait for their turn."
    return f"{runs}, {waiting} wait{'s' if waiting == 1 else ''} for a turn." if waiting else f"{runs}."
