"""A dashboard for tests: its workers are make-believe, its runs are written by the test."""

from __future__ import annotations

import itertools
import math
import os
import queue
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from textual.app import App
from textual.events import Paste
from textual.pilot import Pilot

from tests import looks
from tests.recorded import TRAIN_SAMPLES, VALIDATION_SAMPLES, Recording
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.baselines import Baselines
from tui_trainer.runs.data_look import DataLook
from tui_trainer.runs.description import Description
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.origin import NOWHERE, Origin
from tui_trainer.runs.progress import Progress, Told
from tui_trainer.runs.store import Store
from tui_trainer.ui.app import Opening, TrainerApp
from tui_trainer.ui.laboratory.laboratory import Aspect, Laboratory
from tui_trainer.ui.laboratory.watched import Severity

DEADLINE = 10.0
MAPPING: dict[str, Any] = {
    "name": "digits-mlp",
    "model": {"kind": "mlp", "hidden": [100, 100]},
    "optimizer": {"kind": "sgd", "lr": 0.1},
    "training": {"batch_size": 32, "epochs": 30},
}


class FakeWorker:
    """Describes by plain arithmetic; a run that it is given waits for the test to write its log."""

    def __init__(self) -> None:
        self.described: list[Mapping[str, Any]] = []
        self.recordings: list[Recording] = []
        self.extended: list[int] = []
        self.problems: list[Problem] = []
        self.start_problem = ""
        self.kept: list[int] = []  # how many were to stand by, each time that was said
        self.may_start = threading.Event()  # cleared: a run that it is given waits before it begins
        self.may_start.set()
        self.closed = False
        self.data = looks.images()  # what a look at any data says
        self.pages: list[dict[str, Any]] = []  # the same for each page of samples, if there are several
        self.no_baselines = ""  # why there are none
        self.may_answer = threading.Event()  # cleared: what takes its time goes on until it is set
        self.may_answer.set()
        self.fetched: list[Mapping[str, Any]] = []

    def keep(self, count: int) -> None:
        self.kept.append(count)

    def describe(self, mapping: Mapping[str, Any], /) -> Description:
        self.described.append(mapping)
        if self.problems:
            raise ExperimentError(self.problems)
        experiment = parse(mapping)
        sizes = [64, *getattr(experiment.model, "hidden", ()), 10]
        parameters = sum((a + 1) * b for a, b in itertools.pairwise(sizes))
        updates = math.ceil(TRAIN_SAMPLES / experiment.training.batch_size)
        return Description(
            parameters=parameters,
            samples={"train": TRAIN_SAMPLES, "validation": VALIDATION_SAMPLES, "available": TRAIN_SAMPLES},
            classes=tuple("0123456789"),
            task="classification",
            shape=(1, 8, 8),
            updates_per_epoch=updates,
            planned_steps=updates * experiment.training.epochs,
            bytes={"total": 12 * parameters},
            device="cpu",
        )

    def look(self, mapping: Mapping[str, Any], page: int = 0, /) -> DataLook:
        if self.problems:
            raise ExperimentError(self.problems)
        return DataLook.read(self.pages[page % len(self.pages)] if self.pages else self.data)

    def baselines(self, mapping: Mapping[str, Any], progress: Told, /) -> Baselines:
        progress(Progress("random forest: 40 of 100 trees", 0.5, 1))
        assert self.may_answer.wait(DEADLINE)
        if self.no_baselines:
            raise ExperimentError([Problem("", self.no_baselines)])
        return Baselines.read(looks.baselines())

    def fetch(self, mapping: Mapping[str, Any], progress: Told, /) -> None:
        progress(Progress("mnist", 5_000_000, 11_000_000))
        assert self.may_answer.wait(DEADLINE)
        self.fetched.append(mapping)

    def run(self, folder: RunFolder, detached: bool = False, extend: int = 0, device: str = "") -> int:
        if self.start_problem:
            raise ExperimentError([Problem("", self.start_problem)])
        assert self.may_start.wait(DEADLINE)
        self.extended.append(extend)
        self.recordings.append(_LockedFirst(_Given(folder), folder.experiment()))
        return os.getpid()

    def close(self) -> None:
        self.closed = True
        for recording in self.recordings:
            recording.release_lock()


class Another:
    """A worker for work of its own: answers as another one does, and can be closed without it."""

    def __init__(self, worker: FakeWorker) -> None:
        self._worker = worker
        self.closed = False

    def close(self) -> None:
        self.closed = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._worker, name)


