"""The mailbox of a run: commands to its worker."""

from __future__ import annotations

import os
import secrets
import signal
from pathlib import Path
from typing import Any

from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.lines import LineReader, LineWriter

COMMANDS = ("pause", "resume", "step", "epoch", "stop", "set", "extend", "detach", "checkpoint")


_LONGEST_WORD = 2000
"""Characters in an id, a command's name or a path: what answers a command repeats them."""


class NoWorker(Exception):
    """A command to a run that nobody trains."""

    def __init__(self, folder: RunFolder) -> None:
        super().__init__("this run has no worker")
        self.folder = folder


def send(folder: RunFolder, command: str, **fields: Any) -> str:
    """Leaves a command for the run's worker and returns its id, which the event that answers it repeats.

    `set` takes path and value, `extend` epochs. Raises NoWorker if there is none, OSError if the disk takes no more.
    """
    if command not in COMMANDS:
        raise ValueError(f"{command!r} is no command (one of {', '.join(COMMANDS)})")
    if not folder.lock_state().held:
        raise NoWorker(folder)
    identity = secrets.token_hex(6)
    writer = LineWriter(folder.mailbox_file)
    try:
        writer.write({"id": identity, "command": command, **fields})
    finally:
        writer.close()
    return identity


def kill(folder: RunFolder) -> int:
    """Ends the run's worker at once, where it does not listen any more, and returns its pid.

    Raises NoWorker if there is none, or none that can be seen from here.
    """
    pid = folder.lock_state().pid
    if not pid or pid == os.getpid():
        raise NoWorker(folder)
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        raise NoWorker(folder) from None
    return pid


class MailboxReader:
    """The worker's side: reads the commands that have come since the last look, from `offset` on."""

    def __init__(self, path: Path, offset: int = 0) -> None:
        self._lines = LineReader(path, offset)

    def read_new(self) -> list[tuple[dict[str, Any], int]]:
        """The new commands, each with the offset behind it. What is no command is left out."""
        return [(record, end) for record, end in self._lines.read_new() if _is_command(record)]


def _is_command(record: dict[str, Any]) -> bool:
    # A name that it does not know is for the worker to refuse: somebody waits for the answer.
    identity, name, path = record.get("id"), record.get("command"), record.get("path")
    words = [identity, name, *([path] if isinstance(path, str) else [])]
    return all(isinstance(word, str) and len(word) <= _LONGEST_WORD for word in words)
