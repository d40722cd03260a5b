"""Commands to runs, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from tui_trainer.runs import mailbox
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.mailbox import NoWorker
from tui_trainer.runs.records import RunView
from tui_trainer.ui.laboratory.background import Lane, Post
from tui_trainer.ui.laboratory.watched import Say


class Commands:
    """Sends commands from `lane`, and says what could not be sent and what was refused."""

    def __init__(self, lane: Lane, post: Post, say: Say) -> None:
        self._lane = lane
        self._post = post
        self._say = say
        self._sent: dict[str, str] = {}  # id -> command, until it is answered

    def send(self, folder: RunFolder, command: str, **fields: Any) -> None:
        """Leave a command for a run's worker."""

        def job() -> None:
            try:
                identity = mailbox.send(folder, command, **fields)
            except NoWorker:
                self._post(partial(self._say, f"{command}: the run has no worker", "warning"))
            except OSError as error:
                self._post(partial(self._say, f"{command}: the run's mailbox cannot be written: {error}", "warning"))
            else:
                self._post(partial(self._sent.__setitem__, identity, command))

        self._lane.do(job)

    def kill(self, folders: Iterable[RunFolder]) -> None:
        """End the workers of runs that do not listen any more."""

        def job(folder: RunFolder) -> None:
            try:
                mailbox.kill(folder)
            except (NoWorker, OSError) as error:
                self._post(partial(self._say, f"stop: {error}", "warning"))

        for folder in folders:
            self._lane.do(partial(job, folder))

    def settle(self, view: RunView) -> None:
        """Say what a run has refused."""
        for identity in [it for it in self._sent if it in view.acknowledged]:
            command = self._sent.pop(identity)
            if identity in view.refusals:
                self._say(f"{view.name}: {command}: {view.refusals[identity]}", "warning")
