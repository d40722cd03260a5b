"""Trains what a comparison lacks, several runs at a time, and shows how they go."""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from tui_trainer.cli.comparisons.progress import Progress, progress
from tui_trainer.cli.downloads import announce
from tui_trainer.cli.interruption import Interruption
from tui_trainer.experiment.comparison import Comparison
from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs import view as views
from tui_trainer.runs.description import Description
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.problems import WorkerError
from tui_trainer.runs.queue import Job, RunQueue
from tui_trainer.runs.records import RunView
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import RunReader
from tui_trainer.runs.warm_worker import WarmWorker

_LOOK_SECONDS = 0.2

_MOST_STANDING_BY = 4
"""Workers that import torch ahead of their runs; each takes memory while it waits."""

_GOES_ON = ("stopped", "interrupted", "died")
"""States of a run that ended before its time: it is trained further from where it was."""


@dataclass(frozen=True)
class Turn:
    """One run that a comparison calls for, and its folder if it was begun before."""

    experiment: Experiment
    origin: Origin
    folder: RunFolder | None = None

    @property
    def name(self) -> str:
        """`l2 0.01, seed 2`."""
        return f"{self.origin.arm}, seed {self.experiment.seed}"


def turns(comparison: Comparison, id: str, begun: Sequence[RunFolder]) -> list[Turn]:
    """Every run that the comparison calls for, all arms with one seed before any with the next one."""
    there = {(origin.arm, origin.repeat): folder for folder in begun if (origin := folder.origin().within(id))}
    return [
        Turn(
            at_full_pace(arm.seeded(repeat)),
            Origin(comparison=id, arm=arm.name, repeat=repeat),
            there.get((arm.name, repeat)),
        )
        for repeat in range(comparison.repeats)
        for arm in comparison.arms
    ]


def at_full_pace(experiment: Experiment) -> Experiment:
    """The experiment without a pace, which is for watching."""
    return experiment if experiment.training.pace == "full" else set_values(experiment, {"training.pace": "full"})


class Training:
    """The runs of one comparison on their way: a thread hands them to workers, and the caller's follows them."""

    def __init__(self, store: Store, interruption: Interruption) -> None:
        self._interruption = interruption
        self._queue = RunQueue(self._train, store, self.describe, self._cannot_begin)
        self._described: dict[str, Description] = {}
        self._names: dict[Origin, str] = {}
        self._readers: dict[str, RunReader] = {}  # by the name of the run
        self.views: dict[str, RunView] = {}
        self.failures: list[str] = []  # what no worker trains, and why

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        if "_worker" in vars(self):
            self._worker.close()

    @cached_property
    def _worker(self) -> WarmWorker:
        """Started when it is first needed: often all was trained before. Raises OSError."""
        return WarmWorker()

    def stand_by(self, runs: int) -> None:
        """Has workers import torch ahead of so many runs that begin together."""
        with contextlib.suppress(WorkerError):  # which is said of each run that it keeps from training
            self._worker.keep(min(runs, _MOST_STANDING_BY))

    def describe(self, experiment: Experiment) -> Description:
        """What the experiment amounts to, whatever its seed. Raises ExperimentError or WorkerError."""
        key = experiment.model_copy(update={"seed": 0}).model_dump_json()
        if key not in self._described:
            self._described[key] = self._worker.describe(to_mapping(experiment))
        return self._described[key]

    def run(self, turns: Sequence[Turn]) -> None:
        """Returns when all have ended, or when those that train have been stopped."""
        self._names = {turn.origin: turn.name for turn in turns}
        jobs = []
        for turn in turns:
            if turn.folder is None or views.read(turn.folder).state in _GOES_ON:
                jobs.append(Job(turn.experiment, turn.origin, turn.folder))
            else:
                self._readers[turn.name] = RunReader(turn.folder)
        announce(job.experiment for job in jobs)
        for job in sorted(jobs, key=lambda job: job.folder is None):  # what was cut off goes first
            self._queue.add(job)
        self._look()
        starting = threading.Thread(target=self._start, name="starting runs", daemon=True)
        starting.start()
        shown = progress(len(turns), {name for name, view in self.views.items() if view.state == "finished"})
        try:
            while not self._seen_to_the_end(starting, shown):
                with contextlib.suppress(KeyboardInterrupt):  # raised where no run has a worker yet; it has been noted
                    time.sleep(_LOOK_SECONDS)
        finally:
            shown.end()

    def _seen_to_the_end(self, starting: threading.Thread, shown: Progress) -> bool:
        with contextlib.suppress(KeyboardInterrupt):
            all_started = not starting.is_alive()
            self._look()
            shown.show(self.views)
            return all_started and not any(view.alive for view in self.views.values())
        return False

    def _look(self) -> None:
        for name, reader in list(self._readers.items()):
            if (name not in self.views or self.views[name].alive) and reader.read_new():
                self.views[name] = reader.view()

    # On the thread that starts runs

    def _start(self) -> None:
        while (jobs := self._queue.jobs) and not self._interruption.happened:
            self.stand_by(min(self._queue.at_once(jobs[0].experiment), len(jobs)))
            self._queue.pump()
            time.sleep(_LOOK_SECONDS)

    def _train(self, job: Job, folder: RunFolder, device: str) -> None:
        if self._interruption.happened:
            self._begin_no_more(job, folder)
            return
        name = self._names[job.origin]
        try:
            self._worker.run(folder, device=device)
        except (ExperimentError, WorkerError, OSError) as error:
            self.failures.append(f"{name}: {error}")
            return
        reader = RunReader(folder)
        reader.read_new()
        self.views[name] = reader.view()
        self._readers[name] = reader
        self._interruption.point_at(folder)

    def _begin_no_more(self, job: Job, folder: RunFolder) -> None:
        """Nothing that waits is trained, and a run that no worker has seen leaves nothing behind."""
        for waiting in self._queue.jobs:
            self._queue.cancel(waiting)
        if job.folder is None and not folder.events_file.exists():
            shutil.rmtree(folder.path, ignore_errors=True)

    def _cannot_begin(self, job: Job, why: str) -> None:
        self.failures.append(f"{self._names[job.origin]}: {why}")
