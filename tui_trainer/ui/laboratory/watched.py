"""The run that is looked at: followed, commanded, and asked what became of each command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from tui_trainer.experiment.diff import diff
from tui_trainer.experiment.fields import PICKS
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs import mailbox
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.mailbox import NoWorker
from tui_trainer.runs.records import Change, RunView
from tui_trainer.ui.laboratory.background import Lane, Newest, Post
from tui_trainer.ui.laboratory.draft import Edit, effective, live_fields, value_of

if TYPE_CHECKING:
    from tui_trainer.runs.follow import Follower

Severity = Literal["information", "warning", "error"]
Say = Callable[[str, Severity], None]

_CHANGING = live_fields() | {"training.epochs"}  # which grow where a run is extended
FRAME = 0.2
"""Seconds between two views of a run that are handed to the screen."""


@dataclass(frozen=True)
class Pending:
    """A live change that the run has not confirmed yet; the command's id is known once it was sent."""

    path: str
    value: Any
    id: str | None = None


class Watched:
    """One run, from the moment it is asked for.

    `changed` is called, on the event loop, when there is something new to draw; `say` when a person should read
    something. Commands are sent from `lane`.
    """

    def __init__(self, view: RunView | None, *, lane: Lane, post: Post, changed: Callable[[], None], say: Say) -> None:
        self.view = view
        self.folder: RunFolder | None = None
        self.pending: Mapping[str, Pending] = {}  # by path
        self.refused: Mapping[str, str] = {}  # path -> why the run did not take the last change
        self._lane = lane
        self._post = post
        self._changed = changed
        self._say = say
        self._sent: dict[str, str] = {}  # id -> command
        self._follower: Follower | None = None
        self._views: Newest[RunView] = Newest(
            "views", lambda view: self._post(partial(self._take, view)), self._tell, rest=FRAME
        )
        self._left = False
        self._seen_changes: tuple[Change, ...] = ()

    # What it is

    @property
    def alive(self) -> bool:
        """Whether it has a worker, or is about to."""
        return self.view is not None and self.view.alive

    @property
    def has_curves(self) -> bool:
        return self.view is not None and bool(self.view.evaluations or len(self.view.train_loss))

    @property
    def cut_off(self) -> bool:
        """Whether it ended before its time and can be taken up again."""
        ended_early = ("stopped", "interrupted", "died")
        return self.view is not None and self.view.state in ended_early and bool(self.view.checkpoints)

    def differing(self, experiment: Experiment) -> frozenset[str]:
        """The paths at which it is a run of another experiment, once the changes on their way have arrived."""
        if self.view is None or self.view.present is None:
            return frozenset()
        found = diff(effective(self.view.present), effective(experiment))
        return frozenset(it.path for it in found if not self._on_its_way(it.path))

    def changed_elsewhere(self, draft: Experiment) -> list[Edit]:
        """What was changed in the run since this was asked last, where `draft` still has the value of before."""
        view, seen = self.view, self._seen_changes
        if view is None or view.present is None:
            return []
        self._seen_changes = view.changes
        if view.experiment is None or draft.name != view.experiment.name or view.changes[: len(seen)] != seen:
            return []
        values: dict[str, Any] = {}
        for change in view.changes[len(seen) :]:
            path = change.path
            if path in _CHANGING and not self._on_its_way(path) and _same_choice(path, view.present, draft):
                before = values.get(path, value_of(draft, path))
                values[path] = change.new if before == change.old else before
        return [Edit(path, value) for path, value in values.items() if value != value_of(draft, path)]

    def _on_its_way(self, path: str) -> bool:
        return any(pending == path or pending.startswith(f"{path}.") for pending in self.pending)

    # Following

    def follow(self, folder: RunFolder) -> None:
        """Follow the run in `folder` from now on."""
        from tui_trainer.runs.follow import Follower  # after the first paint

        self.folder = folder
        if not self._left:
            self._follower = Follower(folder, self._views.give)

    def leave(self) -> None:
        """Follow it no more."""
        self._left = True
        self._views.stop()
        if self._follower is not None:
            self._follower.stop()

    def could_not_start(self, why: str) -> None:
        """It has no worker, and will have none."""
        if self.view is not None and self.view.state == "starting" and not self._left:
            self.leave()
            self.view = replace(self.view, state="failed", reason=why)
            self._changed()

    def _take(self, view: RunView) -> None:
        if not self._left:
            self.view = view
            self._settle()
            self._changed()

    # Commands, and what became of them

    def command(self, command: str, waiting: Pending | None = None, **fields: Any) -> None:
        """Send a command; `waiting` is the change that it asks for."""
        if not self.alive:
            self._say("space starts a run first", "information")
            return
        if waiting is not None:
            self.pending = {**self.pending, waiting.path: waiting}

        def job() -> None:
            identity = ""
            folder = self.folder  # not before: a run that is about to start has none yet
            try:
                if folder is not None:
                    identity = mailbox.send(folder, command, **fields)
            except NoWorker:
                self._tell(f"{command}: the run has no worker")
            except OSError as error:
                self._tell(f"{command}: the run's mailbox cannot be written: {error}")
            self._post(partial(self._take_sent, identity, command, waiting))

        self._lane.do(job)

    def pass_on(self, before: Experiment, now: Experiment) -> None:
        """Make those of the differences between two drafts that this run can make while it trains."""
        for difference in diff(effective(before), effective(now)):
            if self._can_make(difference.path, now):
                value = value_of(now, difference.path)
                self.command("set", Pending(difference.path, value), path=difference.path, value=value)

    def kill(self) -> None:
        """End the process of a run that does not listen any more."""
        folder = self.folder

        def job() -> None:
            try:
                if folder is not None:
                    mailbox.kill(folder)
            except (NoWorker, OSError) as error:
                self._tell(f"stop: {error}")

        self._lane.do(job)

    def _can_make(self, path: str, experiment: Experiment) -> bool:
        present = self.view.present if self.view is not None else None
        if not self.alive or present is None or path not in live_fields():
            return False
        return _same_choice(path, present, experiment)

    def _take_sent(self, identity: str, command: str, waiting: Pending | None) -> None:
        """A command was sent; it has no identity if it could not be."""
        if identity:
            self._sent[identity] = command
        if waiting is not None and self.pending.get(waiting.path) is waiting:
            others = {path: it for path, it in self.pending.items() if it is not waiting}
            self.pending = {**others, waiting.path: replace(waiting, id=identity)} if identity else others
        self._settle()  # the answer may have come before
        self._changed()

    def _settle(self) -> None:
        """Strike out what the run has answered, and say what it refused."""
        view = self.view
        if view is None:
            return
        for path, waiting in list(self.pending.items()):
            if waiting.id in view.acknowledged or view.ended:
                self.pending = {other: it for other, it in self.pending.items() if other != path}
                if why := view.refusals.get(waiting.id or ""):
                    self.refused = {**self.refused, path: why}
        for identity in [it for it in self._sent if it in view.acknowledged]:
            command = self._sent.pop(identity)
            if identity in view.refusals:
                self._say(f"{command}: {view.refusals[identity]}", "warning")

    def _tell(self, text: str) -> None:
        """Say something from a thread."""
        self._post(partial(self._say, text, "warning"))


def _same_choice(path: str, a: Experiment, b: Experiment) -> bool:
    """Whether the field at `path` belongs to the same choice in both."""
    top = path.partition(".")[0]
    return top not in PICKS or getattr(a, top).kind == getattr(b, top).kind
