"""Work in a worker of its own, so that neither training nor what is asked of the others waits for it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.runs.problems import WorkerError
from tui_trainer.ui.laboratory.background import Post, in_words
from tui_trainer.ui.laboratory.own_runs import Worker

if TYPE_CHECKING:
    from tui_trainer.runs.progress import Progress

T = TypeVar("T")

Problems = tuple[tuple[str, str], ...]
"""Path and message of each."""


class Aside(Generic[T]):
    """At most one piece of work at a time, which says how far it is and can be called off.

    `changed` is called, on the event loop, whenever `progress` has changed.
    """

    def __init__(self, name: str, make_worker: Callable[[], Worker], post: Post, changed: Callable[[], None]) -> None:
        self.progress: Progress | None = None
        self._name = name
        self._make_worker = make_worker
        self._post = post
        self._changed = changed
        self._worker: Worker | None = None
        self._number = 0  # of the work that is under way, or of the last one
        self._under_way = False

    @property
    def under_way(self) -> bool:
        return self._under_way

    def start(
        self,
        work: Callable[[Worker, Callable[[Progress], None]], T],
        done: Callable[[T], None],
        failed: Callable[[Problems], None],
    ) -> None:
        """Have `work` done; `done` or `failed` is called on the event loop, unless it was called off."""
        self.cancel()
        self._number += 1
        self._under_way = True
        arguments = (self._number, work, done, failed)
        threading.Thread(target=self._work, args=arguments, name=self._name, daemon=True).start()
        self._changed()

    def cancel(self) -> bool:
        """Call off what is under way, if anything is."""
        was = self._under_way
        self._number += 1
        self._end()
        if was:
            self._changed()
        return was

    def _end(self) -> None:
        self._under_way, self.progress = False, None
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def _work(
        self,
        number: int,
        work: Callable[[Worker, Callable[[Progress], None]], T],
        done: Callable[[T], None],
        failed: Callable[[Problems], None],
    ) -> None:
        worker = None
        try:
            worker = self._make_worker()
            self._post(partial(self._take_worker, number, worker))
            result = work(worker, lambda progress: self._post(partial(self._take_progress, number, progress)))
        except ExperimentError as error:
            said = tuple((problem.path, problem.message) for problem in error.problems)
            self._post(partial(self._finish, number, partial(failed, said)))
        except (WorkerError, OSError) as error:
            self._post(partial(self._finish, number, partial(failed, (("", str(error)),))))
        except Exception as error:
            self._post(partial(self._finish, number, partial(failed, (("", in_words(error)),))))
        else:
            self._post(partial(self._finish, number, partial(done, result)))
        finally:
            if worker is not None:
                with contextlib.suppress(WorkerError):
                    worker.close()

    def _take_worker(self, number: int, worker: Worker) -> None:
        if number == self._number:
            self._worker = worker
        else:
            worker.close()  # called off before it was there

    def _take_progress(self, number: int, progress: Progress) -> None:
        if number == self._number:
            self.progress = progress
            self._changed()

    def _finish(self, number: int, then: Callable[[], None]) -> None:
        if number == self._number:
            self._end()
            then()
            self._changed()
