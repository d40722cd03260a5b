"""Whether the next update may begin: not while a run is paused, and not before its pace allows it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Pause:
    """A pause that was asked for: when it begins, and the command that it answers.

    One that is `brief` comes after a single update: no checkpoint is made, and further commands wait for it.
    """

    due: Callable[[], bool]
    answer: dict[str, Any]
    brief: bool


class Gate:
    """Stands before every update."""

    def __init__(self) -> None:
        self.paused = False
        self._pause: Pause | None = None
        self._next = 0.0  # when the pace allows an update

    @property
    def is_watched(self) -> bool:
        """Whether a pause is to come, so that the gate must be asked before every update."""
        return self._pause is not None

    @property
    def lets_one_pass(self) -> bool:
        """Whether a single update is under way, which what comes next waits for."""
        return self._pause is not None and self._pause.brief

    def pause_at(self, due: Callable[[], bool], answer: dict[str, Any], *, brief: bool = False) -> None:
        """Asks for a pause before the first update at which `due` says so."""
        self._pause = Pause(due, answer, brief)

    def due_pause(self) -> Pause | None:
        """The pause that was asked for, if it is time."""
        return self._pause if self._pause and self._pause.due() else None

    def close(self) -> None:
        """Begins a pause, and forgets one that was asked for."""
        self.paused, self._pause = True, None

    def open(self) -> None:
        """Ends the pause, and forgets one that was asked for."""
        self.paused, self._pause = False, None

    def hurry(self) -> None:
        """Lets the next update begin at once, whatever the pace."""
        self._next = 0.0

    def seconds_closed(self) -> float:
        """How long to wait; infinite while paused."""
        return math.inf if self.paused else self._next - time.monotonic()

    def passed(self, updates_per_second: float) -> None:
        """An update begins; the next one may when the pace allows it."""
        self._next = max(self._next + 1 / updates_per_second, time.monotonic())
