"""Runs side by side: those that are there and those that are to come, trained, followed, commanded and judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from tui_trainer.experiment.comparison import MOST_ARMS, MOST_REPEATS, Comparison
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.insight.findings.base import Finding
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.records import RunView
from tui_trainer.ui.laboratory.bench import Bench
from tui_trainer.ui.laboratory.compared import Compared
from tui_trainer.ui.laboratory.following import Following
from tui_trainer.ui.laboratory.judging import Judge, Judged
from tui_trainer.ui.laboratory.lineup import Lineup
from tui_trainer.ui.laboratory.sides import Member, fill, of_arms, planned
from tui_trainer.ui.laboratory.training import Training
from tui_trainer.ui.laboratory.values import next_value

if TYPE_CHECKING:
    from tui_trainer.insight.table import Table
    from tui_trainer.insight.verdict import Verdict

AT_ONCE = 2
"""Workers that stand by where as many runs are to begin: two that are compared are to begin together."""


class Comparing:
    """A comparison on the bench. `changed` is called, on the event loop, when there is something new to draw.

    Commands are for the selected side, or for all where none is. `table`, `verdict` and `findings` (those of the first
    run of each side, in the order of `state.sides`) are worked out on a thread, at most twice a second.
    """

    def __init__(self, bench: Bench, changed: Callable[[], None]) -> None:
        self.state = Compared()
        self.table: Table | None = None  # None until there is something to say
        self.verdict: Verdict | None = None
        self.findings: tuple[tuple[Finding, ...], ...] = ()
        self._bench = bench
        self._changed = changed
        self._lineup = Lineup()
        self._unread: dict[str, RunFolder] = {}  # runs that are to be put side by side once they have been read
        self._read: dict[str, RunView] = {}  # of these
        self._in_place_of: int | None = None  # the side that these take the place of
        self._standing_by = 1  # workers
        self._pace: Any = None  # that was set last; None: what the runs have
        self._left = False
        self._training = Training(bench, self._lineup, self._begun, self._failed)
        self._judge = Judge(lambda judged: bench.post(partial(self._take_judged, judged)), bench.failed)
        self._following = Following(lambda views: bench.post(partial(self._take_views, views)), bench.failed)

    # How it begins

    def show(self, comparison: Comparison, id: str = "", runs: Sequence[tuple[RunFolder, Origin]] = ()) -> None:
        """Show a comparison, with those of its runs that are there already."""
        groups = planned(comparison, id)
        fill(groups, runs)
        self._lineup.plan(comparison, id, groups)
        self._training.watch(self._lineup.members)
        for group in groups:
            if any(member.missing for member in group.members):
                self._bench.turns.prepare(group.experiment)
        self._following.follow(*self.folders)
        self._draw()

    def put(self, folders: Sequence[RunFolder]) -> None:
        """Show runs that are there already, once they have been read."""
        self._once_read(folders, None)

    # What there is to see

    @property
    def id(self) -> str:
        """Of the comparison in the store; empty if there is none."""
        return self._lineup.id

    @property
    def views(self) -> tuple[RunView, ...]:
        """Every run, side by side."""
        return tuple(run for side in self.state.sides for run in side.arm.runs)

    @property
    def alive(self) -> bool:
        """Whether one of the runs that commands are for has a worker, or waits for one."""
        return any(member.alive or member.turn is not None for member in self._lineup.meant)

    @property
    def comparison(self) -> Comparison | None:
        """As a comparison that can be saved as a preset; None where the runs make none."""
        try:
            return self._lineup.comparison
        except ExperimentError:
            return None

    @property
    def folders(self) -> list[RunFolder]:
        """Those of all runs that are there."""
        return self._lineup.folders

    def folder(self, index: int | None = None) -> RunFolder | None:
        """That of the first run of a side (else of the selected one, else of the first), if it is there yet."""
        return self._lineup.folder(index)

    # Commands, to the selected side or to all

    def toggle(self) -> None:
        """Start what is missing; else pause what trains; else resume, or take up what was cut off."""
        meant = self._lineup.meant
        if missing := [member for member in meant if member.missing]:
            self._training.start(missing)
        elif any(member.is_in("running", "starting") for member in meant):
            self._command((member for member in meant if member.is_in("running")), "pause")
        elif paused := [member for member in meant if member.is_in("paused")]:
            self._command(paused, "resume")
        elif cut_off := [member for member in meant if member.cut_off]:
            self._training.take_up(cut_off, 0)
        elif any(member.waits for member in meant):
            self._bench.say("they wait for their turn", "information")
        else:
            self._bench.say("all have ended: E trains them for more epochs, a adds repeats", "information")
        self._draw()

    def one_step(self) -> None:
        """Train one update, then pause; what has not begun is started for it."""
        self._command_or_start("step")

    def one_epoch(self) -> None:
        """Train to the end of the epoch, then pause; what has not begun is started for it."""
        self._command_or_start("epoch")

    def stop(self) -> None:
        """Stop what trains; what waits is not started."""
        meant = self._lineup.meant
        for member in meant:
            self._training.cancel(member)
        self._training.kill(member for member in meant if member.is_in("stalled"))
        begun = (member for member in meant if member.alive or member.turn is not None)
        self._command((member for member in begun if not member.is_in("stalled")), "stop")
        self._draw()

    def extend(self, epochs: int) -> None:
        """Plan so many epochs more; runs that have ended go on, in their turn."""
        there = [member for member in self._lineup.meant if member.view is not None]
        self._command((member for member in there if member.alive), "extend", epochs=epochs)
        self._training.take_up((member for member in there if not member.alive), epochs)
        if not there:
            self._bench.say("nothing to extend yet: space starts it", "information")
        self._draw()

    def pace(self, direction: int) -> None:
        """One rung slower or faster, also for what has not begun; says which."""
        meant = self._lineup.meant
        if not meant:
            return
        training = ((meant[0].view and meant[0].view.present) or meant[0].experiment).training
        field = next(field for field in training.form() if field.name == "pace")
        pace = self._pace = next_value(field, training.pace if self._pace is None else self._pace, direction)
        for member in meant:
            member.commands[:] = [it for it in member.commands if it[0] != "set"]  # an earlier pace
        changing = (member for member in meant if member.alive or member.folder is None)
        self._command(changing, "set", path="training.pace", value=pace)
        self._bench.say("pace full: no waiting" if pace == "full" else f"pace {pace:g} updates/s", "information")

    def _command(self, members: Iterable[Member], command: str, **fields: Any) -> None:
        self._training.command(members, command, **fields)

    def _command_or_start(self, command: str) -> None:
        meant = self._lineup.meant
        missing = [member for member in meant if member.missing]
        self._command((member for member in meant if member.alive or member.missing), command)
        self._training.start(missing)
        self._draw()

    # Which sides there are

    def select(self, index: int | None) -> None:
        """Have commands go to one side, or to all."""
        self._pace = None
        self._lineup.select(index)
        self._draw()

    def swap(self) -> None:
        """The first two sides change places; with more, the selected one and the one before it do."""
        self._lineup.swap()
        self._draw()

    def pin(self, index: int) -> None:
        """Measure the others against this side."""
        self._lineup.pin(index)
        self._draw()

    def add(self, folder: RunFolder) -> None:
        """Put one more run beside the others."""
        if len(self.state.sides) >= MOST_ARMS:
            self._bench.say(f"{MOST_ARMS} sides are the most: d drops one", "warning")
        else:
            self._once_read([folder], None)

    def replace(self, index: int, folder: RunFolder) -> None:
        """Put another run in a side's place."""
        if 0 <= index < len(self.state.sides):
            self._once_read([folder], index)

    def drop(self, index: int) -> None:
        """Take a side away; its runs are kept, and go on."""
        if len(self.state.sides) < 2 or not 0 <= index < len(self.state.sides):
            self._bench.say("one side must stay", "information")
            return
        self._follow_no_more(self._lineup.drop(index).members)
        self._draw()

    def add_repeats(self, count: int = 1) -> None:
        """Train every side with so many more seeds."""
        repeats = self.state.repeats + count
        members = self._lineup.members
        try:
            comparison = self._lineup.comparison
        except ExperimentError as error:
            self._bench.say(f"these runs cannot be repeated: {error}", "warning")
            return
        if any(member.origin.from_step is not None for member in members):
            self._bench.say("a run that goes on from a checkpoint cannot be repeated with another seed", "warning")
        elif repeats > MOST_REPEATS:
            self._bench.say(f"{MOST_REPEATS} repeats are the most", "warning")
        else:
            begun = not all(member.missing for member in members)
            added = self._lineup.repeat(comparison, repeats)
            self._training.keep_repeats(repeats)
            if begun:
                self._training.start(added)
            self._draw()

    def leave(self) -> None:
        """Follow the runs no more; they go on, and those that wait are started in their turn."""
        self._left = True
        self._following.stop()
        self._judge.stop()
        self._have_stand_by(1)

    # What comes back

    def _begun(self, folder: RunFolder) -> None:
        self._following.follow(folder)
        self._draw()

    def _failed(self, member: Member) -> None:
        if member.failed:
            self._follow_no_more([member])
        self._draw()

    def _once_read(self, folders: Sequence[RunFolder], in_place_of: int | None) -> None:
        there = {folder.id for folder in self.folders}
        if any(folder.id in there for folder in folders):
            self._bench.say("this run is there already", "information")
            return
        self._unread, self._read = {folder.id: folder for folder in folders}, {}
        self._in_place_of = in_place_of
        self._following.follow(*folders)

    def _take_views(self, views: Mapping[str, RunView]) -> None:
        if self._left:
            return
        for member in self._lineup.members:
            if member.folder is not None and member.folder.id in views and not member.failed:
                member.view = views[member.folder.id]
                self._training.settle(member)
        self._read |= {id: view for id, view in views.items() if id in self._unread}
        if self._unread and self._read.keys() == self._unread.keys():
            self._put_read()
        self._draw()

    def _put_read(self) -> None:
        from tui_trainer.insight.arms import group

        folders, self._unread = self._unread, {}
        made = of_arms(group([self._read[id] for id in folders]), folders)
        for gone in self._lineup.insert(made, self._in_place_of):
            self._follow_no_more(gone.members)
        self._training.watch(member for group in made for member in group.members)

    def _follow_no_more(self, members: Iterable[Member]) -> None:
        for member in members:
            if member.folder is not None:
                self._following.leave(member.folder.id)

    def _take_judged(self, judged: Judged) -> None:
        if not self._left:
            self.table, self.verdict, self.findings = judged.table, judged.verdict, judged.findings
            self._changed()

    def _draw(self) -> None:
        """Show the sides as they are now, and have them judged."""
        if not self._left:
            self.state = self._lineup.state
            self._judge.give([side.arm for side in self.state.sides], self.state.pinned)
            to_begin = sum(member.missing or member.turn is not None for member in self._lineup.members)
            self._have_stand_by(max(1, min(AT_ONCE, to_begin)))
            self._changed()

    def _have_stand_by(self, workers: int) -> None:
        """Have so many workers ready, for runs that begin together."""
        if workers != self._standing_by:
            self._standing_by = workers
            self._bench.lane.do(partial(self._bench.own.keep, workers))
