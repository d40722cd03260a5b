"""The run that is looked at, and the one behind it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.records import RunView
from tui_trainer.runs.store import RunNotFound, Store
from tui_trainer.ui.laboratory.background import Lane, Post
from tui_trainer.ui.laboratory.drafting import Drafting
from tui_trainer.ui.laboratory.findings import FindingsWatch
from tui_trainer.ui.laboratory.forking import read_then
from tui_trainer.ui.laboratory.outlook import Outlook
from tui_trainer.ui.laboratory.watched import Say, Watched

if TYPE_CHECKING:
    from tui_trainer.experiment.schema import Experiment
    from tui_trainer.runs.score import TestScore


class InSight:
    """One run at a time is looked at; the one before it, or its parent, is the ghost behind its curves.

    `changed` is called, on the event loop, when the run ("run") or the ghost ("ghost") is another or has changed.
    """

    def __init__(
        self,
        store: Store,
        drafting: Drafting,
        outlook: Outlook,
        findings: FindingsWatch,
        lane: Lane,
        post: Post,
        changed: Callable[[Literal["run", "ghost"]], None],
        say: Say,
    ) -> None:
        self.ghost: RunView | None = None
        self.ghost_shown = True
        self.before = ""  # the id of the run that was looked at before this one
        self.compared = False  # whether a comparison was opened after it
        self._store = store
        self._drafting = drafting
        self._outlook = outlook
        self._findings = findings
        self._lane = lane
        self._post = post
        self._changed = changed
        self._say = say
        self._adopt = False  # take the experiment of the run that is being opened as the draft
        self.run = self._watch(None)

    def turn_to(self, view: RunView | None) -> Watched:
        """Look at another run; if there is something to see of the present one, it becomes the ghost.

        What happened before is no news any more, and a copy that was not trained is no fork any more.
        """
        self._outlook.forget_news()
        self.run.leave()
        if self.run.has_curves and self.run.view is not None:
            self.ghost = self.run.view
            self.before = self.ghost.id
        if view is not None:
            self._keep_ghost_for(view.experiment)
        self.run = self._watch(view)
        self._adopt = self.compared = False
        self._drafting.fork_of = None
        self._findings.look(view)
        return self.run

    def go_to(self, view: RunView | None, folder: RunFolder) -> None:
        """Look at a run that is there already: what was looked at before has nothing to do with it."""
        run = self.turn_to(view)
        self.ghost = None
        run.follow(folder)
        self._lane.do(partial(self._find_parent, run, folder))

    def open(self, folder: RunFolder) -> None:
        """Look at a run that is there already, and take its experiment as the draft."""
        self.go_to(None, folder)
        self._adopt = True

    def put_away(self, experiment: Experiment) -> bool:
        """Look at no run any more if the one that is looked at is over and says nothing about what an experiment will
        learn: because it never trained, or on other data. Returns whether it is so."""
        before = self.run.view
        if before is None or self.run.alive:
            return False
        if self.run.has_curves and learn_from_the_same(before.experiment, experiment):
            return False
        self.turn_to(None)
        self._keep_ghost_for(experiment)
        self._changed("run")
        return True

    def toggle_ghost(self) -> None:
        """Show or hide the ghost."""
        self.ghost_shown = not self.ghost_shown
        self._changed("ghost")

    def take_score(self, id: str, score: TestScore) -> None:
        """Show the score of a run on its test part, if it is still looked at."""
        if self.run.view is not None and self.run.view.id == id:
            self.run.view = replace(self.run.view, score=score)
            self._changed("run")

    def _keep_ghost_for(self, experiment: Experiment | None) -> None:
        """Have no ghost whose figures mean something else than those of an experiment."""
        if self.ghost is not None and not learn_from_the_same(self.ghost.experiment, experiment):
            self.ghost = None

    def _watch(self, view: RunView | None) -> Watched:
        return Watched(view, lane=self._lane, post=self._post, changed=self._on_run, say=self._say)

    def _find_parent(self, run: Watched, folder: RunFolder) -> None:
        """Make the run that one was forked from the ghost behind it, on a thread."""
        with contextlib.suppress(RunNotFound):
            if parent := folder.origin().parent:
                found = self._store.find(parent)
                read_then(found, lambda view: self._post(partial(self._take_parent, run, view)), lambda why: None)

    def _take_parent(self, run: Watched, parent: RunView) -> None:
        if self.run is run:
            self.ghost = parent
            self._changed("ghost")

    def _on_run(self) -> None:
        run, drafting = self.run, self._drafting
        if self._adopt and run.view is not None and run.view.present is not None:
            self._adopt = False
            drafting.put(run.view.present)
        elif drafting.fork_of is None and (edits := run.changed_elsewhere(drafting.experiment)):
            for edit in edits:
                with contextlib.suppress(ExperimentError):  # what fits the run need not fit the draft
                    drafting.edit(edit)
        self._findings.look(run.view)
        self._changed("run")


def learn_from_the_same(a: Experiment | None, b: Experiment | None) -> bool:
    """Whether two experiments learn from the same data, however much of it and whatever is made of it."""
    if a is None or b is None:
        return False
    first, second = a.data, b.data
    asked = [field.name for field in first.form() if field.type == "path" or field.name in ("target", "predict")]
    return first.kind == second.kind and all(getattr(first, name) == getattr(second, name) for name in asked)
