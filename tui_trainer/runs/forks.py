"""A run that goes on from another one's checkpoint, under another experiment."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.diff import diff
from tui_trainer.experiment.dump import to_mapping, to_yaml
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.events import ENDINGS, EventReader, EventWriter
from tui_trainer.runs.files import open_plain, write_new
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.lines import LineWriter
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.records import Checkpoint, RunView

_OTHER_NETWORK = "the weights are those of another network"
_KEPT = {
    "data": "the weights were learned on other samples",
    "model": _OTHER_NETWORK,
    "initialization": "the weights are there already",
    "loss": "the figures so far are those of another one",
    "seed": "the samples were split, and put in order, by the parent's",
    "warm_start.run": "the weights are there already",
    "warm_start.checkpoint": "the weights are there already",
}
"""What a run that goes on from a checkpoint has of its parent, and why it cannot be another."""

_DROPPED = (*ENDINGS, "paused", "refused", "detached")
_CHECKPOINT_FILES = ("state.pt", "preprocessing.json", "manifest.json")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_TRIES = 3
"""A checkpoint that is saved again is away for a moment."""


def fork_problems(present: Experiment, edited: Experiment, from_epoch: float = 0.0) -> list[Problem]:
    """Why `edited` cannot go on from a checkpoint, at `from_epoch`, of a run of `present`; empty if it can."""
    paths = [difference.path for difference in diff(present, edited)]
    whys = {path: why for path in paths if (why := _KEPT.get(path) or _KEPT.get(path.partition(".")[0]))}
    for kind in sorted(present.regularization.keys() ^ edited.regularization.keys()):
        if Regularizer.kinds()[kind].learns:
            whys[f"regularization.{kind}"] = _OTHER_NETWORK
    rest = "(f forks from the start, where it can)"
    problems = [Problem(path, f"cannot change behind a checkpoint: {why} {rest}") for path, why in whys.items()]
    if edited.training.epochs <= from_epoch:
        message = f"must be more than {from_epoch:g}, the epoch of the checkpoint"
        problems.append(Problem("training.epochs", message))
    return problems


def fill(folder: RunFolder, parent: RunFolder, view: RunView, checkpoint: Checkpoint, experiment: Experiment) -> None:
    """Makes an empty folder a run that goes on from a checkpoint of `parent`, which `view` shows.

    The figures of the parent up to there become its own. The experiment's file is written last: without it a folder is
    no run's. Raises ExperimentError where the experiment cannot go on from there or the checkpoint is gone, OSError.
    """
    if view.problem:
        raise ExperimentError([Problem("", f"{parent.id} cannot be read: {view.problem}")])
    present = view.present_at(checkpoint.step)
    if present is None:
        raise ExperimentError([Problem("", f"the experiment of {parent.id} cannot be read")])
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
    if checkpoint.folder != str(checkpoint.step):
        raise ExperimentError([Problem("", f"{checkpoint.folder!r} is no checkpoint of step {checkpoint.step}")])
    folder.checkpoints.mkdir(mode=0o700, exist_ok=True)
    source, target = parent.checkpoints / checkpoint.folder, folder.checkpoints / checkpoint.folder
    target.mkdir(mode=0o700)
    try:
        for left in reversed(range(_TRIES)):
            try:
                _copy_folder(source, target)
                return
            except (FileNotFoundError, NotADirectoryError):
                if not left:
                    raise
    except OSError as error:
        shutil.rmtree(target, ignore_errors=True)
        if isinstance(error, FileNotFoundError | NotADirectoryError) or error.errno == errno.ELOOP:
            missing = f"the checkpoint at epoch {checkpoint.epoch:g} is gone (a newer one took its place)"
            raise ExperimentError([Problem("", missing)]) from None
        raise


def _copy_folder(source: Path, target: Path) -> None:
    """Copies the files of one checkpoint, even if the parent's worker puts another in its place meanwhile."""
    descriptor = os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        for name in _CHECKPOINT_FILES:
            (target / name).unlink(missing_ok=True)
            _copy_file(name, target / name, descriptor)
    finally:
        os.close(descriptor)


def _copy_file(name: str, target: Path, folder: int) -> None:
    """As a second name of the same file where that can be: nobody ever writes into a checkpoint's files."""
    if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        raise FileNotFoundError(errno.ENOENT, "not a plain file", name)
    try:
        os.link(name, target, src_dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        raise
    except (OSError, NotImplementedError):
        source = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
        with os.fdopen(source, "rb") as old, os.fdopen(open_plain(target, _NEW), "wb") as new:
            shutil.copyfileobj(old, new)
