"""Runs that are given to a worker, off the event loop."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.problems import WorkerError
from tui_trainer.runs.store import Store
from tui_trainer.ui.laboratory.background import Lane, Post
from tui_trainer.ui.laboratory.forking import ForkPoint
from tui_trainer.ui.laboratory.own_runs import OwnRuns
from tui_trainer.ui.laboratory.watched import Say, Watched


class Starter:
    """Has the runs that are looked at trained: at once, unlike those that wait for their turn.

    `beside` is called, on the event loop, with a fork's parent and itself once both are there.
    """

    def __init__(
        self,
        store: Store,
        own: OwnRuns,
        lane: Lane,
        post: Post,
        say: Say,
        beside: Callable[[RunFolder, RunFolder], None],
    ) -> None:
        self.under_way = 0  # runs that are being handed to a worker
        self._store = store
        self._own = own
        self._lane = lane
        self._post = post
        self._say = say
        self._beside = beside

    def start(self, run: Watched, experiment: Experiment, fork: ForkPoint | None) -> None:
        """Train an experiment in a new run, a fork's from where that begins."""
        self.under_way += 1
        self._lane.do(partial(self._make, run, experiment, fork))

    def take_up(self, run: Watched, folder: RunFolder, more_epochs: int) -> None:
        """Have a run that has ended go on, for so many epochs more than planned."""
        self.under_way += 1
        self._lane.do(partial(self._hand_over, run, folder, more_epochs))

    def _make(self, run: Watched, experiment: Experiment, fork: ForkPoint | None) -> None:
        try:
            folder = fork.create(self._store, experiment) if fork else self._store.create(experiment)
        except (OSError, ExperimentError) as error:
            self._could_not(run, f"the run's folder cannot be made: {error}")
            self._post(self._done)
            return
        run.folder = folder  # for the commands that wait in the lane
        self._post(partial(run.follow, folder))
        if fork is not None and fork.folder.path.is_dir():  # else it was deleted meanwhile
            self._post(partial(self._beside, fork.folder, folder))
        self._hand_over(run, folder, 0)

    def _hand_over(self, run: Watched, folder: RunFolder, more_epochs: int) -> None:
        try:
            self._own.train(folder, more_epochs)
        except (ExperimentError, WorkerError, OSError) as error:
            self._could_not(run, str(error))
        finally:
            self._post(self._done)

    def _done(self) -> None:
        self.under_way -= 1

    def _could_not(self, run: Watched, why: str) -> None:
        self._post(partial(self._say, why, "error"))
        self._post(partial(run.could_not_start, why))
