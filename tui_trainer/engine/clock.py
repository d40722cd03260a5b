"""A stopwatch for training: evaluations, checkpoints and pauses do not count."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Seconds of training so far."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds
        self._since: float | None = None

    def start(self) -> None:
        if self._since is None:
            self._since = time.perf_counter()

    def stop(self) -> None:
        self._seconds, self._since = self.read(), None

    def read(self) -> float:
        return self._seconds + (time.perf_counter() - self._since if self._since is not None else 0.0)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Stands still inside, then goes on if it ran before."""
        running = self._since is not None
        self.stop()
        try:
            yield
        finally:
            if running:
                self.start()
