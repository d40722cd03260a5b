"""The worker that stands ready, and the runs that were given to it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs import mailbox
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.mailbox import NoWorker
from tui_trainer.runs.problems import WorkerError
from tui_trainer.ui.laboratory.sizes import Described

if TYPE_CHECKING:
    from tui_trainer.runs.baselines import Baselines
    from tui_trainer.runs.data_look import DataLook
    from tui_trainer.runs.description import Description
    from tui_trainer.runs.progress import Told
    from tui_trainer.runs.score import TestScore


class Worker(Protocol):
    """What is needed of a warm worker; its methods block. Given a run, it has another worker stand ready."""

    def keep(self, count: int) -> None:
        """Has so many stand by. Raises WorkerError."""

    def describe(self, mapping: Mapping[str, Any], /) -> Description:
        """Raises ExperimentError, or WorkerError if there is no answer."""

    def look(self, mapping: Mapping[str, Any], page: int = 0, /) -> DataLook:
        """Raises ExperimentError, or WorkerError if there is no answer."""

    def baselines(self, mapping: Mapping[str, Any], progress: Told, /) -> Baselines:
        """Raises ExperimentError, or WorkerError if there is no answer."""

    def fetch(self, mapping: Mapping[str, Any], progress: Told, /) -> None:
        """Raises ExperimentError, or WorkerError if there is no answer."""

    def score(self, folder: RunFolder, /) -> TestScore:
        """Raises ExperimentError, or WorkerError if there is no answer."""

    def run(self, folder: RunFolder, detached: bool = False, extend: int = 0, device: str = "") -> int:
        """Raises ExperimentError, or WorkerError if it does not start."""

    def close(self) -> None: ...


class OwnRuns:
    """Runs that were started by this program; they end with it, unless they are told to go on.

    `make_worker` raises OSError if there can be none. Those that need a worker block: they are for threads.
    """

    def __init__(self, make_worker: Callable[[], Worker]) -> None:
        self._make_worker = make_worker
        self._worker: Worker | None = None
        self._starting = threading.Lock()
        self._folders: dict[str, RunFolder] = {}
        self._names: dict[str, str] = {}

    def warm_up(self) -> None:
        """Start the worker, unless it has been. Raises WorkerError."""
        with self._starting:
            if self._worker is None:
                try:
                    self._worker = self._make_worker()
                except OSError as error:
                    raise WorkerError(f"no worker can be started: {error.strerror or error}") from None

    def keep(self, count: int) -> None:
        """Have so many workers stand by; where there can be none, that is said when one is needed."""
        with contextlib.suppress(WorkerError):
            self.warm_up()
            assert self._worker is not None
            self._worker.keep(count)

    def describe(self, experiment: Experiment, mapping: Mapping[str, Any]) -> Described:
        """What the worker says about an experiment."""
        try:
            self.warm_up()
            assert self._worker is not None
            return Described(experiment, self._worker.describe(mapping))
        except ExperimentError as error:
            problems = tuple((it.path, it.message) for it in error.problems)
            return Described(experiment, None, problems, refused=True)
        except WorkerError as error:
            return Described(experiment, None, (("", str(error)),))

    def look(self, mapping: Mapping[str, Any], page: int = 0) -> DataLook:
        """What the worker sees in the data, with a page of its samples. Raises ExperimentError or WorkerError."""
        self.warm_up()
        assert self._worker is not None
        return self._worker.look(mapping, page)

    def make_another(self) -> Worker:
        """A worker for work of its own. Raises OSError if there can be none."""
        return self._make_worker()

    def description(self, experiment: Experiment) -> Description | None:
        """What the worker says about an experiment that it can build. Raises WorkerError."""
        return self.describe(experiment, to_mapping(experiment)).description

    def train(self, folder: RunFolder, more_epochs: int = 0, device: str = "") -> None:
        """Have a run trained, on `device` if its experiment leaves that open. Raises ExperimentError or WorkerError."""
        self.warm_up()
        assert self._worker is not None
        self._names[folder.id] = folder.experiment().name or folder.id
        self._folders[folder.id] = folder
        self._worker.run(folder, extend=more_epochs, device=device)

    def __contains__(self, run_id: object) -> bool:
        return run_id in self._folders

    def alive(self) -> list[RunFolder]:
        """Those that have a worker now."""
        folders = list(self._folders.values())  # at once: a thread may be adding one
        return [folder for folder in folders if folder.lock_state().held]

    def names(self, without: str) -> tuple[str, ...]:
        """The names of those that have a worker now, but for the run with the id `without`."""
        return tuple(self._names[folder.id] for folder in self.alive() if folder.id != without)

    def tell(self, command: str) -> None:
        """Send a command to all that are alive. Quick enough for the event loop."""
        for folder in self.alive():
            with contextlib.suppress(NoWorker, OSError):
                mailbox.send(folder, command)

    def close(self) -> None:
        """End the worker that stands ready; those that train go on."""
        if self._worker is not None:
            self._worker.close()