class _LockedFirst(Recording):
    """As a worker does, it takes the lock before it writes a word: a run without a lock has died."""

    def _start(self, fields: dict[str, Any]) -> None:
        self.hold_lock()
        super()._start(fields)


class _Given(Store):
    """Stands for a store that makes a folder which is there already."""

    def __init__(self, folder: RunFolder) -> None:
        super().__init__(folder.path.parent.parent)
        self._folder = folder

    def create(self, experiment: Experiment, origin: Origin = NOWHERE) -> RunFolder:
        return self._folder


class Bench:
    """A laboratory without a screen: what it posts is done when the test waits."""

    def __init__(self, home: Path, mapping: Mapping[str, Any] | None = None) -> None:
        self.store = Store(home)
        self.worker = FakeWorker()
        self.changed: list[Aspect] = []
        self.said: list[str] = []
        self._posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.laboratory = Laboratory(
            self.store,
            mapping or MAPPING,
            post=self._posted.put,
            changed=self.changed.append,
            say=self._say,
            make_worker=lambda: self.worker,
        )

    def _say(self, text: str, severity: Severity) -> None:
        self.said.append(text)

    def close(self) -> None:
        """End what goes on in the background: it would take its time from the tests that follow."""
        self.worker.may_start.set()
        self.laboratory.close()

    def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Do what is posted until `condition` holds."""
        deadline = time.monotonic() + DEADLINE
        while not condition():
            try:
                self._posted.get(timeout=0.02)()
            except queue.Empty:
                assert time.monotonic() < deadline, f"still waiting for {what or condition}\n{self._told()}"

    def _told(self) -> str:
        """What it would show, for a test that waits in vain."""
        comparing = self.laboratory.comparing
        runs = comparing.views if comparing else [self.laboratory.view]
        states = [f"{run.name}: {run.state} {run.reason}" for run in runs if run]
        threads = sorted(thread.name for thread in threading.enumerate())
        return f"runs: {states}\nsaid: {self.said}\nthreads: {threads}"

    @property
    def recording(self) -> Recording:
        """The run that was started last."""
        return self.worker.recordings[-1]

    def start(self, epochs: int = 0) -> Recording:
        """Start a run, and train so many epochs of it."""
        runs = len(self.worker.recordings)
        self.laboratory.start()
        self.until(lambda: len(self.worker.recordings) > runs, "a run")
        self.recording.train(epochs)
        self.until(lambda: self.laboratory.view and self.laboratory.view.epoch >= epochs, f"epoch {epochs}")
        self.until(lambda: self.laboratory.view and self.laboratory.view.state == "running", "running")
        return self.recording


class FakeApp(TrainerApp):
    """The dashboard over a fake worker."""

    def __init__(
        self,
        home: Path,
        mapping: Mapping[str, Any] | None = None,
        read: Callable[[], Opening] | None = None,
        **arguments: Any,
    ) -> None:
        self.worker = FakeWorker()
        self.made = 0
        super().__init__(
            home, read or (lambda: Opening(parse(mapping or MAPPING))), make_worker=self._a_worker, **arguments
        )

    def _a_worker(self) -> Any:
        """The first one stands by, further ones work aside."""
        self.made += 1
        return self.worker if self.made == 1 else Another(self.worker)

    def on_unmount(self) -> None:
        """End what goes on in the background: Pilot waits at every key until the process rests."""
        if self.opened:
            self.laboratory.close()

    @property
    def recording(self) -> Recording:
        return self.worker.recordings[-1]


async def until(pilot: Pilot[Any], condition: Callable[[], object], what: str = "") -> None:
    """Let the app go on until `condition` holds."""
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, f"still waiting for {what or condition}:\n{screen_text(pilot.app)}"
        await pilot.pause(0.02)


async def ready(pilot: Pilot[Any]) -> None:
    """Wait until the dashboard is complete and its worker has described the draft."""
    app = pilot.app
    assert isinstance(app, FakeApp)
    await until(pilot, lambda: app.query("#results") and app.laboratory.described is not None, "a complete dashboard")


async def paste(pilot: Pilot[Any], text: str) -> None:
    """Paste into what has the focus: as many keys would take their time each."""
    pilot.app.post_message(Paste(text))
    await pilot.pause()


def said(app: App[Any]) -> str:
    """What has been said in short messages."""
    return "\n".join(notice.message for notice in app._notifications)


def screen_text(app: App[Any]) -> str:
    """What is on the screen, as plain text."""
    width, _ = app.size
    lines = app.screen._compositor.render_strips() if app.screen.is_attached else []
    return "\n".join(strip.text[:width].rstrip() for strip in lines)
