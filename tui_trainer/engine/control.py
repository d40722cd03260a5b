"""What the main thread of a worker says to its training thread."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Command:
    """A command from the mailbox. What it says is checked where it is obeyed."""

    name: str
    fields: dict[str, Any]
    answer: dict[str, Any]  # goes into the event that answers it


class Control:
    """The training thread reads one attribute an update, `attention`, and looks further only where that is set."""

    def __init__(self) -> None:
        self.attention = False
        self.interruption = ""  # why training must end at once; empty if it must not
        self._commands: deque[Command] = deque()
        self._bell = threading.Event()

    def send(self, command: Command) -> None:
        self._commands.append(command)
        self.ring()

    def interrupt(self, reason: str) -> None:
        """Ends training with a checkpoint, as fast as can be."""
        self.interruption = self.interruption or reason
        self.ring()

    def tick(self) -> None:
        """20 times a second: what has been recorded shall be written."""
        self.attention = True

    def ring(self) -> None:
        """Wakes the training thread if it waits."""
        self.attention = True
        self._bell.set()

    def take(self) -> list[Command]:
        """The commands that have come since the last look."""
        commands = []
        while self._commands:
            commands.append(self._commands.popleft())
        return commands

    def wait(self, seconds: float) -> None:
        """Waits so long, unless something comes."""
        self._bell.wait(min(seconds, threading.TIMEOUT_MAX))
        self._bell.clear()
