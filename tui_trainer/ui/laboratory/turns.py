"""Runs that wait for their turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.problems import WorkerError
from tui_trainer.runs.store import Store
from tui_trainer.ui.laboratory.background import Failed, Post, in_words
from tui_trainer.ui.laboratory.own_runs import OwnRuns

if TYPE_CHECKING:
    from tui_trainer.runs.queue import Job, RunQueue

INTERVAL = 0.3
"""Seconds between two looks at whether there is room for one more."""


@dataclass(frozen=True)
class Told:
    """What is called, on the event loop, for a run that waits: it has a folder; a worker trains it; it never began."""

    begun: Callable[[RunFolder], None]
    trains: Callable[[], None]
    failed: Callable[[str], None]


class Turns:
    """Has runs trained as there is room for them: a thread looks whether there is while some wait."""

    def __init__(self, store: Store, own: OwnRuns, post: Post, failed: Failed) -> None:
        self._store = store
        self._own = own
        self._post = post
        self._failed = failed
        self._made: RunQueue | None = None
        self._told: dict[Origin, Told] = {}  # by where the waiting runs come from, which no two have in common
        self._handing_over = 0
        self._thread: threading.Thread | None = None
        self._stopped = False

    @property
    def jobs(self) -> Sequence[Job]:
        """What waits."""
        return tuple(self._queue.jobs) if self._made else ()

    @property
    def waiting(self) -> int:
        """How many runs wait, apart from those that are being handed to a worker."""
        return len(self.jobs)

    @property
    def being_started(self) -> int:
        """How many runs are being handed to a worker."""
        return self._handing_over

    def add(self, experiment: Experiment, origin: Origin, told: Told) -> Job:
        """Have a run trained in its turn."""
        from tui_trainer.runs.queue import Job

        job = Job(experiment, origin)
        self._told[origin] = told
        self._queue.add(job)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="turns", daemon=True)
            self._thread.start()
        return job

    def watch(self, job: Job, told: Told) -> None:
        """Tell someone else what becomes of a run that waits."""
        self._told[job.origin] = told

    def cancel(self, job: Job) -> bool:
        """Do not train it; whether it was still waiting."""
        return self._queue.cancel(job)

    def at_once(self, experiment: Experiment) -> int:
        """How many runs of an experiment would train side by side. Blocks: for a thread."""
        return self._queue.at_once(experiment)

    def stop(self) -> None:
        """Begin no more: the program ends."""
        self._stopped = True

    @property
    def _queue(self) -> RunQueue:
        from tui_trainer.runs.queue import RunQueue

        if self._made is None:
            self._made = RunQueue(self._train, self._store, self._own.description, self._not_begun)
        return self._made

    def _work(self) -> None:
        while not self._stopped:
            try:
                if self.jobs:
                    self._queue.pump()
            except Exception as error:
                self._failed(in_words(error))
            time.sleep(INTERVAL)

    def _not_begun(self, job: Job, why: str) -> None:
        if told := self._told.pop(job.origin, None):
            self._post(partial(told.failed, why))

    def _train(self, folder: RunFolder, device: str) -> None:
        """Hand a run to a worker, on the thread."""
        told = self._told.pop(folder.origin(), None)
        self._handing_over += 1
        try:
            if told is not None:
                self._post(partial(told.begun, folder))
            self._own.train(folder, device=device)
        except (ExperimentError, WorkerError, OSError) as error:
            if told is not None:
                self._post(partial(told.failed, str(error)))
        else:
            if told is not None:
                self._post(told.trains)
        finally:
            self._handing_over -= 1
