"""Runs that wait for their turn: as many train at once as the cores and GPUs have room for."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.description import Description
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.origin import NOWHERE, Origin, Place
from tui_trainer.runs.problems import WorkerError
from tui_trainer.runs.states import ALIVE
from tui_trainer.runs.store import Store
from tui_trainer.runs.summary import summarize

AT_LEAST = 2
"""Runs that train side by side on any machine: comparing two while they train is what people come for."""

MOST_ON_A_GPU = 4
"""Small networks leave most of a GPU idle, and more of them than this wait for each other."""

CONTEXT_BYTES = 600 << 20
"""What PyTorch takes for a process, on a GPU as in main memory, whatever that trains."""


@dataclass(frozen=True)
class Job:
    """A run that is to be trained: a new one, or the one in `folder`, which has ended and goes on."""

    experiment: Experiment
    origin: Origin = NOWHERE
    folder: RunFolder | None = None
    more_epochs: int = 0  # than planned


@dataclass(frozen=True)
class _Needs:
    """What a run takes while it trains."""

    threads: int = 1
    devices: tuple[str, ...] = ()  # on which it may train; empty: it is not known, or fixed
    bytes: int = 0
    free: dict[str, int] = field(default_factory=dict)  # bytes on each device, when it was asked

    @property
    def on_gpus(self) -> bool:
        return bool(self.devices) and self.devices != ("cpu",)


@dataclass(frozen=True)
class _Training:
    """A run that was handed to a worker."""

    folder: RunFolder
    needs: _Needs
    device: str


class RunQueue:
    """Hands runs to workers in the order in which they were added, when there is room.

    A run that begins from the weights of another arm of its comparison waits until that is finished, and lets those
    behind it go first.

    `train`, which blocks, gives a job's folder to a worker that trains it on the named device (empty: on what its
    experiment says) and has its lock when that returns. `describe` says what an experiment takes; without it a run
    counts as one thread. `failed` is told of a job that came to nothing before `train` was called, such as one whose
    arm to begin from did not finish.

    `pump` blocks and is for one thread; the rest may be called from any.
    """

    def __init__(
        self,
        train: Callable[[Job, RunFolder, str], None],
        store: Store,
        describe: Callable[[Experiment], Description | None] | None = None,
        failed: Callable[[Job, str], None] | None = None,
        cores: int | None = None,
    ) -> None:
        self._train = train
        self._store = store
        self._describe = describe
        self._failed = failed
        self._cores = cores or _cores()
        self._changing = threading.Lock()
        self._waiting: list[Job] = []
        self._training: list[_Training] = []
        self._needs: dict[str, _Needs] = {}  # by what an experiment says, its seed aside
        self._sources: dict[Place, RunFolder] = {}  # runs that others begin from, where they have been found

    @property
    def jobs(self) -> Sequence[Job]:
        """What waits, in its order."""
        with self._changing:
            return tuple(self._waiting)

    def add(self, job: Job) -> None:
        with self._changing:
            self._waiting.append(job)

    def cancel(self, job: Job) -> bool:
        """Does not train it; whether it was still waiting."""
        with self._changing:
            there = job in self._waiting
            if there:
                self._waiting.remove(job)
            return there

    def at_once(self, experiment: Experiment) -> int:
        """How many runs of this experiment would train side by side here."""
        return self._capacity(self._needs_of(experiment))

    def pump(self) -> list[RunFolder]:
        """Starts the runs that there is room for, and returns their folders."""
        started: list[RunFolder] = []
        while jobs := self._ready():
            job = jobs[0]
            needs = self._needs_of(job.experiment)
            if not started and len(jobs) > 1:
                self._needs_of(jobs[1].experiment)  # before the worker that can tell trains: two are to begin together
            self._training = [it for it in self._training if it.folder.lock_state().held]
            device = self._device_for(needs)
            if device is None:
                break
            if self.cancel(job) and (folder := self._start(job, needs, device)):
                started.append(folder)
        return started

    def _start(self, job: Job, needs: _Needs, device: str) -> RunFolder | None:
        try:
            folder = job.folder or self._store.create(job.experiment, job.origin)
        except OSError as error:
            if self._failed:
                self._failed(job, f"the run's folder cannot be made: {error}")
            return None
        self._train(job, folder, device)
        self._training.append(_Training(folder, needs, device))
        return folder

    # Beginning from another arm

    def _ready(self) -> list[Job]:
        """What waits for nothing but room; a job that waits in vain is given up."""
        ready = []
        for job in self.jobs:
            source = _source(job)
            state = self._state_of(source) if source else "finished"
            if state == "finished":
                ready.append(job)
            elif state not in ALIVE and self.cancel(job) and self._failed:
                what = f"did not finish ({state})" if state else "was never trained"
                self._failed(job, f"the arm {job.experiment.warm_start.arm!r}, whose weights it begins from, {what}")
        return ready

    def _state_of(self, place: Place) -> str:
        """The state of the run at a place in a comparison; empty if there is none."""
        if any(Place(it.origin.comparison, it.origin.arm, it.origin.repeat) == place for it in self.jobs):
            return "starting"
        if place not in self._sources:
            for folder in self._store.runs_of(place.comparison):
                origin = folder.origin().within(place.comparison)
                self._sources[Place(place.comparison, origin.arm, origin.repeat)] = folder
        return summarize(self._sources[place]).state if place in self._sources else ""

    # Room

    def _needs_of(self, experiment: Experiment) -> _Needs:
        """What its runs need, whatever their seed."""
        bare = experiment.model_copy(update={"seed": 0, "name": "", "about": "", "teaches": ""})
        key = bare.model_dump_json()
        if key not in self._needs:
            try:
                said = self._describe(experiment) if self._describe else None
            except (ExperimentError, WorkerError):
                said = None  # whoever trains it is told why it cannot be
            if said is None:
                return _Needs()
            devices = said.devices if experiment.device == "auto" else (said.device,)
            self._needs[key] = _Needs(said.threads or 1, devices, said.bytes.get("total", 0), dict(said.free))
        return self._needs[key]

    def _capacity(self, needs: _Needs) -> int:
        if needs.on_gpus:
            return len(needs.devices) * self._on_each_gpu(needs)
        by_memory = needs.free.get("cpu", math.inf) / (needs.bytes + CONTEXT_BYTES)
        return max(AT_LEAST, int(min(self._cores // needs.threads, by_memory)))

    def _on_each_gpu(self, needs: _Needs) -> int:
        return max(AT_LEAST, min(MOST_ON_A_GPU, self._cores // len(needs.devices)))

    def _device_for(self, needs: _Needs) -> str | None:
        """Where there is room: of several GPUs, that on which fewest of these runs train; of equals, the first.

        Empty for the CPU, or where the experiment's own device holds; None if there is no room.
        """
        devices = needs.devices if needs.on_gpus else ("",)
        roomy = [device for device in devices if self._has_room(needs, device)]
        return min(roomy, key=lambda device: len(self._on(device)), default=None)

    def _has_room(self, needs: _Needs, device: str) -> bool:
        there = self._on(device)
        if len(there) < (1 if needs.on_gpus else AT_LEAST):
            return True
        if sum(it.bytes + CONTEXT_BYTES for it in [*there, needs]) > needs.free.get(device or "cpu", math.inf):
            return False
        if needs.on_gpus:
            return len(there) < self._on_each_gpu(needs)
        return sum(it.needs.threads for it in self._training) + needs.threads <= self._cores

    def _on(self, device: str) -> list[_Needs]:
        """What the runs need that train there."""
        return [it.needs for it in self._training if it.device == device]


def _source(job: Job) -> Place | None:
    """The place of the run whose weights a new one begins from, if that is another arm of its comparison."""
    arm, origin = job.experiment.warm_start.arm, job.origin
    return Place(origin.comparison, arm, origin.repeat) if arm and origin.comparison and job.folder is None else None


def _cores() -> int:
    """The cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS
        return os.cpu_count() or 1
