"""Copies of runs in which something is changed, and cures that are tried in them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.insight.findings.base import Cure
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.records import Checkpoint, RunView
from tui_trainer.ui.laboratory.background import Lane, Post
from tui_trainer.ui.laboratory.draft import Edit
from tui_trainer.ui.laboratory.drafting import Drafting
from tui_trainer.ui.laboratory.forking import ForkPoint, last_kept, present_at
from tui_trainer.ui.laboratory.in_sight import InSight
from tui_trainer.ui.laboratory.watched import Say


class Forks:
    """Makes the draft a copy of a run. `start` trains the draft; `changed` is called when the copy is made or none."""

    def __init__(
        self,
        drafting: Drafting,
        in_sight: InSight,
        lane: Lane,
        post: Post,
        say: Say,
        start: Callable[[], object],
        changed: Callable[[], None],
    ) -> None:
        self._drafting = drafting
        self._in_sight = in_sight
        self._lane = lane
        self._post = post
        self._say = say
        self._start = start
        self._changed = changed

    def begin(self, folder: RunFolder, view: RunView, checkpoint: Checkpoint | None = None) -> bool:
        """Take what a run trains, or trained at a checkpoint, as the draft; started, it goes on from there.

        Returns whether that can be read.
        """
        present = present_at(view, checkpoint)
        if present is None:
            self._say("what this run trained cannot be read", "error")
            return False
        looked_at = self._in_sight.run.folder
        if looked_at is None or looked_at.id != folder.id:
            self._in_sight.go_to(view, folder)
        self._drafting.fork_of = None
        self._drafting.put(present)
        self._drafting.fork_of = ForkPoint(folder, view, present, self._drafting.draft.mapping, checkpoint)
        self._changed()
        return True

    def begin_present(self) -> None:
        """Fork the run that is looked at."""
        run = self._in_sight.run
        if run.view is None or run.folder is None:
            self._say("no run to fork: space starts one", "information")
        else:
            self.begin(run.folder, run.view)

    def forget(self) -> None:
        """The draft is no copy of a run any more, but stays as it is."""
        if self._drafting.fork_of is not None:
            self._drafting.fork_of = None
            self._say("no fork any more: started, this is a run of its own", "information")
            self._changed()

    def apply(self, cure: Cure) -> None:
        """Fork the run that is looked at with what would mend it, and start that."""
        run, step = self._in_sight.run, cure.from_step
        if run.folder is None or run.view is None:
            return
        if step is None:
            self._try(cure, run.folder, run.view, None)
        else:
            self._lane.do(partial(self._try_from, cure, run.folder, run.view, step))

    def _try_from(self, cure: Cure, folder: RunFolder, view: RunView, step: int) -> None:
        """From the last checkpoint up to that step, on a thread."""
        checkpoint = last_kept(folder, view, step)
        if checkpoint is not None:
            self._post(partial(self._try, cure, folder, view, checkpoint))
        else:
            why = "no checkpoint is left that this could go on from: f forks the run from its start"
            self._post(partial(self._say, why, "error"))

    def _try(self, cure: Cure, folder: RunFolder, view: RunView, checkpoint: Checkpoint | None) -> None:
        if not self.begin(folder, view, checkpoint):
            return
        try:
            self._drafting.edit(*(Edit(path, value) for path, value in cure.changes.items()))
        except ExperimentError as error:
            self._say(f"{cure.words} cannot be tried: {error}", "error")
        else:
            self._start()
