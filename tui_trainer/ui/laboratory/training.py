"""The runs of a comparison on their way to a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from tui_trainer.experiment.comparison import Comparison
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.store import RunNotFound
from tui_trainer.ui.laboratory.bench import Bench
from tui_trainer.ui.laboratory.commands import Commands
from tui_trainer.ui.laboratory.lineup import Lineup
from tui_trainer.ui.laboratory.sides import Member
from tui_trainer.ui.laboratory.turns import Told

if TYPE_CHECKING:
    from tui_trainer.runs.queue import Job


class Training:
    """Has the runs of a comparison trained in their turn, and gives them commands, once they listen.

    The comparison is kept before the first of them begins, so that it can be opened again. `begun` and `failed` are
    told of each, on the event loop, after the member knows it itself.
    """

    def __init__(
        self, bench: Bench, lineup: Lineup, begun: Callable[[RunFolder], None], failed: Callable[[Member], None]
    ) -> None:
        self._bench = bench
        self._lineup = lineup
        self._tell_begun = begun
        self._tell_failed = failed
        self._saving = False
        self._commands = Commands(bench.lane, bench.post, bench.say)

    # Turns

    def start(self, members: Sequence[Member]) -> None:
        """Have new runs trained: those of all sides with one seed before any with the next."""
        comparison = self._lineup.planned
        if comparison is not None and not self._lineup.id:
            if not self._saving:
                self._saving = True
                self._bench.lane.do(partial(self._save, comparison, members))
            return
        from tui_trainer.runs.queue import Job

        with self._bench.turns.together():
            for member in sorted(members, key=lambda member: member.origin.repeat):
                if member.missing:
                    self._add(member, Job(member.experiment, member.origin))

    def take_up(self, members: Iterable[Member], more_epochs: int) -> None:
        """Have runs that have ended go on, for so many epochs more than planned."""
        from tui_trainer.runs.queue import Job

        with self._bench.turns.together():
            for member in members:
                if member.folder is not None and member.turn is None:
                    self._add(member, Job(member.experiment, member.origin, member.folder, more_epochs))

    def watch(self, members: Iterable[Member]) -> None:
        """See runs begin that wait already."""
        for member in members:
            turn = self._bench.turns.of(member.origin, member.folder)
            if turn is not None:
                turn.told, member.turn, member.commands = self._told_of(member), turn, turn.commands

    def cancel(self, member: Member) -> None:
        """Leave it unstarted if it still waits."""
        if member.turn is not None and self._bench.turns.cancel(member.turn):
            member.turn = None
            member.commands.clear()

    def _add(self, member: Member, job: Job) -> None:
        member.turn = self._bench.turns.add(job, self._told_of(member), member.commands)

    def _told_of(self, member: Member) -> Told:
        return Told(partial(self._begun, member), partial(self._trains, member), partial(self._failed, member))

    def _begun(self, member: Member, folder: RunFolder) -> None:
        """It has its folder, and is being given to a worker."""
        member.begin(folder)
        self._tell_begun(folder)

    def _trains(self, member: Member) -> None:
        member.turn = None
        for command, fields in member.commands:
            self.command([member], command, **fields)
        member.commands.clear()

    def _failed(self, member: Member, why: str) -> None:
        member.turn = None
        member.fail(why)
        self._bench.say(why, "error")
        self._tell_failed(member)

    # Commands

    def command(self, members: Iterable[Member], command: str, **fields: Any) -> None:
        """Leave a command for runs, also for those that do not listen yet."""
        for member in members:
            if member.folder is None or member.turn is not None:
                member.commands.append((command, fields))
            else:
                self._commands.send(member.folder, command, **fields)

    def kill(self, members: Iterable[Member]) -> None:
        """End the workers of runs that do not listen any more."""
        self._commands.kill(member.folder for member in members if member.folder is not None)

    def settle(self, member: Member) -> None:
        """Say what a run has refused."""
        if member.view is not None:
            self._commands.settle(member.view)

    # The comparison in the store

    def keep_repeats(self, repeats: int) -> None:
        """Keep the number of repeats of a comparison that is in the store."""
        store, id = self._bench.store, self._lineup.id

        def job() -> None:
            try:
                store.comparisons.replace(id, store.comparisons.load(id).repeated(repeats))
            except (OSError, ExperimentError) as error:
                self._bench.tell(f"the comparison cannot be kept: {error}", "error")

        if id:
            self._bench.lane.do(job)

    def _save(self, comparison: Comparison, members: Sequence[Member]) -> None:
        """Keep the comparison, on a thread; then start `members`."""
        id = ""
        try:
            id = self._bench.store.comparisons.save(comparison)
        except OSError as error:
            self._bench.tell(f"the comparison cannot be kept: {error}", "error")
        self._bench.post(partial(self._saved, id, members))

    def _saved(self, id: str, members: Sequence[Member]) -> None:
        self._saving = False
        if id:
            come = [(it.folder, it.origin) for it in self._lineup.belong(id) if it.folder is not None]
            self._bench.lane.do(partial(self._assign, come))
            self.start(members)

    def _assign(self, runs: Sequence[tuple[RunFolder, Origin]]) -> None:
        """Have runs that were there before the comparison belong to it, on a thread."""
        try:
            for folder, origin in runs:
                self._bench.store.assign(folder, origin)
        except (OSError, RunNotFound) as error:
            self._bench.tell(f"a run cannot be put into the comparison: {error}", "warning")
