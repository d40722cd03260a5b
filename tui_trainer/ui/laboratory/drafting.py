"""The draft as it is worked on: saved, described by a worker, and perhaps a copy of a run."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.store import Store
from tui_trainer.ui.laboratory.background import Failed, Newest, Post
from tui_trainer.ui.laboratory.describing import Describing
from tui_trainer.ui.laboratory.draft import Draft, Edit
from tui_trainer.ui.laboratory.forking import ForkPoint
from tui_trainer.ui.laboratory.own_runs import OwnRuns
from tui_trainer.ui.laboratory.sizes import Described, Sizes
from tui_trainer.ui.laboratory.watched import Say


class Drafting:
    """Holds the draft, and what is known of it.

    `changed` is called, on the event loop, when it has changed ("draft") and when more is known of it ("sizes").
    """

    def __init__(
        self,
        store: Store,
        mapping: Mapping[str, Any],
        own: OwnRuns,
        post: Post,
        changed: Callable[[Literal["draft", "sizes"]], None],
        say: Say,
        failed: Failed,
    ) -> None:
        """Raises ExperimentError if `mapping` is no experiment."""
        self.draft = Draft(mapping)
        self.fork_of: ForkPoint | None = None  # of which run it is a copy
        self._store = store
        self._post = post
        self._changed = changed
        self._say = say
        self._describing = Describing(own.describe, post, partial(changed, "sizes"), failed)
        self._saving = Newest("draft", self._save, failed, settle=0.5)

    # What is known of it

    @property
    def experiment(self) -> Experiment:
        return self.draft.experiment

    @property
    def described(self) -> Described | None:
        """What a worker said last about a draft."""
        return self._describing.last

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong with it, by path: what a worker found, and what a fork cannot change."""
        forked = self.fork_of.problems(self.experiment) if self.fork_of else ()
        found = self._describing.problems(self.experiment)
        return {**found, **{problem.path: problem.message for problem in forked}}

    @property
    def warnings(self) -> Sequence[str]:
        """What there is to say about it apart from its fields."""
        return self._describing.warnings(self.experiment)

    @property
    def impossible(self) -> str:
        """Why it cannot be trained, if that is known."""
        problems = self.fork_of.problems(self.experiment) if self.fork_of else ()
        why = "; ".join(f"{problem.path}: {problem.message}" for problem in problems)
        return why or self._describing.impossible(self.experiment)

    @property
    def sizes(self) -> Sizes:
        """What its settings add up to."""
        return self._describing.sizes(self.experiment)

    def describe(self) -> None:
        """Have a worker look at it: soon, for it may change again."""
        self._describing.ask(self.experiment, self.draft.mapping)

    # Changes

    def edit(self, *edits: Edit) -> bool:
        """Make these changes; whether there is anything new. Raises ExperimentError at the first that is wrong."""
        changed = False
        try:
            for edit in edits:
                changed = self.draft.edit(edit) or changed
        finally:
            if changed:
                self._after_change()
        return changed

    def put(self, experiment: Experiment) -> None:
        """Put another experiment in its place."""
        if self.draft.replace(experiment):
            self._after_change()

    def undo(self) -> bool:
        """Take the last change back, if there is one."""
        undone = self.draft.undo()
        if undone:
            self._after_change()
        return undone

    def save(self) -> None:
        """Save it now: the program ends."""
        with contextlib.suppress(OSError):
            self._store.save_draft(self.draft.mapping)

    def _after_change(self) -> None:
        self._saving.give(self.draft.mapping)
        self.describe()
        self._changed("draft")

    def _save(self, mapping: Mapping[str, Any]) -> None:
        try:
            self._store.save_draft(mapping)
        except OSError as error:
            self._post(partial(self._say, f"the draft cannot be saved: {error}", "warning"))
