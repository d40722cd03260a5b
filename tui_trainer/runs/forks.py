"""A run that goes on from another one's checkpoint, under another experiment."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tui_trainer.experiment.diff import diff
from tui_trainer.experiment.dump import to_mapping, to_yaml
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.events import ENDINGS, EventReader, EventWriter
from tui_trainer.runs.files import write_new
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.lines import LineWriter
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.records import Checkpoint, RunView

_KEPT = {
    "data": "the weights were learned on other samples",
    "model": "the weights are those of another network",
    "initialization": "the weights are there already",
    "seed": "the samples were split, and put in order, by the parent's",
}
"""What a run that goes on from a checkpoint has of its parent, and why it cannot be another."""

_DROPPED = (*ENDINGS, "paused", "refused", "detached")
_CHECKPOINT_FILES = ("state.pt", "preprocessing.json", "manifest.json")
_NUMBER = re.compile(r"[0-9]{1,18}")


def fork_problems(present: Experiment, edited: Experiment, from_epoch: float = 0.0) -> list[Problem]:
    """Why `edited` cannot go on from a checkpoint, at `from_epoch`, of a run of `present`; empty if it can."""
    problems = []
    for difference in diff(present, edited):
        why = _KEPT.get(difference.path.partition(".")[0])
        if why:
            message = f"cannot change behind a checkpoint: {why} (f forks from the start, where it can)"
            problems.append(Problem(difference.path, message))
    if edited.training.epochs <= from_epoch:
        message = f"must be more than {from_epoch:g}, the epoch of the checkpoint"
        problems.append(Problem("training.epochs", message))
    return problems


def fill(folder: RunFolder, parent: RunFolder, view: RunView, checkpoint: Checkpoint, experiment: Experiment) -> None:
    """Makes an empty folder a run that goes on from a checkpoint of `parent`, which `view` shows.

    The figures of the parent up to there become its own. The experiment's file is written last: without it a folder is
    no run's. Raises ExperimentError where the experiment cannot go on from there or the checkpoint is gone, OSError.
    """
    present = view.present_at(checkpoint.step)
    if present is None:
        raise ExperimentError([Problem("", "the parent's experiment cannot be read")])
    if problems := fork_problems(present, experiment, checkpoint.epoch):
        raise ExperimentError(problems)
    copied = {checkpoint.step}
    _copy_checkpoint(parent, folder, checkpoint)
    for best in [it for it in view.checkpoints if "best" in it.reasons and it.step < checkpoint.step][-1:]:
        with contextlib.suppress(ExperimentError):
            _copy_checkpoint(parent, folder, best)
            copied.add(best.step)
    _copy_events(parent, folder, checkpoint.step, copied)
    _say_forked(folder, parent, checkpoint, present, experiment)
    origin = Origin(parent=parent.id, from_step=checkpoint.step, from_epoch=checkpoint.epoch)
    write_new(folder.origin_file, origin.to_text())
    write_new(folder.lock_file, "")  # its time says since when a worker is awaited
    write_new(folder.experiment_file, to_yaml(experiment))


def _copy_events(parent: RunFolder, folder: RunFolder, step: int, checkpoints: set[int]) -> None:
    writer = LineWriter(folder.events_file)
    try:
        for event in EventReader(parent.events_file).read_new():
            if _belongs(event, step, checkpoints):
                writer.write({name: value for name, value in event.items() if name not in ("id", "mailbox")})
    finally:
        writer.close()


def _belongs(event: Mapping[str, Any], step: int, checkpoints: set[int]) -> bool:
    """Whether an event of the parent is part of what happened up to `step`."""
    kind = event["type"]
    if kind in _DROPPED:
        return False
    if kind == "resumed":
        return isinstance(event.get("from_step"), int) and event["from_step"] <= step
    if kind == "checkpoint":
        return event.get("step") in checkpoints
    at = event.get("first") if kind == "train" else event.get("step")
    return isinstance(at, int) and (at < step if kind == "train" else at <= step)


def _say_forked(
    folder: RunFolder, parent: RunFolder, checkpoint: Checkpoint, present: Experiment, experiment: Experiment
) -> None:
    writer = EventWriter(folder.events_file)
    try:
        writer.write(
            "forked",
            step=checkpoint.step,
            epoch=checkpoint.epoch,
            from_step=checkpoint.step,
            parent=parent.id,
            experiment=to_mapping(experiment, full=True),
            planned_epochs=experiment.training.epochs,
            changes=list(_changes(present, experiment)),
        )
    finally:
        writer.close()


def _changes(present: Experiment, experiment: Experiment) -> Iterator[dict[str, Any]]:
    for it in diff(present, experiment):
        old, new = (list(value) if isinstance(value, tuple) else value for value in (it.a, it.b))
        yield {"path": it.path, "old": old, "new": new}


def _copy_checkpoint(parent: RunFolder, folder: RunFolder, checkpoint: Checkpoint) -> None:
    """Raises ExperimentError where the parent has it no more."""
    if not _NUMBER.fullmatch(checkpoint.folder):
        raise ExperimentError([Problem("", f"{checkpoint.folder!r} is no checkpoint")])
    folder.checkpoints.mkdir(mode=0o700, exist_ok=True)
    source, target = parent.checkpoints / checkpoint.folder, folder.checkpoints / checkpoint.folder
    target.mkdir(mode=0o700)
    try:
        for name in _CHECKPOINT_FILES:
            _copy_file(source / name, target / name)
    except FileNotFoundError:
        shutil.rmtree(target, ignore_errors=True)
        missing = f"the checkpoint at epoch {checkpoint.epoch:g} is gone (a newer one took its place)"
        raise ExperimentError([Problem("", missing)]) from None


def _copy_file(source: Path, target: Path) -> None:
    """As a second name of the same file where that can be: nobody ever writes into a checkpoint's files."""
    if not stat.S_ISREG(source.lstat().st_mode):
        raise FileNotFoundError(source)
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, target)
        target.chmod(0o600)
