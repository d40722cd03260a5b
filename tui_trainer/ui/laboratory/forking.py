"""A copy of a run that something is to be changed in, before it is trained beside its parent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tui_trainer.experiment.diff import change_in_words, diff
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.text import clean, cut
from tui_trainer.runs.folder import MAX_NAME, RunFolder
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.records import Checkpoint, RunView
from tui_trainer.runs.store import Store
from tui_trainer.ui.laboratory.draft import effective


@dataclass(frozen=True)
class ForkPoint:
    """Where a copy of a run begins: at its start, or at a checkpoint. `present` is what the copy was taken of."""

    folder: RunFolder
    view: RunView
    present: Experiment
    mapping: Mapping[str, Any]  # the draft, before anything was changed in it
    checkpoint: Checkpoint | None = None

    @property
    def id(self) -> str:
        return self.folder.id

    @property
    def name(self) -> str:
        return self.view.name

    def problems(self, edited: Experiment) -> list[Problem]:
        """Why `edited` cannot go on from there."""
        from tui_trainer.runs.forks import fork_problems

        at = self.checkpoint
        return fork_problems(self.present, edited, at.epoch) if at is not None else []

    def differing(self, edited: Experiment) -> frozenset[str]:
        """The paths at which `edited` is another experiment than the copy was taken of."""
        return frozenset(it.path for it in diff(effective(self.present), effective(edited)))

    def named(self, edited: Experiment) -> str:
        """What a copy is called in which nothing but this was changed, unless it was given a name of its own."""
        name = self.present.name
        if not name or edited.name != name:
            return edited.name
        changed = diff(effective(self.present), effective(edited))
        for difference in changed:  # what an earlier fork was called after
            name = name.removesuffix(f" {change_in_words(difference.path, difference.a)}")
        words = [change_in_words(difference.path, difference.b) for difference in changed]
        return cut(clean(" ".join([name, ", ".join(words)])).strip(), MAX_NAME)

    def create(self, store: Store, experiment: Experiment) -> RunFolder:
        """The folder of the new run. Raises OSError or ExperimentError."""
        if self.checkpoint is None:
            return store.create(experiment, Origin(parent=self.id))
        return store.fork(self.folder, self.checkpoint, experiment)


def present_at(view: RunView, checkpoint: Checkpoint | None) -> Experiment | None:
    """What a run trains now, or trained at a checkpoint; None if that cannot be read."""
    return view.present if checkpoint is None else view.present_at(checkpoint.step)


def kept(folder: RunFolder, view: RunView) -> list[Checkpoint]:
    """The checkpoints of a run that are still on disk, by step. Reads the disk: for a thread."""
    names: set[str] = set()
    with suppress(OSError):
        names = {path.name for path in folder.checkpoints.iterdir() if path.is_dir() and not path.is_symlink()}
    found = {it.step: it for it in view.checkpoints if it.folder in names}
    return [found[step] for step in sorted(found)]


def last_kept(folder: RunFolder, view: RunView, step: int) -> Checkpoint | None:
    """The last of them that is no further than `step`. Reads the disk: for a thread."""
    return next((it for it in reversed(kept(folder, view)) if it.step <= step), None)


def read_then(folder: RunFolder, then: Callable[[RunView], None], otherwise: Callable[[str], None]) -> None:
    """Read a run and hand it over, or say why it cannot be read: for a thread."""
    from tui_trainer.runs.view import read

    try:
        view = read(folder)
    except (ExperimentError, OSError) as error:
        otherwise(f"the run cannot be read: {error}")
    else:
        then(view)
