"""Runs that wait for their turn."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.problems import WorkerError
from tui_trainer.runs.store import Store
from tui_trainer.ui.laboratory.background import Failed, Lane, Post, in_words
from tui_trainer.ui.laboratory.own_runs import OwnRuns

if TYPE_CHECKING:
    from tui_trainer.runs.queue import Job, RunQueue

INTERVAL = 0.3
"""Seconds between two looks at whether there is room for one more."""


@dataclass(frozen=True)
class Told:
    """What is called, on the event loop, for a run that waits: a worker is given it; a worker trains it; none does."""

    begun: Callable[[RunFolder], None]
    trains: Callable[[], None]
    failed: Callable[[str], None]


@dataclass(eq=False)
class Turn:
    """The turn of a run: it waits, and then it is being handed to a worker."""

    job: Job
    told: Told
    commands: list[tuple[str, Mapping[str, Any]]]  # to give once it trains
    begun: bool = False  # being handed over


class Turns:
    """Has runs trained as there is room for them: a thread looks whether there is while some wait.

    All that can be asked is what the event loop has been told so far.
    """

    def __init__(self, store: Store, own: OwnRuns, post: Post, failed: Failed) -> None:
        self._store = store
        self._own = own
        self._post = post
        self._failed = failed
        self._made: RunQueue | None = None
        self._turns: dict[Origin | str, Turn] = {}  # by origin, which no two new runs share, or by id
        self._adding = threading.Lock()
        self._deciding = threading.Lock()  # whether one more is begun, or none any more
        self._handing_over = 0
        self._thread: threading.Thread | None = None
        self._questions = Lane("sizes", failed)
        self._stopped = False

    @property
    def waiting(self) -> int:
        """How many runs wait, apart from those that are being handed to a worker."""
        return sum(not turn.begun for turn in self._turns.values())

    @property
    def being_started(self) -> int:
        """How many runs are being handed to a worker."""
        return self._handing_over

    def of(self, origin: Origin, folder: RunFolder | None) -> Turn | None:
        """The turn of the run that comes from there, or that is there and goes on."""
        return self._turns.get(origin) or (self._turns.get(folder.id) if folder is not None else None)

    def waiting_for(self, comparison: str) -> frozenset[Origin]:
        """What waits to be trained for the first time, of a comparison."""
        waiting = (turn.job for turn in self._turns.values() if not turn.begun)
        return frozenset(job.origin for job in waiting if job.folder is None and job.origin.comparison == comparison)

    def add(self, job: Job, told: Told, commands: list[tuple[str, Mapping[str, Any]]]) -> Turn:
        """Have a run trained in its turn; `commands` are for then, and may still change."""
        turn = self._turns[_key(job)] = Turn(job, told, commands)
        self._queue.add(job)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="turns", daemon=True)
            self._thread.start()
        return turn

    @contextmanager
    def together(self) -> Iterator[None]:
        """Meanwhile nothing of what is added is begun: what is to begin first should know what comes next."""
        with self._adding:
            yield

    def cancel(self, turn: Turn) -> bool:
        """Do not train it; whether it was still waiting."""
        cancelled = self._queue.cancel(turn.job)
        if cancelled:
            del self._turns[_key(turn.job)]
        return cancelled

    def at_once(self, experiment: Experiment) -> int:
        """How many runs of an experiment would train side by side. Blocks: for a thread."""
        return self._queue.at_once(experiment)

    def prepare(self, experiment: Experiment) -> None:
        """Find out what its runs will take, soon, so that they need not wait for that when their turn has come."""
        self._questions.do(partial(self._find_out, experiment))

    def stop(self) -> None:
        """Begin no more: the program ends."""
        with self._deciding:
            self._stopped = True

    @property
    def _queue(self) -> RunQueue:
        from tui_trainer.runs.queue import RunQueue

        if self._made is None:
            self._made = RunQueue(self._train, self._store, self._own.description, self._not_begun)
        return self._made

    # On threads

    def _find_out(self, experiment: Experiment) -> None:
        if not self._stopped:
            self.at_once(experiment)

    def _work(self) -> None:
        while not self._stopped:
            with self._adding:
                any_wait = bool(self._queue.jobs)
            try:
                if any_wait:
                    self._queue.pump()
            except Exception as error:
                self._failed(in_words(error))
            time.sleep(INTERVAL)

    def _train(self, job: Job, folder: RunFolder, device: str) -> None:
        """Hand a run to a worker."""
        with self._deciding:
            self._handing_over += not self._stopped
        if self._stopped:
            if job.folder is None:  # nobody has seen it
                shutil.rmtree(folder.path, ignore_errors=True)
            return
        self._post(partial(self._begin, job, folder))
        try:
            self._own.train(folder, job.more_epochs, device=device)
        except (ExperimentError, WorkerError, OSError) as error:
            self._not_begun(job, str(error))
        except Exception as error:
            self._not_begun(job, in_words(error))
        else:
            self._post(partial(self._end, job, lambda told: told.trains()))
        finally:
            with self._deciding:
                self._handing_over -= 1

    def _not_begun(self, job: Job, why: str) -> None:
        self._post(partial(self._end, job, lambda told: told.failed(why)))

    # On the event loop

    def _begin(self, job: Job, folder: RunFolder) -> None:
        turn = self._turns[_key(job)]
        turn.begun = True
        turn.told.begun(folder)

    def _end(self, job: Job, tell: Callable[[Told], None]) -> None:
        tell(self._turns.pop(_key(job)).told)


def _key(job: Job) -> Origin | str:
    return job.origin if job.folder is None else job.folder.id
