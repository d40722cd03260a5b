"""What the dashboard knows and can do, without any widget.

Screens call its methods on the event loop, and draw the frozen values that it holds when it says that they changed.
All work with files, processes and workers is done on threads of its own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.problems import WorkerError
from tui_trainer.runs.records import RunView
from tui_trainer.runs.store import News, Store
from tui_trainer.ui.export import short_path
from tui_trainer.ui.laboratory.background import Lane, Post
from tui_trainer.ui.laboratory.baselines import BaselinesWatch
from tui_trainer.ui.laboratory.bench import Bench
from tui_trainer.ui.laboratory.comparing import Comparing
from tui_trainer.ui.laboratory.comparisons import ComparisonAspect, Comparisons
from tui_trainer.ui.laboratory.draft import Draft, Edit
from tui_trainer.ui.laboratory.drafting import Drafting
from tui_trainer.ui.laboratory.findings import FindingsWatch
from tui_trainer.ui.laboratory.forking import ForkPoint, read_then
from tui_trainer.ui.laboratory.forks import Forks
from tui_trainer.ui.laboratory.in_sight import InSight, learn_from_the_same
from tui_trainer.ui.laboratory.looking import Looking
from tui_trainer.ui.laboratory.outlook import Outlook
from tui_trainer.ui.laboratory.own_runs import OwnRuns, Worker
from tui_trainer.ui.laboratory.scoring import Scoring
from tui_trainer.ui.laboratory.sizes import Described, Sizes
from tui_trainer.ui.laboratory.starting import Starter
from tui_trainer.ui.laboratory.turns import Turns
from tui_trainer.ui.laboratory.under_way import UnderWay
from tui_trainer.ui.laboratory.values import next_value
from tui_trainer.ui.laboratory.watched import Pending, Say, Severity

if TYPE_CHECKING:
    from tui_trainer.experiment.own_data import Suggestion

Aspect = Literal["draft", "sizes", "run", "ghost", "news", "findings", "look", "baselines"] | ComparisonAspect

MOST_NOTES = 4
"""Of what was guessed about somebody's data, so much is said at once; the data screen tells all of it."""


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
        self.loaded: Experiment | None = None  # what was put in the draft's place last
        self.on_other_data = False  # whether it learns from other data than the draft before it
        self._post = post
        self._changed = changed
        self._say = say
        self._own = OwnRuns(make_worker)
        self._lane = Lane("commands", self._unexpected)
        self._drafting = Drafting(store, mapping, self._own, post, changed, say, self._unexpected)
        self._outlook = Outlook(store, self._own, self._lane, post, changed)
        self._turns = Turns(store, self._own, post, self._unexpected)
        self._starter = Starter(store, self._own, self._lane, post, say, lambda *both: self.comparisons.compare(both))
        self.under_way = UnderWay(self._own, self._starter, self._turns)
        self.findings = FindingsWatch(post, partial(changed, "findings"), self._unexpected)
        self.in_sight = InSight(store, self._drafting, self._outlook, self.findings, self._lane, post, changed, say)
        self.forks = Forks(self._drafting, self.in_sight, self._lane, post, say, self.start, partial(changed, "run"))
        self.looking = Looking(self._own, post, partial(changed, "look"), self._unexpected)
        self.baselines = BaselinesWatch(self._own, post, partial(changed, "baselines"), say, lambda: self.view)
        self._scoring = Scoring(self._own, post, self.in_sight.take_score, say)
        bench = Bench(store, self._own, self._turns, self._lane, post, say, self._unexpected)
        self.comparisons = Comparisons(bench, self._on_comparison)

    # What there is to draw

    @property
    def draft(self) -> Draft:
        """What is being put together."""
        return self._drafting.draft

    @property
    def experiment(self) -> Experiment:
        """The draft."""
        return self._drafting.experiment

    @property
    def fork_of(self) -> ForkPoint | None:
        """Of which run the draft is a copy."""
        return self._drafting.fork_of

    @property
    def view(self) -> RunView | None:
        """The run that is looked at."""
        return self.in_sight.run.view

    @property
    def ghost(self) -> RunView | None:
        """The run behind it: the one before, or its parent."""
        return self.in_sight.ghost

    @property
    def folder(self) -> RunFolder | None:
        """Its folder."""
        return self.in_sight.run.folder

    @property
    def alive(self) -> bool:
        """Whether it has a worker."""
        return self.in_sight.run.alive

    @property
    def edited(self) -> bool:
        """Whether a run started now would differ from it."""
        return bool(self.edited_paths)

    @property
    def edited_paths(self) -> frozenset[str]:
        """The fields in which it would; of a fork, those in which it differs from its parent."""
        return self.fork_of.differing(self.experiment) if self.fork_of else self.in_sight.run.differing(self.experiment)

    @property
    def resumable(self) -> bool:
        """Whether it was cut off, can be taken up again, and is what a new run would be."""
        return self.in_sight.run.cut_off and not self.edited and self.fork_of is None

    @property
    def pending(self) -> Mapping[str, Pending]:
        """The changes that it has not confirmed yet, by path."""
        return self.in_sight.run.pending

    @property
    def described(self) -> Described | None:
        """What a worker said last about a draft."""
        return self._drafting.described

    @property
    def problems(self) -> Mapping[str, str]:
        """What is wrong, by path: with the draft, and what the run refused."""
        return {**self._drafting.problems, **self.in_sight.run.refused}

    @property
    def impossible(self) -> str:
        """Why the draft cannot be trained, if that is known."""
        return self._drafting.impossible

    @property
    def warnings(self) -> Sequence[str]:
        """What there is to say about the draft, and about other runs."""
        return [*self._drafting.warnings, *self._outlook.warnings]

    @property
    def sizes(self) -> Sizes:
        """What the settings of the draft add up to."""
        return self._drafting.sizes

    @property
    def news(self) -> News:
        """What happened while the dashboard was closed."""
        return self._outlook.news

    @property
    def others(self) -> tuple[str, ...]:
        """The names of other runs that were started here and are training."""
        return self._outlook.others

    def at_once(self) -> int:
        """How many runs of the draft can train at the same time. Blocks: for a thread."""
        return self._turns.at_once(self.experiment)

    # The draft

    def begin(self) -> None:
        """Start the warm worker and look for news: after the first paint."""
        self._lane.do(self._warm_up)
        self._outlook.look_for_news()

    def change(self, edit: Edit) -> str:
        """Change the draft, and the run if it can change while training; what is wrong with it, if anything is."""
        before = self.experiment
        try:
            changed = self._drafting.edit(edit)
        except ExperimentError as error:
            return "; ".join(problem.message for problem in error.problems)
        self.in_sight.run.refused = {path: why for path, why in self.in_sight.run.refused.items() if path != edit.path}
        if changed:
            self._pass_on(before)
        return ""

    def undo(self) -> None:
        """Take back the last change, in the run as well if it can change while training."""
        if self.fork_of is not None and self.draft.mapping == self.fork_of.mapping:
            self.forks.forget()
            return
        before = self.experiment
        if self._drafting.undo():
            self._pass_on(before)
        else:
            self._say("nothing to undo", "information")

    def load(self, experiment: Experiment) -> None:
        """Put an experiment in the draft's place; a run that trains goes on as it is, and stays in sight."""
        trained = self.in_sight.run.has_curves
        kept = "; the run before is kept: r lists it" if self.in_sight.put_away(experiment) and trained else ""
        self._drafting.fork_of = None
        self.loaded, self.on_other_data = experiment, not learn_from_the_same(self.experiment, experiment)
        self._drafting.put(experiment)
        self._changed("draft")
        more = "; R trains it and stops the present run, which is kept" if self.alive else kept
        self._say(f"loaded {experiment.name or 'an experiment without a name'}{more}", "information")

    def take_suggestion(self, suggestion: Suggestion) -> None:
        """Put what was suggested for somebody's data in the draft's place, and say what was guessed."""
        self.load(suggestion.experiment)
        for note in suggestion.notes[:MOST_NOTES]:
            self._say(note, "information")

    def _pass_on(self, before: Experiment) -> None:
        """Make what was changed in the draft in the run, too; what is changed in a fork is not its parent's."""
        if self.fork_of is None and self.alive:
            self.in_sight.run.pass_on(before, self.experiment)
            self._changed("draft")

    def save_draft(self) -> None:
        """Save the draft now: the program ends."""
        self._drafting.save()

    def _warm_up(self) -> None:
        try:
            self._own.warm_up()
        except WorkerError as error:
            self._tell(str(error), "error")
        else:
            self._drafting.describe()

    # Runs

    def toggle(self) -> None:
        """Start, pause, resume, or take up again a run that was cut off; a fork is started beside its parent."""
        if self.resumable and self.folder is not None:
            self._starter.take_up(self.in_sight.run, self.folder, 0)
        elif self.view is None or not self.alive or self.fork_of is not None:
            self.start()
        elif self.view.state == "paused":
            self.in_sight.run.command("resume")
        elif self.view.state == "running":
            self.in_sight.run.command("pause")

    def start(self) -> bool:
        """Train the draft in a new run; the one that is looked at, or a fork's parent, becomes the ghost behind it.

        Returns whether it can be trained.
        """
        if self._refuses():
            return False
        fork = self.fork_of
        if fork is not None:
            self._drafting.edit(Edit("name", fork.named(self.experiment)))
        experiment = self.experiment
        starting = RunView(id="", name=experiment.name, state="starting", experiment=experiment, present=experiment)
        run = self.in_sight.turn_to(starting)
        if fork is not None and self.ghost is not None and self.ghost.id != fork.id:
            self.in_sight.ghost = None
        self._changed("run")
        self._starter.start(run, experiment, fork)
        return True

    def restart(self) -> None:
        """Stop the run, which is kept, and train the draft in a new one."""
        if self._refuses():
            return
        if self.alive:
            self.in_sight.run.command("stop")
        self.start()

    def _refuses(self) -> bool:
        """Whether the draft cannot be trained, which is said; a worker looks again, for the next time."""
        why = self._drafting.impossible
        if why:
            self._say(f"this cannot be trained: {why}", "error")
            self._drafting.describe()
        return bool(why)

    def one_step(self) -> None:
        """Train one update, then pause; where there is no run, one is started for it."""
        self._send_or_start("step")

    def one_epoch(self) -> None:
        """Train to the end of the epoch, then pause; where there is no run, one is started for it."""
        self._send_or_start("epoch")

    def _send_or_start(self, command: str) -> None:
        if (self.alive and self.fork_of is None) or self.start():
            self.in_sight.run.command(command)

    def stop(self) -> None:
        """Stop the run at its next step; it is kept. One that does not listen any more is ended by force."""
        if self.view is not None and self.view.state == "stalled":
            self.in_sight.run.kill()
        else:
            self.in_sight.run.command("stop")

    def unscored(self) -> bool:
        """Whether the run can be scored on its test part and has not been; if not, why, or its score, is said."""
        return self._scoring.is_open(self.view)

    def score(self) -> None:
        """Score the network that the run left behind on its test part."""
        if self.view is not None and self.folder is not None:
            self._scoring.score(self.view, self.folder)

    def extend(self, epochs: int) -> None:
        """Plan `epochs` more; a run that has ended goes on."""
        view, folder = self.view, self.folder
        if view is None or folder is None:
            return
        planned = view.planned_epochs
        if planned == self.experiment.training.epochs and self.fork_of is None:
            try:
                self._drafting.edit(Edit("training.epochs", planned + epochs))
            except ExperimentError as error:
                self._say(str(error), "error")
                return
        if view.alive:
            self.in_sight.run.command("extend", Pending("training.epochs", planned + epochs), epochs=epochs)
        else:
            self._starter.take_up(self.in_sight.run, folder, epochs)

    def pace(self, direction: int) -> None:
        """One rung slower or faster; says which."""
        training = self.experiment.training
        field = next(field for field in training.form() if field.name == "pace")
        before = self.experiment
        self.change(Edit("training.pace", next_value(field, training.pace, direction)))
        if self.fork_of is not None:  # the pace is no part of what is tried
            self.in_sight.run.pass_on(before, self.experiment)
        pace = self.experiment.training.pace
        self._say("pace full: no waiting" if pace == "full" else f"pace {pace:g} updates/s", "information")

    def open(self, folder: RunFolder) -> None:
        """Look at a run, alive or not; its experiment becomes the draft, and its parent, if it has one, the ghost."""
        self.in_sight.open(folder)

    def again(self, folder: RunFolder, start: Callable[[], object]) -> None:
        """Take the experiment of a run as the draft, and `start` it."""

        def job() -> None:
            try:
                experiment = folder.experiment()
            except ExperimentError as error:
                self._tell(str(error), "error")
            else:
                self._post(partial(self._load_and_start, experiment, start))

        self._lane.do(job)

    def _load_and_start(self, experiment: Experiment, start: Callable[[], object]) -> None:
        self._drafting.fork_of = None
        self._drafting.put(experiment)
        start()

    def read(self, folder: RunFolder, then: Callable[[RunView], object]) -> None:
        """Have a run read, and what to do with it done on the event loop."""

        def take(view: RunView) -> None:
            then(view)

        self._lane.do(partial(read_then, folder, lambda view: self._post(partial(take, view)), self._unexpected))

    # Comparisons

    @property
    def comparing(self) -> Comparing | None:
        """The comparison that was opened last."""
        return self.comparisons.present

    def compare_chosen(self, row: RunFolder | None = None) -> None:
        """Compare what is marked; else the run in a list's `row`, or the one that is looked at, with what it is of."""
        if row is None and not self.comparisons.marked and self.in_sight.compared:
            self.comparisons.open_again()
        else:
            self.comparisons.open_chosen(row, self.folder, self.in_sight.before)

    def _on_comparison(self, aspect: ComparisonAspect) -> None:
        self.in_sight.compared = self.in_sight.compared or aspect == "comparison-opened"
        self._changed(aspect)

    # The end, and the next beginning

    def look_for_others(self) -> None:
        """Find out which other runs that were started here are training."""
        self._outlook.look_for_others(self.folder.id if self.folder else "")

    def close(self) -> None:
        """Save what is to be found next time; called when the program ends."""
        self.save_draft()
        self.under_way.start_no_more()
        self.in_sight.run.leave()
        if self.comparing is not None:
            self.comparing.leave()
        with contextlib.suppress(OSError):
            self.store.mark_seen()
        self.looking.close()
        self.baselines.close()
        self._scoring.close()
        self._own.close()

    def save_files(self, job: Callable[[], Sequence[Path]]) -> None:
        """Have files written by `job`, and say where they are."""

        def save() -> None:
            try:
                made = job()
            except OSError as error:
                self._tell(f"cannot be written: {error}", "error")
            else:
                names = " and ".join(path.name for path in made)
                self._tell(f"{names} written to {short_path(made[0].parent)}", "information")

        self._lane.do(save)

    def _unexpected(self, text: str) -> None:
        self._tell(text, "error")

    def _tell(self, text: str, severity: Severity) -> None:
        """Say something from a thread."""
        self._post(partial(self._say, text, severity))
