"""Runs side by side: those that are there and those that are to come, trained, followed, commanded and judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from tui_trainer.experiment.comparison import MOST_ARMS, MOST_REPEATS, Comparison
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.insight.findings.base import Finding
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.problems import WorkerError
from tui_trainer.runs.records import RunView
from tui_trainer.runs.store import RunNotFound, Store
from tui_trainer.ui.laboratory.background import Failed, Lane, Post
from tui_trainer.ui.laboratory.commands import Commands
from tui_trainer.ui.laboratory.compared import Compared
from tui_trainer.ui.laboratory.following import Following
from tui_trainer.ui.laboratory.judging import Judge, Judged
from tui_trainer.ui.laboratory.lineup import Lineup
from tui_trainer.ui.laboratory.own_runs import OwnRuns
from tui_trainer.ui.laboratory.sides import Member, fill, of_arms, planned
from tui_trainer.ui.laboratory.turns import Told, Turns
from tui_trainer.ui.laboratory.values import next_value
from tui_trainer.ui.laboratory.watched import Say, Severity

if TYPE_CHECKING:
    from tui_trainer.insight.table import Table
    from tui_trainer.insight.verdict import Verdict


@dataclass(frozen=True)
class Bench:
    """What comparisons are trained with."""

    store: Store
    own: OwnRuns
    turns: Turns
    lane: Lane
    post: Post
    say: Say
    failed: Failed

    def tell(self, text: str, severity: Severity) -> None:
        """Say something from a thread."""
        self.post(partial(self.say, text, severity))


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
        self._saving = False
        self._pace: Any = None  # that was set last; None: what the runs have
        self._left = False
        self._commands = Commands(bench.lane, bench.post, bench.say)
        self._judge = Judge(lambda judged: bench.post(partial(self._take_judged, judged)), bench.failed)
        self._following = Following(lambda views: bench.post(partial(self._take_views, views)))

    # How it begins

    def show(self, comparison: Comparison, id: str = "", runs: Sequence[tuple[RunFolder, Origin]] = ()) -> None:
        """Show a comparison, with those of its runs that are there already."""
        groups = planned(comparison, id)
        fill(groups, runs, self._bench.turns.jobs)
        self._lineup.plan(comparison, id, groups)
        for member in self._lineup.members:
            if member.job is not None:
                self._bench.turns.watch(member.job, self._told_of(member))
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
        return any(member.alive or member.job is not None for member in self._lineup.meant)

    @property
    def comparison(self) -> Comparison | None:
        """As a comparison that can be saved as a preset; None where the runs make none."""
        return self._lineup.comparison

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
            self._start(missing)
        elif any(member.is_in("running", "starting") for member in meant):
            self._send((member for member in meant if member.is_in("running")), "pause")
        elif paused := [member for member in meant if member.is_in("paused")]:
            self._send(paused, "resume")
        elif cut_off := [member for member in meant if member.cut_off]:
            self._take_up(cut_off, 0)
        else:
            waiting = any(member.job is not None for member in meant)
            self._bench.say("they wait for their turn" if waiting else _ENDED, "information")

    def one_step(self) -> None:
        """Train one update, then pause; what has not begun is started for it."""
        self._send_or_start("step")

    def one_epoch(self) -> None:
        """Train to the end of the epoch, then pause; what has not begun is started for it."""
        self._send_or_start("epoch")

    def stop(self) -> None:
        """Stop what trains; what waits is not started."""
        meant = self._lineup.meant
        for member in meant:
            if member.job is not None and self._bench.turns.cancel(member.job):
                member.job = None
        self._commands.kill(member.folder for member in meant if member.folder and member.is_in("stalled"))
        self._send((member for member in meant if member.alive and not member.is_in("stalled")), "stop")
        self._draw()

    def extend(self, epochs: int) -> None:
        """Plan so many epochs more; runs that have ended go on."""
        there = [member for member in self._lineup.meant if member.view is not None]
        self._send((member for member in there if member.alive), "extend", epochs=epochs)
        self._take_up([member for member in there if not member.alive], epochs)
        if not there:
            self._bench.say("nothing to extend yet: space starts it", "information")

    def pace(self, direction: int) -> None:
        """One rung slower or faster, also for what has not begun; says which."""
        meant = self._lineup.meant
        if not meant:
            return
        training = ((meant[0].view and meant[0].view.present) or meant[0].experiment).training
        field = next(field for field in training.form() if field.name == "pace")
        pace = self._pace = next_value(field, training.pace if self._pace is None else self._pace, direction)
        for member in meant:
            if member.folder is None:
                member.first = [it for it in member.first if it[0] != "set"]
                member.first.append(("set", {"path": "training.pace", "value": pace}))
        self._send((member for member in meant if member.alive), "set", path="training.pace", value=pace)
        self._bench.say("pace full: no waiting" if pace == "full" else f"pace {pace:g} updates/s", "information")

    def _send(self, members: Iterable[Member], command: str, **fields: Any) -> None:
        for member in members:
            if member.folder is not None:
                self._commands.send(member.folder, command, **fields)

    def _send_or_start(self, command: str) -> None:
        meant = self._lineup.meant
        self._send((member for member in meant if member.alive), command)
        missing = [member for member in meant if member.missing]
        for member in missing:
            member.first.append((command, {}))
        if missing:
            self._start(missing)

    # Starting

    def _start(self, members: Sequence[Member]) -> None:
        """Have these trained in their turn; the comparison is kept first, so that it can be opened again."""
        comparison = self._lineup.planned
        if comparison is not None and not self.id:
            if not self._saving:
                self._saving = True
                self._bench.lane.do(partial(self._save, comparison, members))
            return
        for member in members:
            if member.missing:
                member.job = self._bench.turns.add(member.experiment, member.origin, self._told_of(member))
        self._draw()

    def _save(self, comparison: Comparison, members: Sequence[Member]) -> None:
        """Keep the comparison, on a thread; then start `members`."""
        id = ""
        try:
            id = self._bench.store.save_comparison(comparison)
        except OSError as error:
            self._bench.tell(f"the comparison cannot be kept: {error}", "error")
        self._bench.post(partial(self._saved, id, members))

    def _saved(self, id: str, members: Sequence[Member]) -> None:
        self._saving = False
        if id:
            come = [(it.folder, it.origin) for it in self._lineup.belong(id) if it.folder is not None]
            self._bench.lane.do(partial(self._assign, come))
            self._start(members)

    def _assign(self, runs: Sequence[tuple[RunFolder, Origin]]) -> None:
        """Have runs that were there before the comparison belong to it, on a thread."""
        try:
            for folder, origin in runs:
                self._bench.store.assign(folder, origin)
        except (OSError, RunNotFound) as error:
            self._bench.tell(f"a run cannot be put into the comparison: {error}", "warning")

    def _told_of(self, member: Member) -> Told:
        return Told(partial(self._begun, member), partial(self._trains, member), partial(self._failed, member))

    def _begun(self, member: Member, folder: RunFolder) -> None:
        """A run has its folder, and is being given to a worker."""
        member.begin(folder)
        self._following.follow(folder)
        self._draw()

    def _trains(self, member: Member) -> None:
        for command, fields in member.first:
            self._send([member], command, **fields)
        member.first = []

    def _failed(self, member: Member, why: str) -> None:
        member.fail(why)
        self._follow_no_more([member])
        self._bench.say(why, "error")
        self._draw()

    def _take_up(self, members: Sequence[Member], epochs: int) -> None:
        """Have runs that have ended go on, on a thread."""
        for member in members:
            if member.folder is not None:
                self._bench.lane.do(partial(self._hand_over, member.folder, epochs))

    def _hand_over(self, folder: RunFolder, epochs: int) -> None:
        try:
            self._bench.own.train(folder, epochs)
        except (ExperimentError, WorkerError, OSError) as error:
            self._bench.tell(str(error), "error")
        self._following.follow(folder)

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
        comparison, repeats = self.comparison, self.state.repeats + count
        members = self._lineup.members
        if comparison is None:
            self._bench.say("these runs cannot be repeated: each must differ from the others in a setting", "warning")
        elif any(member.origin.from_step is not None for member in members):
            self._bench.say("a run that goes on from a checkpoint cannot be repeated with another seed", "warning")
        elif repeats > MOST_REPEATS:
            self._bench.say(f"{MOST_REPEATS} repeats are the most", "warning")
        else:
            begun = not all(member.missing for member in members)
            added = self._lineup.repeat(comparison, repeats)
            if self.id:
                self._bench.lane.do(partial(self._keep, self.id, repeats))
            if begun:
                self._start(added)
            self._draw()

    def _keep(self, id: str, repeats: int) -> None:
        """Keep the number of repeats, on a thread."""
        store = self._bench.store
        try:
            store.replace_comparison(id, store.comparison(id).repeated(repeats))
        except (OSError, ExperimentError) as error:
            self._bench.tell(f"the comparison cannot be kept: {error}", "error")

    def leave(self) -> None:
        """Follow the runs no more; they go on, and those that wait are started in their turn."""
        self._left = True
        self._following.stop()
        self._judge.stop()

    # What comes back

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
                self._commands.settle(member.view)
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
            self._changed()


_ENDED = "all have ended: E trains them for more epochs, a adds repeats"
