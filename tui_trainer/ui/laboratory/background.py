"""Work off the event loop, on daemon threads: neither the screen nor the end of the program waits for it."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")

Post = Callable[[Callable[[], None]], None]
"""Has a function called on the event loop, soon; may be called from any thread."""


Failed = Callable[[str], None]
"""Told, on the thread, of an error that no job should have let out; the thread goes on."""


def in_words(error: Exception) -> str:
    """An error that nobody expected, and where it came from, in a line."""
    places = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(places[-1].filename).name}:{places[-1].lineno})" if places else ""
    return f"an error of the program itself: {type(error).__name__}: {error}{where}"


class Lane:
    """Jobs that are done one after another. One that raises what it should not is told of; the next is done."""

    def __init__(self, name: str, failed: Failed) -> None:
        self._name = name
        self._failed = failed
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def do(self, job: Callable[[], None]) -> None:
        """Have `job` done after those before it."""
        self._jobs.put(job)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                job()
            except Exception as error:
                self._failed(in_words(error))


class Newest(Generic[T]):
    """Hands over the newest of the values that it is given; those that come too fast are passed over.

    A value waits `settle` seconds for newer ones before it is handed over, and the next one `rest` seconds after it.
    What `take` should not raise is told of, once until it succeeds again.
    """

    def __init__(
        self, name: str, take: Callable[[T], None], failed: Failed, *, settle: float = 0.0, rest: float = 0.0
    ) -> None:
        self._name = name
        self._failed = failed
        self._take = take
        self._settle = settle
        self._rest = rest
        self._changed = threading.Condition()
        self._waiting: list[T] = []
        self._stopped = False
        self._thread: threading.Thread | None = None

    def give(self, value: T) -> None:
        with self._changed:
            self._waiting = [value]
            self._changed.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Hand over no more."""
        with self._changed:
            self._stopped = True
            self._waiting = []
            self._changed.notify()

    def _work(self) -> None:
        told = ""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._stopped)
                while not self._stopped and self._settle and self._changed.wait(self._settle):
                    pass
                if self._stopped:
                    return
                value = self._waiting.pop()
            try:
                self._take(value)
            except Exception as error:
                told, before = in_words(error), told
                if told != before:
                    self._failed(told)
            else:
                told = ""
            if self._rest:
                with self._changed:
                    self._changed.wait_for(lambda: self._stopped, self._rest)
