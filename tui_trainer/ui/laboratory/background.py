"""Work off the event loop, on daemon threads: neither the screen nor the end of the program waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")

Post = Callable[[Callable[[], None]], None]
"""Has a function called on the event loop, soon; may be called from any thread."""


class Lane:
    """Jobs that are done one after another."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def do(self, job: Callable[[], None]) -> None:
        """Have `job`, which must not raise, done after those before it."""
        self._jobs.put(job)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            self._jobs.get()()


class Newest(Generic[T]):
    """Hands over the newest of the values that it is given; those that come too fast are passed over.

    A value waits `settle` seconds for newer ones before it is handed over, and the next one `rest` seconds after it.
    """

    def __init__(self, name: str, take: Callable[[T], None], *, settle: float = 0.0, rest: float = 0.0) -> None:
        self._name = name
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
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._stopped)
                while not self._stopped and self._settle and self._changed.wait(self._settle):
                    pass
                if self._stopped:
                    return
                value = self._waiting.pop()
            self._take(value)
            if self._rest:
                with self._changed:
                    self._changed.wait_for(lambda: self._stopped, self._rest)
