"""Workers that stand by: torch imported, so that a question is answered, and a run begins, at once."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self, TypeVar

from tui_trainer.runs.baselines import Baselines
from tui_trainer.runs.data_look import DataLook
from tui_trainer.runs.description import Description
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.problems import WorkerError, WorkerGone
from tui_trainer.runs.progress import Told
from tui_trainer.runs.score import TestScore
from tui_trainer.runs.workers import Worker

_TRIES = 5

Answer = TypeVar("Answer")


class WarmWorker:
    """Keeps one worker ready, or several, and replaces those that were given a run or have crashed."""

    def __init__(self, command: Sequence[str] | None = None) -> None:
        """Starts the first one and does not wait. Raises OSError."""
        self._command = command
        self._exchanging = threading.Lock()
        self._closed = False
        self._wanted = 1
        self._workers = [Worker(command)]

    @property
    def ready(self) -> bool:
        """Whether one that stands by has imported torch."""
        return any(worker.ready and worker.free for worker in self._workers)

    def keep(self, count: int) -> None:
        """Has so many stand by, so that so many runs may begin at once. Raises WorkerError."""
        with self._exchanging:
            self._wanted = max(1, count)
        self._stand_by()

    def describe(self, mapping: Mapping[str, Any]) -> Description:
        """As `Worker.describe`."""
        return self._ask(lambda worker: worker.describe(mapping))

    def look(self, mapping: Mapping[str, Any], page: int = 0) -> DataLook:
        """As `Worker.look`."""
        return self._ask(lambda worker: worker.look(mapping, page))

    def baselines(self, mapping: Mapping[str, Any], progress: Told) -> Baselines:
        """As `Worker.baselines`."""
        return self._ask(lambda worker: worker.baselines(mapping, progress))

    def fetch(self, mapping: Mapping[str, Any], progress: Told) -> None:
        """As `Worker.fetch`."""
        self._ask(lambda worker: worker.fetch(mapping, progress))

    def score(self, folder: RunFolder) -> TestScore:
        """As `Worker.score`."""
        return self._ask(lambda worker: worker.score(folder))

    def run(self, folder: RunFolder, detached: bool = False, extend: int = 0, device: str = "") -> int:
        """As `Worker.run`; another worker is started to stand by."""
        try:
            return self._ask(lambda worker: worker.run(folder, detached, extend, device))
        finally:
            with contextlib.suppress(WorkerError):
                self._stand_by()

    def close(self) -> None:
        """Ends the workers that stand by; those that train go on."""
        with self._exchanging:
            self._closed = True
            for worker in self._workers:
                worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _ask(self, question: Callable[[Worker], Answer]) -> Answer:
        for _ in range(_TRIES - 1):
            # One that crashed while nobody asked, or that another thread was quicker to give a run, is no obstacle.
            with contextlib.suppress(WorkerGone):
                return question(self._stand_by())
        return question(self._stand_by())

    def _stand_by(self) -> Worker:
        """The worker that can answer first; new ones take the places of those that cannot be asked any more."""
        with self._exchanging:
            if self._closed:
                raise WorkerError("there is no worker any more: the program ends")
            free = sorted((worker for worker in self._workers if worker.free), key=lambda worker: not worker.ready)
            self._workers, surplus = free[: self._wanted], free[self._wanted :]
            for worker in surplus:
                worker.dismiss()
            try:
                while len(self._workers) < self._wanted:
                    self._workers.append(Worker(self._command))
            except OSError as error:
                if not self._workers:
                    raise WorkerError(f"no worker can be started: {error.strerror or error}") from None
            return min(self._workers, key=lambda worker: (not worker.ready, worker.asked))
