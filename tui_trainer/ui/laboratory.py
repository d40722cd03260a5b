"""What the dashboard knows and can do, without any widget.

Screens call its methods on the event loop, and draw the frozen values that it holds when it says that they changed.
All work with files, processes and workers is done on threads of its own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal, Protocol

from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.diff import diff
from tui_trainer.experiment.fields import PICKS
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment, value_at
from tui_trainer.runs import mailbox
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.follow import Follower
from tui_trainer.runs.mailbox import NoWorker
from tui_trainer.runs.records import RunView
from tui_trainer.runs.store import News, Store
from tui_trainer.runs.workers import Description, WorkerError
from tui_trainer.ui.background import Lane, Newest, Post
from tui_trainer.ui.draft import Draft, Edit
from tui_trainer.ui.sizes import Sizes, sizes
from tui_trainer.ui.widgets.fields import live_fields, next_value

Aspect = Literal["draft", "sizes", "run", "ghost", "news"]
Severity = Literal["information", "warning", "error"]

FRAME = 0.2
"""Seconds between two views of a run that are handed to the screen."""

_PACE = "training.pace"


class Worker(Protocol):
    """What the laboratory needs of a warm worker; its methods block."""

    def describe(self, mapping: Mapping[str, Any], /) -> Description:
        """Raises ExperimentError, or WorkerError if there is no answer."""

    def run(self, folder: RunFolder, detached: bool = False, extend: int = 0) -> int:
        """Raises ExperimentError, or WorkerError if it does not start."""

    def close(self) -> None: ...


WorkerMaker = Callable[[], Worker]


@dataclass(frozen=True)
class Pending:
    """A live change that the run has not confirmed yet; the command's id is known once it was sent."""

    path: str
    value: Any
    id: str | None = None


@dataclass(frozen=True)
class Described:
    """What a worker said about an experiment."""

    experiment: Experiment
    description: Description | None = None
    problems: tuple[tuple[str, str], ...] = ()  # path and message


