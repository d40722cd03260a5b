"""The sides of a comparison while it is on the bench: which runs each has, and which are to come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any

from tui_trainer.experiment.comparison import Comparison, make_arms
from tui_trainer.experiment.diff import diff, flat
from tui_trainer.experiment.dump import plain
from tui_trainer.experiment.fields import PICKS
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment
from tui_trainer.insight.arms import Arm
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.records import RunView
from tui_trainer.ui.laboratory.compared import Side

if TYPE_CHECKING:
    from tui_trainer.ui.laboratory.turns import Turn

_CUT_OFF = ("stopped", "interrupted", "died")


@dataclass(eq=False)
class Member:
    """One run of a side: to come, waiting for its turn, or there."""

    experiment: Experiment
    origin: Origin
    folder: RunFolder | None = None  # None: to come
    view: RunView | None = None
    turn: Turn | None = None  # while it waits, and while it is being handed to a worker
    before: RunView | None = None  # the view of a run that goes on, from before it was given to a worker
    failed: bool = False  # no worker took it up, and it never began
    commands: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)  # to give once its turn has come

    @property
    def missing(self) -> bool:
        """Whether it is neither there nor waiting."""
        return self.folder is None and self.turn is None

    @property
    def waits(self) -> bool:
        """Whether its turn is yet to come."""
        return self.turn is not None and not self.turn.begun

    @property
    def alive(self) -> bool:
        return self.view is not None and self.view.alive

    @property
    def cut_off(self) -> bool:
        """Whether it ended before its time; it can be taken up again, from its beginning if need be."""
        return self.is_in(*_CUT_OFF) and self.turn is None

    def is_in(self, *states: str) -> bool:
        return self.view is not None and self.view.state in states

    def begin(self, folder: RunFolder) -> None:
        """It has a folder now, and will have a worker."""
        self.folder, self.before, self.failed = folder, self.view, False
        made = self.experiment
        new = RunView(id=folder.id, name=made.name, state="starting", experiment=made, present=made)
        self.view = replace(self.view, state="starting", reason="") if self.view is not None else new

    def fail(self, why: str) -> None:
        """No worker took it up; a run that had ended is as it was."""
        self.failed = self.before is None
        if self.failed and self.view is not None:
            self.view = replace(self.view, state="failed", reason=why)
        elif self.before is not None:
            self.view = self.before


@dataclass(eq=False)
class Group:
    """One side: an experiment, and its runs by seed."""

    name: str
    experiment: Experiment
    members: list[Member]

    @property
    def views(self) -> tuple[RunView, ...]:
        return tuple(member.view for member in self.members if member.view is not None)

    def as_side(self) -> Side:
        """What the screen shows of it."""
        waiting = sum(member.waits for member in self.members)
        missing = sum(member.missing for member in self.members)
        return Side(Arm(self.name, self.views), self.experiment, len(self.members), waiting, missing)

    def repeat(self, most: int, comparison: str) -> list[Member]:
        """As many more members as make `most`, each with the next seed that none has."""
        first = self.members[0]
        taken = {member.experiment.seed for member in self.members}
        free = (seed % 2**32 for seed in count(first.experiment.seed) if seed % 2**32 not in taken)
        added = []
        for repeat in range(len(self.members), most):
            seed = next(free)
            origin = replace(first.origin, comparison=comparison, arm=self.name, repeat=repeat, also=())
            added.append(Member(self.experiment.model_copy(update={"seed": seed}), origin))
        self.members += added
        return added


def planned(comparison: Comparison, id: str) -> list[Group]:
    """The sides of a comparison, all of whose runs are to come."""
    return [
        Group(
            arm.name,
            arm.experiment,
            [
                Member(arm.seeded(repeat), Origin(comparison=id, arm=arm.name, repeat=repeat))
                for repeat in range(comparison.repeats)
            ],
        )
        for arm in comparison.arms
    ]


def fill(groups: Iterable[Group], runs: Iterable[tuple[RunFolder, Origin]]) -> None:
    """Put the runs that are there in their places; the latest where there are several."""
    there = {(origin.arm, origin.repeat): folder for folder, origin in sorted(runs, key=lambda it: it[0].id)}
    for group in groups:
        for member in group.members:
            member.folder = there.get((member.origin.arm, member.origin.repeat))


def of_arms(arms: Iterable[Arm], folders: Mapping[str, RunFolder]) -> list[Group]:
    """The sides that runs make which are there already."""
    groups = []
    for arm in arms:
        members = [Member(run.experiment or Experiment(), run.origin, folders[run.id], run) for run in arm.runs]
        groups.append(Group(arm.name, arm.runs[0].present or members[0].experiment, members))
    return groups


def as_comparison(name: str, groups: Sequence[Group], baseline: int = 0) -> Comparison:
    """A comparison that trains what these train. Raises ExperimentError where they make none."""
    if not groups:
        raise ExperimentError([Problem("", "there are no runs yet")])
    base = groups[baseline].experiment
    name = name or base.name
    named = {group.name or group.experiment.name: changes(base, group.experiment) for group in groups}
    repeats = max(len(group.members) for group in groups)
    if len(named) < len(groups):
        raise ExperimentError([Problem("", "two sides have the same name")])
    return Comparison(name, base, make_arms(name, base, named), repeats)


def changes(base: Experiment, other: Experiment) -> dict[str, Any]:
    """The values, by path, that make `other` of `base`; the seed aside."""
    values = flat(other)
    made: dict[str, Any] = {}
    for path in [*(it.path for it in diff(base, other)), *_set_in_new_kinds(base, other)]:
        if path == "seed" or (path.partition(".")[0] in PICKS and path not in values):
            continue  # a field of the kind that is not picked any more
        if path.startswith("regularization.") and path not in values:
            made[".".join(path.split(".")[:2])] = False  # switched off, whichever of its fields stands for it
        else:
            made[path] = plain(values[path])
    return made


def _set_in_new_kinds(base: Experiment, other: Experiment) -> list[str]:
    """The fields of kinds that only `other` picks which are not as such a kind has them by itself.

    Also where `base` has the same value: picking another kind drops it.
    """
    picked = [top for top in PICKS if getattr(other, top).kind != getattr(base, top).kind]
    own = {top: getattr(other, top).pick(getattr(other, top).kind) for top in picked}
    plain = flat(other.model_copy(update=own))
    return [path for path, value in flat(other).items() if path.partition(".")[0] in own and plain.get(path) != value]
