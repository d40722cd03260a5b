"""What the dashboard knows and can do, without any widget.

Screens call its methods on the event loop, and draw the frozen values that it holds when it says that they changed.
All work with files, processes and workers is done on threads of its own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from tui_trainer.experiment.comparison import Comparison
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.insight.findings.base import Cure
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.problems import WorkerError
from tui_trainer.runs.records import Checkpoint, RunView
from tui_trainer.runs.store import News, Store
from tui_trainer.ui.export import short_path
from tui_trainer.ui.laboratory.background import Lane, Newest, Post
from tui_trainer.ui.laboratory.bench import Bench
from tui_trainer.ui.laboratory.comparing import Comparing
from tui_trainer.ui.laboratory.comparisons import ComparisonAspect, Comparisons
from tui_trainer.ui.laboratory.describing import Describing
from tui_trainer.ui.laboratory.draft import Draft, Edit
from tui_trainer.ui.laboratory.findings import FindingsWatch
from tui_trainer.ui.laboratory.forking import ForkPoint, kept, present_at, read_then
from tui_trainer.ui.laboratory.own_runs import OwnRuns, Worker
from tui_trainer.ui.laboratory.sizes import Described, Sizes
from tui_trainer.ui.laboratory.starting import Starter
from tui_trainer.ui.laboratory.turns import Turns
from tui_trainer.ui.laboratory.values import next_value
from tui_trainer.ui.laboratory.watched import Pending, Say, Severity, Watched

Aspect = Literal["draft", "sizes", "run", "ghost", "news", "findings"] | ComparisonAspect


class Laboratory:
    """The draft, the run that is looked at, the one before it, the comparison on the bench, and the workers.

    `changed` is told what there is to draw anew, `say` what a person should read; both are called on the event loop.
    """

    def __init__(
        self,
        store: Store,
        mapping: Mapping[str, Any],
        *,
        post: Post,
        changed: Callable[[Aspect], None],
        say: Say,
        make_worker: Callable[[], Worker],
    ) -> None:
        """Raises ExperimentError if `mapping` is no experiment."""
        self.store = store
        self.draft = Draft(mapping)
        self.fork_of: ForkPoint | None = None  # of which run the draft is a copy
        self.ghost: RunView | None = None
        self.ghost_shown = True
        self.news = News((), ())
        self.others: tuple[str, ...] = ()  # names of other runs that were started here and are training
        self._post = post
        self._changed = changed
        self._say = say
        self._own = OwnRuns(make_worker)
        self._lane = Lane("commands", self._unexpected)
        self._turns = Turns(store, self._own, post, self._unexpected)
        self._starter = Starter(store, self._own, self._lane, post, say, lambda *both: self.compare(both))
        self._run = self._watch(None)
        self._adopt = False  # take the experiment of the run that is being opened as the draft
        self._compared_last = False  # a comparison was opened after the run that is looked at
        self.findings = FindingsWatch(post, partial(changed, "findings"), self._unexpected)
        self._describing = Describing(self._own.describe, post, partial(changed, "sizes"), self._unexpected)
        bench = Bench(store, self._own, self._turns, self._lane, post, say, self._unexpected)
        self.comparisons = Comparisons(bench, self._on_comparison)
        self._drafts = Newest("draft", self._save, self._unexpected, settle=0.5)

    # What there is to draw

    @property
    def experiment(self) -> Experiment:
        """The draft."""
        return self.draft.experiment

    @property
    def view(self) -> RunView | None:
        """The run that is looked at."""
        return self._run.view

    @property
    def folder(self) -> RunFolder | None:
        """Its folder."""
        return self._run.folder

    @property
    def alive(self) -> bool:
        """Whether it has a worker."""
        return self._run.alive

    @property
    def edited(self) -> bool:
        """Whether a run started now would differ from it."""
        return bool(self.edited_paths)

    @property
    def edited_paths(self) -> frozenset[str]:
        """The fields in which it would; of a fork, those in which it differs from its parent."""
        return self.fork_of.differing(self.experiment) if self.fork_of else self._run.differing(self.experiment)

    @property
    def resumable(self) -> bool:
        """Whether it was cut off, can be taken up again, and is what a new run would be."""
        return self._run.cut_off and not self.edited and self.fork_of is None

    @property
    def pending(self) -> Mapping[str, Pending]:
        """The changes that it has not confirmed yet, by path."""
        return self._run.pending

    @property
    def described(self) -> Described | None:
        """What a worker said last about a draft."""
        return self._describing.last

    @property
    def problems(self) -> Mapping[str, str]:
        """What is wrong, by path: what a worker found in the draft, what the run refused, what a fork cannot change."""
        forked = self.fork_of.problems(self.experiment) if self.fork_of else ()
        found = self._describing.problems(self.experiment)
        return {**found, **self._run.refused, **{problem.path: problem.message for problem in forked}}

    @property
    def warnings(self) -> Sequence[str]:
        """What there is to say about the draft apart from its fields, and about other runs."""
        return [*self._describing.warnings(self.experiment), *self._other_runs()]

    def _other_runs(self) -> Sequence[str]:
        more = len(self.others)
        return (
            [f"{more} more {'run is' if more == 1 else 'runs are'} training: {', '.join(self.others)}"] if more else ()
        )

    @property
    def impossible(self) -> str:
        """Why the draft cannot be trained, if that is known."""
        problems = self.fork_of.problems(self.experiment) if self.fork_of else ()
        why = "; ".join(f"{problem.path}: {problem.message}" for problem in problems)
        return why or self._describing.impossible(self.experiment)

    @property
    def sizes(self) -> Sizes:
        """What the settings add up to."""
        return self._describing.sizes(self.experiment)

    def at_once(self) -> int:
        """How many runs of the draft can train at the same time. Blocks: for a thread."""
        return self._turns.at_once(self.experiment)

    # The draft

    def begin(self) -> None:
        """Start the warm worker and look for news: after the first paint."""
        self._lane.do(self._warm_up)
        self._lane.do(self._look_for_news)

    def change(self, edit: Edit) -> str:
        """Change the draft, and the run if it can change while training; what is wrong with it, if anything is."""
        before = self.experiment
        try:
            changed = self.draft.edit(edit)
        except ExperimentError as error:
            return "; ".join(problem.message for problem in error.problems)
        self._run.refused = {path: why for path, why in self._run.refused.items() if path != edit.path}
        if changed:
            self._pass_on(before)
            self._after_change()
        return ""

    def undo(self) -> None:
        """Take back the last change, in the run as well if it can change while training."""
        if self.fork_of is not None and self.draft.mapping == self.fork_of.mapping:
            self.forget_fork()
            return
        before = self.experiment
        if self.draft.undo():
            self._pass_on(before)
            self._after_change()
        else:
            self._say("nothing to undo", "information")

    def load(self, experiment: Experiment) -> None:
        """Put an experiment in the draft's place; the run goes on as it is."""
        self.fork_of = None
        self._put(experiment)
        alive = "; R trains it and stops the present run, which is kept" if self.alive else ""
        self._say(f"loaded {experiment.name or 'an experiment without a name'}{alive}", "information")

    def _pass_on(self, before: Experiment) -> None:
        """Make what was changed in the draft in the run, too; what is changed in a fork is not its parent's."""
        if self.fork_of is None:
            self._run.pass_on(before, self.experiment)

    def _put(self, experiment: Experiment) -> None:
        if self.draft.replace(experiment):
            self._after_change()

    def _after_change(self) -> None:
        self._drafts.give(self.draft.mapping)
        self._describing.ask(self.experiment, self.draft.mapping)
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

    def _warm_up(self) -> None:
        try:
            self._own.warm_up()
        except WorkerError as error:
            self._tell(str(error), "error")
        else:
            self._describing.ask(self.experiment, self.draft.mapping)

    # Runs

    def toggle(self) -> None:
        """Start, pause, resume, or take up again a run that was cut off; a fork is started beside its parent."""
        if self.resumable and self.folder is not None:
            self._starter.take_up(self._run, self.folder, 0)
        elif self.view is None or not self.alive or self.fork_of is not None:
            self.start()
        elif self.view.state == "paused":
            self._run.command("resume")
        elif self.view.state == "running":
            self._run.command("pause")

    def start(self) -> bool:
        """Train the draft in a new run; the one that is looked at, or a fork's parent, becomes the ghost behind it.

        Returns whether it can be trained.
        """
        if self._refuses():
            return False
        experiment, fork = self.experiment, self.fork_of
        starting = RunView(id="", name=experiment.name, state="starting", experiment=experiment, present=experiment)
        run = self._turn_to(starting)
        self._changed("run")
        self._starter.start(run, experiment, fork)
        return True

    def restart(self) -> None:
        """Stop the run, which is kept, and train the draft in a new one."""
        if self._refuses():
            return
        if self.alive:
            self._run.command("stop")
        self.start()

    def _refuses(self) -> bool:
        """Whether the draft cannot be trained, which is said; a worker looks again, for the next time."""
        why = self.impossible
        if why:
            self._say(f"this cannot be trained: {why}", "error")
            self._describing.ask(self.experiment, self.draft.mapping)
        return bool(why)

    def one_step(self) -> None:
        """Train one update, then pause; where there is no run, one is started for it."""
        self._send_or_start("step")

    def one_epoch(self) -> None:
        """Train to the end of the epoch, then pause; where there is no run, one is started for it."""
        self._send_or_start("epoch")

    def _send_or_start(self, command: str) -> None:
        if (self.alive and self.fork_of is None) or self.start():
            self._run.command(command)

    def stop(self) -> None:
        """Stop the run at its next step; it is kept. One that does not listen any more is ended by force."""
        if self.view is not None and self.view.state == "stalled":
            self._run.kill()
        else:
            self._run.command("stop")

    def extend(self, epochs: int) -> None:
        """Plan `epochs` more; a run that has ended goes on."""
        view, folder = self.view, self.folder
        if view is None or folder is None:
            return
        planned = view.planned_epochs
        if planned == self.experiment.training.epochs and self.fork_of is None:
            try:
                self.draft.edit(Edit("training.epochs", planned + epochs))
            except ExperimentError as error:
                self._say(str(error), "error")
                return
            self._after_change()
        if view.alive:
            self._run.command("extend", Pending("training.epochs", planned + epochs), epochs=epochs)
        else:
            self._starter.take_up(self._run, folder, epochs)

    def pace(self, direction: int) -> None:
        """One rung slower or faster; says which."""
        training = self.experiment.training
        field = next(field for field in training.form() if field.name == "pace")
        before = self.experiment
        self.change(Edit("training.pace", next_value(field, training.pace, direction)))
        if self.fork_of is not None:  # the pace is no part of what is tried
            self._run.pass_on(before, self.experiment)
        pace = self.experiment.training.pace
        self._say("pace full: no waiting" if pace == "full" else f"pace {pace:g} updates/s", "information")

    def open(self, folder: RunFolder) -> None:
        """Look at a run, alive or not; its experiment becomes the draft."""
        self._turn_to(None).follow(folder)
        self._adopt = True

    def again(self, folder: RunFolder) -> None:
        """Train the experiment of a run once more, in a new one."""

        def job() -> None:
            try:
                experiment = folder.experiment()
            except ExperimentError as error:
                self._tell(str(error), "error")
            else:
                self._post(partial(self._load_and_start, experiment))

        self._lane.do(job)

    def toggle_ghost(self) -> None:
        """Show or hide the run before."""
        self.ghost_shown = not self.ghost_shown
        self._changed("ghost")

    def _load_and_start(self, experiment: Experiment) -> None:
        self.fork_of = None
        self._put(experiment)
        self.start()

    def _watch(self, view: RunView | None) -> Watched:
        return Watched(view, lane=self._lane, post=self._post, changed=self._on_run, say=self._say)

    def _turn_to(self, view: RunView | None) -> Watched:
        """Look at another run; if there is something to see of the present one, it becomes the ghost.

        What happened before is no news any more, and a copy that was not trained is no fork any more.
        """
        self._take_news(News((), ()))
        self._run.leave()
        if self._run.has_curves:
            self.ghost = self._run.view
        self._run = self._watch(view)
        self._adopt = self._compared_last = False
        self.fork_of = None
        self.findings.look(view)
        return self._run

    def _on_run(self) -> None:
        if self._adopt and self.view is not None and self.view.present is not None:
            self._adopt = False
            self._put(self.view.present)
        elif self.fork_of is None and (edits := self._run.changed_elsewhere(self.experiment)):
            for edit in edits:
                with contextlib.suppress(ExperimentError):  # what fits the run need not fit the draft
                    self.draft.edit(edit)
            self._after_change()
        self.findings.look(self.view)
        self._changed("run")

    # Forks

    def fork(self, folder: RunFolder, view: RunView, checkpoint: Checkpoint | None = None) -> bool:
        """Take what a run trains, or trained at a checkpoint, as the draft; started, it goes on from there.

        Returns whether that can be read.
        """
        present = present_at(view, checkpoint)
        if present is None:
            self._say("what this run trained cannot be read", "error")
            return False
        if self.folder is None or self.folder.id != folder.id:
            self._turn_to(view).follow(folder)
        self.fork_of = None
        self._put(present)
        self.fork_of = ForkPoint(folder, view, present, self.draft.mapping, checkpoint)
        self._changed("run")
        return True

    def fork_present(self) -> None:
        """Fork the run that is looked at."""
        if self.view is None or self.folder is None:
            self._say("no run to fork: space starts one", "information")
        else:
            self.fork(self.folder, self.view)

    def read(self, folder: RunFolder, then: Callable[[RunView], object]) -> None:
        """Have a run read, and what to do with it done on the event loop."""

        def take(view: RunView) -> None:
            then(view)

        self._lane.do(partial(read_then, folder, lambda view: self._post(partial(take, view)), self._unexpected))

    def forget_fork(self) -> None:
        """The draft is no copy of a run any more, but stays as it is."""
        if self.fork_of is not None:
            self.fork_of = None
            self._say("no fork any more: started, this is a run of its own", "information")
            self._changed("run")

    def apply(self, cure: Cure) -> None:
        """Fork the run that is looked at with what would mend it, start that, and compare both."""
        folder, view, step = self.folder, self.view, cure.from_step
        if folder is None or view is None:
            return
        if step is None:
            self._try(cure, folder, view, None)
            return

        def job() -> None:
            found = [it for it in kept(folder, view) if it.step <= step]
            if found:
                self._post(partial(self._try, cure, folder, view, found[-1]))
            else:
                self._tell("no checkpoint is left that this could go on from: f forks the run from its start", "error")

        self._lane.do(job)

    def _try(self, cure: Cure, folder: RunFolder, view: RunView, checkpoint: Checkpoint | None) -> None:
        if not self.fork(folder, view, checkpoint):
            return
        try:
            for path, value in cure.changes.items():
                self.draft.edit(Edit(path, value))
        except ExperimentError as error:
            self._say(f"{cure.words} cannot be tried: {error}", "error")
        else:
            self._after_change()
            self.start()

    # Comparisons

    @property
    def comparing(self) -> Comparing | None:
        """The comparison that was opened last."""
        return self.comparisons.present

    @property
    def marked(self) -> tuple[str, ...]:
        """The ids of the runs that are to be compared."""
        return self.comparisons.marked

    def mark(self, id: str) -> bool:
        """Mark a run, or unmark it; whether it is marked now."""
        return self.comparisons.mark(id)

    def unmark(self, id: str) -> None:
        """A run is gone: mark it no more."""
        self.comparisons.unmark([id])

    def compare_chosen(self, row: RunFolder | None = None) -> None:
        """Compare what is marked; else the run in a list's `row`, or the one that is looked at, with what it is of."""
        if row is None and not self.marked and self._compared_last:
            self.comparisons.open_again()
        else:
            self.comparisons.open_chosen(row, self.folder, self.ghost.id if self.ghost else "")

    def compare(self, folders: Sequence[RunFolder]) -> None:
        """Put runs side by side."""
        self.comparisons.compare(folders)

    def start_comparison(self, comparison: Comparison, *, start: bool = True) -> None:
        """Put the arms of a comparison side by side, and train them if they are to `start` at once."""
        self.comparisons.begin(comparison, start=start)

    def open_comparison(self, id: str, *, start: bool = False) -> None:
        """Put the runs of a stored comparison side by side; train what is missing if that is to `start` at once."""
        self.comparisons.open(id, start=start)

    def _on_comparison(self, aspect: ComparisonAspect) -> None:
        self._compared_last = self._compared_last or aspect == "comparison-opened"
        self._changed(aspect)

    # The end, and the next beginning

    def own_alive(self) -> list[RunFolder]:
        """The runs that were started here and would end with this program."""
        return self._own.alive()

    @property
    def being_started(self) -> int:
        """How many runs are being handed to a worker, and would not begin."""
        return self._starter.under_way + self._turns.being_started

    @property
    def waiting(self) -> int:
        """How many runs wait for their turn, and would not begin."""
        return self._turns.waiting

    def look_for_others(self) -> None:
        """Find out which other runs that were started here are training."""
        self._lane.do(partial(self._count_others, self.folder.id if self.folder else ""))

    def _count_others(self, looked_at: str) -> None:
        self._post(partial(self._take_others, self._own.names(looked_at)))

    def _take_others(self, names: tuple[str, ...]) -> None:
        if names != self.others:
            self.others = names
            self._changed("sizes")

    def start_no_more(self) -> None:
        """Leave the runs that wait for their turn unstarted: the program ends."""
        self._turns.stop()

    def keep_running(self) -> None:
        """Tell the runs that were started here to outlive this program. Quick enough for the event loop."""
        self.start_no_more()
        self._own.tell("detach")

    def stop_all(self) -> None:
        """Tell the runs that were started here to stop. Quick enough for the event loop."""
        self._own.tell("stop")

    def close(self) -> None:
        """Save what is to be found next time; called when the program ends."""
        self.save_draft()
        self.start_no_more()
        self._run.leave()
        if self.comparing is not None:
            self.comparing.leave()
        with contextlib.suppress(OSError):
            self.store.mark_seen()
        self._own.close()

    def _look_for_news(self) -> None:
        found = self.store.news()
        others = tuple(run for run in found.running if run.id not in self._own)
        self._post(partial(self._take_news, replace(found, running=others)))

    def _take_news(self, news: News) -> None:
        self.news = news
        self._changed("news")

    def save_files(self, job: Callable[[], Sequence[Path]]) -> None:
        """Have files written by `job`, and say where they are."""

        def save() -> None:
            try:
                made = job()
            except OSError as error:
                self._tell(f"cannot be written: {error}", "error")
            else:
                self._tell(f"written to {short_path(made[0].parent)}", "information")

        self._lane.do(save)

    def _unexpected(self, text: str) -> None:
        self._tell(text, "error")

    def _tell(self, text: str, severity: Severity) -> None:
        """Say something from a thread."""
        self._post(partial(self._say, text, severity))