class Laboratory:
    """The draft, the run that is looked at, the one before it, and the worker that stands ready.

    `changed` is told what there is to draw anew, `say` what a person should read; both are called on the event loop.
    """

    def __init__(
        self,
        store: Store,
        mapping: Mapping[str, Any],
        *,
        post: Post,
        changed: Callable[[Aspect], None],
        say: Callable[[str, Severity], None],
        make_worker: WorkerMaker,
    ) -> None:
        """Raises ExperimentError if `mapping` is no experiment."""
        self.store = store
        self.draft = Draft(mapping)
        self.view: RunView | None = None
        self.ghost: RunView | None = None
        self.ghost_shown = True
        self.pending: Mapping[str, Pending] = {}
        self.refused: Mapping[str, str] = {}  # path -> why the run did not take the last change
        self.described: Described | None = None
        self.news = News((), ())
        self.folder: RunFolder | None = None
        self._post = post
        self._changed = changed
        self._say = say
        self._make_worker = make_worker
        self._worker: Worker | None = None
        self._follower: Follower | None = None
        self._views: Newest[RunView] | None = None
        self._adopt = False  # take the experiment of the run that is being opened as the draft
        self._own: dict[str, RunFolder] = {}  # runs that were started here, and end with this program
        self._sent: dict[str, str] = {}  # id -> command
        self._commands = Lane("commands")
        self._questions = Newest("describe", self._describe, settle=0.15)
        self._drafts = Newest("draft", self._save, settle=0.5)

    # What there is to draw

    @property
    def experiment(self) -> Experiment:
        """The draft."""
        return self.draft.experiment

    @property
    def alive(self) -> bool:
        """Whether the run that is looked at has a worker."""
        return self.view is not None and self.view.alive

    @property
    def edited(self) -> bool:
        """Whether a run started now would differ from the one that is looked at."""
        if self.view is None or self.view.present is None:
            return False
        return bool(diff(_plain(self.view.present), _plain(self.experiment)))

    @property
    def resumable(self) -> bool:
        """Whether the run was cut off, can be taken up again, and is what a new run would be."""
        cut_off = self.view is not None and self.view.state in ("interrupted", "died") and bool(self.view.checkpoints)
        return cut_off and not self.edited

    @property
    def problems(self) -> Mapping[str, str]:
        """What is wrong, by path: what a worker found in the draft, and what the run refused."""
        found = dict(self.described.problems) if self.described and self.described.experiment == self.experiment else {}
        return {**found, **self.refused}

    @property
    def sizes(self) -> Sizes:
        """What the settings add up to."""
        described = self.described
        return sizes(self.experiment, described.experiment, described.description) if described else Sizes()

    # The draft

    def begin(self) -> None:
        """Start the warm worker and look for news: after the first paint."""
        self._commands.do(self._warm_up)
        self._commands.do(lambda: self._questions.give((self.experiment, self.draft.mapping)))
        self._commands.do(self._look_for_news)

    def change(self, edit: Edit) -> str:
        """Change the draft, and the run if it can change while training; what is wrong with it, if anything is."""
        before = self.experiment
        try:
            changed = self.draft.edit(edit)
        except ExperimentError as error:
            return "; ".join(problem.message for problem in error.problems)
        self.refused = {path: why for path, why in self.refused.items() if path != edit.path}
        if changed:
            self._after_change(before, live=True)
        return ""

    def undo(self) -> None:
        """Take back the last change, in the run as well if it can change while training."""
        before = self.experiment
        if self.draft.undo():
            self._after_change(before, live=True)
        else:
            self._say("nothing to undo", "information")

    def load(self, experiment: Experiment) -> None:
        """Put an experiment in the draft's place; the run goes on as it is."""
        before = self.experiment
        if self.draft.replace(experiment):
            self._after_change(before, live=False)

    def _after_change(self, before: Experiment, *, live: bool) -> None:
        self._drafts.give(self.draft.mapping)
        self._questions.give((self.experiment, self.draft.mapping))
        if live:
            for difference in diff(_plain(before), _plain(self.experiment)):
                if self._goes_live(difference.path):
                    self._send_change(difference.path, _value(self.experiment, difference.path))
        self._changed("draft")

    def save_draft(self) -> None:
        """Save the draft now: the program ends."""
        with contextlib.suppress(OSError):
            self.store.save_draft(self.draft.mapping)

    def _save(self, mapping: Mapping[str, Any]) -> None:
        try:
            self.store.save_draft(mapping)
        except OSError as error:
            self._tell(f"the draft cannot be saved: {error}", "warning")

    # What only a worker knows

    def _warm_up(self) -> None:
        try:
            self._worker = self._make_worker()
        except OSError as error:
            self._tell(f"no worker can be started: {error}", "error")

    def _describe(self, question: tuple[Experiment, Mapping[str, Any]]) -> None:
        """Ask the worker, on a thread."""
        experiment, mapping = question
        if self._worker is None:
            return
        try:
            answer = Described(experiment, self._worker.describe(mapping))
        except ExperimentError as error:
            answer = Described(experiment, None, tuple((it.path, it.message) for it in error.problems))
        except WorkerError as error:
            answer = Described(experiment, None, (("", str(error)),))
        self._post(partial(self._take_description, answer))

    def _take_description(self, answer: Described) -> None:
        if answer.experiment == self.experiment:  # else it answers an older question
            self.described = answer
            self._changed("sizes")

    # Runs

    def toggle(self) -> None:
        """Start, pause, resume, or take up again a run that was cut off."""
        if self.resumable and self.folder is not None:
            self._commands.do(partial(self._hand_over, self.folder, 0))
        elif self.view is None or not self.view.alive:
            self.start()
        elif self.view.state == "paused":
            self._command("resume")
        elif self.view.state == "running":
            self._command("pause")

    def start(self) -> None:
        """Train the draft in a new run; the one that is looked at becomes the ghost behind it."""
        experiment = self.experiment
        self._leave_run()
        self.view = RunView(id="", name=experiment.name, state="starting", experiment=experiment, present=experiment)
        self._changed("run")
        self._commands.do(partial(self._start, experiment))

    def restart(self) -> None:
        """Stop the run, which is kept, and train the draft in a new one."""
        if self.alive:
            self._command("stop")
        self.start()

    def one_step(self) -> None:
        self._command("step")

    def one_epoch(self) -> None:
        self._command("epoch")

    def stop(self) -> None:
        """Stop the run at its next step; it is kept. One that does not listen any more is ended by force."""
        if self.view is not None and self.view.state == "stalled" and self.folder is not None:
            self._commands.do(partial(self._kill, self.folder))
        else:
            self._command("stop")

    def extend(self, epochs: int) -> None:
        """Plan `epochs` more; a run that has ended goes on."""
        view, folder = self.view, self.folder
        if view is None or folder is None:
            return
        planned = view.planned_epochs
        if planned == self.experiment.training.epochs:
            self.draft.edit(Edit("training.epochs", planned + epochs))
            self._after_change(self.experiment, live=False)
        if view.alive:
            self._command("extend", epochs=epochs)
        else:
            self._commands.do(partial(self._hand_over, folder, epochs))

    def pace(self, direction: int) -> None:
        """One rung slower or faster."""
        field = next(field for field in type(self.experiment.training).form() if field.name == "pace")
        value = next_value(field, self.experiment.training.pace, direction)
        self.change(Edit(_PACE, value))

    def open(self, folder: RunFolder) -> None:
        """Look at a run, alive or not; its experiment becomes the draft."""
        self._leave_run()
        self.view = None
        self._adopt = True
        self._follow(folder)

    def again(self, folder: RunFolder) -> None:
        """Train the experiment of a run once more, in a new one."""

        def job() -> None:
            try:
                experiment = folder.experiment()
            except ExperimentError as error:
                self._tell(str(error), "error")
            else:
                self._post(partial(self._load_and_start, experiment))

        self._commands.do(job)

    def _load_and_start(self, experiment: Experiment) -> None:
        self.load(experiment)
        self.start()

    def save_files(self, job: Callable[[], Sequence[Path]]) -> None:
        """Have files written by `job`, and say where they are."""

        def save() -> None:
            try:
                made = job()
            except OSError as error:
                self._tell(f"cannot be written: {error}", "error")
            else:
                self._tell(f"written: {', '.join(map(str, made))}", "information")

        self._commands.do(save)

    def toggle_ghost(self) -> None:
        self.ghost_shown = not self.ghost_shown
        self._changed("ghost")

    def _leave_run(self) -> None:
        """Stop following the run; if there is something to see of it, it becomes the ghost."""
        if self._follower is not None:
            self._follower.stop()
        if self._views is not None:
            self._views.stop()
        self._follower = self._views = self.folder = None
        if self.view is not None and (self.view.evaluations or len(self.view.train_loss)):
            self.ghost = self.view
        self.pending = {}
        self.refused = {}
        self._adopt = False

    def _start(self, experiment: Experiment) -> None:
        try:
            folder = self.store.create(experiment)
        except OSError as error:
            self._post(partial(self._could_not_start, None, f"the run's folder cannot be made: {error}"))
            return
        self._own[folder.id] = folder
        self._post(partial(self._follow, folder))
        self._hand_over(folder, 0)

    def _hand_over(self, folder: RunFolder, epochs: int) -> None:
        """Give the run to the worker, and have another one stand ready."""
        if self._worker is None:
            self._warm_up()
        if self._worker is None:
            return
        self._own[folder.id] = folder
        try:
            self._worker.run(folder, extend=epochs)
        except (ExperimentError, WorkerError) as error:
            self._post(partial(self._could_not_start, folder, str(error)))

    def _could_not_start(self, folder: RunFolder | None, why: str) -> None:
        self._say(why, "error")
        if folder == self.folder and self.view is not None and self.view.state == "starting":
            self.view = replace(self.view, state="failed", reason=why)
            self._changed("run")

    def _follow(self, folder: RunFolder) -> None:
        self.folder = folder
        views: Newest[RunView] = Newest(
            f"views of {folder.id}", lambda view: self._post(partial(self._take, folder, view)), rest=FRAME
        )
        self._views = views
        self._follower = Follower(folder, views.give)

    def _take(self, folder: RunFolder, view: RunView) -> None:
        if folder != self.folder:
            return
        self.view = view
        if self._adopt and view.present is not None:
            self._adopt = False
            self.load(view.present)
        self._settle(view)
        self._changed("run")

    # Commands and their answers

    def _goes_live(self, path: str) -> bool:
        """Whether a change at `path` can be made in the run that is looked at."""
        present = self.view.present if self.view is not None else None
        if not self.alive or present is None or path not in live_fields():
            return False
        top = path.partition(".")[0]
        return top not in PICKS or getattr(present, top).kind == getattr(self.experiment, top).kind

    def _send_change(self, path: str, value: Any) -> None:
        waiting = Pending(path, value)
        self.pending = {**self.pending, path: waiting}

        def sent(identity: str) -> None:
            if self.pending.get(path) is waiting:
                self.pending = {**self.pending, path: replace(waiting, id=identity)}

        self._command("set", sent, path=path, value=value)

    def _command(self, command: str, sent: Callable[[str], None] | None = None, **fields: Any) -> None:
        folder = self.folder
        if folder is None or not self.alive:
            self._say("no run to command: space starts one", "information")
            return

        def job() -> None:
            try:
                identity = mailbox.send(folder, command, **fields)
            except NoWorker:
                self._tell(
                    f"{command}: the run has no worker yet" if self.alive else f"{command}: the run has ended",
                    "warning",
                )
            except OSError as error:
                self._tell(f"{command}: the run's mailbox cannot be written: {error}", "error")
            else:
                self._post(partial(self._take_sent, identity, command, sent))

        self._commands.do(job)

    def _take_sent(self, identity: str, command: str, sent: Callable[[str], None] | None) -> None:
        self._sent[identity] = command
        if sent is not None:
            sent(identity)
        if self.view is not None:
            self._settle(self.view)  # the answer may have come before

    def _settle(self, view: RunView) -> None:
        """Strike out what the run has answered, and say what it refused."""
        for path, waiting in list(self.pending.items()):
            if waiting.id in view.acknowledged or view.ended:
                self.pending = {other: it for other, it in self.pending.items() if other != path}
                if why := view.refusals.get(waiting.id or ""):
                    self.refused = {**self.refused, path: why}
                self._changed("draft")
        for identity in [it for it in self._sent if it in view.acknowledged]:
            command = self._sent.pop(identity)
            if identity in view.refusals:
                self._say(f"{command}: {view.refusals[identity]}", "warning")

    def _kill(self, folder: RunFolder) -> None:
        try:
            mailbox.kill(folder)
        except (NoWorker, OSError) as error:
            self._tell(f"stop: {error}", "warning")

    # The end, and the next beginning

    def own_alive(self) -> list[RunFolder]:
        """The runs that were started here and would end with this program."""
        return [folder for folder in self._own.values() if folder.lock_state().held]

    def keep_running(self) -> None:
        """Tell the runs that were started here to outlive this program. Quick enough for the event loop."""
        self._tell_own("detach")

    def stop_all(self) -> None:
        """Tell the runs that were started here to stop. Quick enough for the event loop."""
        self._tell_own("stop")

    def _tell_own(self, command: str) -> None:
        for folder in self.own_alive():
            with contextlib.suppress(NoWorker, OSError):
                mailbox.send(folder, command)

    def close(self) -> None:
        """Save what is to be found next time; called when the program ends."""
        self.save_draft()
        self._leave_run()
        with contextlib.suppress(OSError):
            self.store.mark_seen()
        if self._worker is not None:
            self._worker.close()

    def _look_for_news(self) -> None:
        news = self.store.news()
        self._post(partial(self._take_news, news))

    def _take_news(self, news: News) -> None:
        self.news = news
        self._changed("news")

    def _tell(self, text: str, severity: Severity) -> None:
        """Say something from a thread."""
        self._post(partial(self._say, text, severity))


def _plain(experiment: Experiment) -> Experiment:
    """Without the regularizers that do nothing, so that dropout 0 equals no dropout."""
    kept = {name: it for name, it in experiment.regularization.items() if it != it.off()}
    return experiment.model_copy(update={"regularization": kept})


def _value(experiment: Experiment, path: str) -> Any:
    """The value at `path`; of a regularizer that is absent, the one that does nothing."""
    value = value_at(experiment, path)
    group, _, name = path.rpartition(".")
    if value is None and group.startswith("regularization."):
        return getattr(Regularizer.kinds()[group.rpartition(".")[2]].off(), name)
    return value
