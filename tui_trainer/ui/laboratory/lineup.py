"""Who stands beside whom in a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tui_trainer.experiment.comparison import Comparison
from tui_trainer.runs.folder import RunFolder
from tui_trainer.ui.laboratory.compared import Compared
from tui_trainer.ui.laboratory.sides import Group, Member, as_comparison


class Lineup:
    """The sides in their order, which of them is selected, and which the others are measured against.

    `planned` is the comparison that they were started as, and `id` that comparison's in the store; there is none once
    other runs stand among them.
    """

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.planned: Comparison | None = None
        self.id = ""
        self._state = Compared()

    def plan(self, comparison: Comparison, id: str, groups: list[Group]) -> None:
        """Put the sides of a comparison there."""
        self.groups, self.planned, self.id = groups, comparison, id
        self._state = Compared(comparison.name, comparison.about, comparison.teaches, repeats=comparison.repeats)

    @property
    def state(self) -> Compared:
        """All of it, as the screen shows it."""
        title = self._state.title or " | ".join(group.name for group in self.groups)
        return replace(self._state, title=title, sides=tuple(group.as_side() for group in self.groups))

    @property
    def comparison(self) -> Comparison:
        """As a comparison. Raises ExperimentError where the runs make none."""
        return self.planned or as_comparison(self._state.title, self.groups, self._state.pinned)

    @property
    def members(self) -> list[Member]:
        return [member for group in self.groups for member in group.members]

    @property
    def meant(self) -> list[Member]:
        """Those that commands are for."""
        at = self._state.selected
        return self.members if at is None else list(self.groups[at].members)

    @property
    def folders(self) -> list[RunFolder]:
        """Those of all runs that are there."""
        return [member.folder for member in self.members if member.folder is not None]

    def folder(self, index: int | None) -> RunFolder | None:
        """That of the first run of a side (else of the selected one, else of the first), if it is there."""
        at = index if index is not None else self._state.selected or 0
        members = self.groups[at].members if at < len(self.groups) else []
        return next((member.folder for member in members if member.folder is not None), None)

    # Changes

    def select(self, index: int | None) -> None:
        if index is None or 0 <= index < len(self.groups):
            self._become(selected=index)

    def pin(self, index: int) -> None:
        if 0 <= index < len(self.groups):
            self._become(pinned=index)

    def swap(self) -> None:
        """The first two change places; or the selected one and the one before it."""
        second = max(1, self._state.selected or 1)
        if second < len(self.groups):
            first = second - 1
            self.groups[first], self.groups[second] = self.groups[second], self.groups[first]
            moved = {first: second, second: first}
            pinned, selected = self._state.pinned, self._state.selected
            self._become(
                pinned=moved.get(pinned, pinned),
                selected=None if selected is None else moved.get(selected, selected),
            )

    def drop(self, index: int) -> Group:
        dropped = self.groups.pop(index)
        if self.planned is not None:
            arms = tuple(arm for arm in self.planned.arms if arm.name != dropped.name)
            self.planned = replace(self.planned, arms=arms)
        pinned = self._state.pinned
        self._become(pinned=0 if pinned == index else pinned - (pinned > index), selected=None)
        return dropped

    def insert(self, groups: Sequence[Group], index: int | None = None) -> list[Group]:
        """Put sides behind the others, or in the place of one; which are gone."""
        at = len(self.groups) if index is None else index
        end = at if index is None else at + 1
        gone = self.groups[at:end]
        if self.groups:  # a title, and words about it, are those of what stood there before
            self._state = Compared(selected=self._state.selected, pinned=self._state.pinned)
        self.groups[at:end] = groups
        self.planned, self.id = None, ""
        self._become(repeats=max((len(group.members) for group in self.groups), default=1))
        self._name()
        return gone

    def repeat(self, comparison: Comparison, repeats: int) -> list[Member]:
        """Have each side trained so often; which members come to it."""
        self.planned = comparison.repeated(repeats)
        self._become(repeats=repeats)
        return [member for group in self.groups for member in group.repeat(repeats, self.id)]

    def belong(self, id: str) -> list[Member]:
        """The comparison is in the store now; which runs, that were there before, have come to belong to it."""
        self.id = id
        come = []
        for group in self.groups:
            for repeat, member in enumerate(group.members):
                if member.origin.within(id).comparison != id:
                    member.origin = member.origin.taken_in(id, group.name, repeat)
                    come += [member] if member.folder is not None else []
        return come

    def _name(self) -> None:
        """Call each side by what tells it from the others now."""
        from tui_trainer.insight.arms import group

        views = [view for each in self.groups for view in each.views]
        if len(self.groups) > 1:
            names = {run.id: arm.name for arm in group(views) for run in arm.runs}
            for each in self.groups:
                each.name = next((names[view.id] for view in each.views), each.name)

    def _become(self, **changes: Any) -> None:
        self._state = replace(self._state, **changes)
