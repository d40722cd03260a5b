"""One run, from its folder to its last event."""

from __future__ import annotations

import time
import traceback
from typing import Any

import torch

from tui_trainer.engine import prepare, seeds
from tui_trainer.engine.build import Network, build_optimizer
from tui_trainer.engine.checkpoints import CheckpointError, Checkpoints, State
from tui_trainer.engine.commands import change_again, extend, plan_epochs
from tui_trainer.engine.control import Control
from tui_trainer.engine.describe import lay_foundation, measure
from tui_trainer.engine.device import thread_count
from tui_trainer.engine.diagnose import where_it_diverged
from tui_trainer.engine.ending import Diverged, Ended
from tui_trainer.engine.evaluate import Evaluation, Evaluator
from tui_trainer.engine.failures import explain
from tui_trainer.engine.fetch import fetch_for_run
from tui_trainer.engine.loop import Trainer
from tui_trainer.engine.past import Past, read_past
from tui_trainer.engine.pictures import Pictures
from tui_trainer.engine.prepare import Data
from tui_trainer.engine.report import ending_fields, say_resumed, say_started
from tui_trainer.engine.state import Best, adopt, extended, restore, restore_weights
from tui_trainer.engine.warm_start import begin_from, find_source
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.events import EventWriter
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.store import Store

PATIENCE = 1.0
"""Seconds that the last picture of an interrupted run may take: its worker has but a few to end in."""


def train_run(folder: RunFolder, control: Control, more_epochs: int = 0, device: str = "") -> str:
    """Trains the run in `folder`, from its start or from where it was left, and returns the type of its last event.

    `more_epochs` extends its plan; `device` is where to train if its experiment leaves that open. Whatever goes wrong
    ends in an event; nothing is raised but what keeps even that from being written.
    """
    events = EventWriter(folder.events_file)
    trainer: Trainer | None = None
    diverged_at: int | None = None
    try:
        base, past = folder.experiment(), read_past(folder)
        fetch_for_run(base.data, events, control)
        trainer = _trainer(base, past, folder, events, control, device)
        if past.began or trainer.checkpoints.any:  # the log may be lost, and what was trained not
            _resume(trainer, base, past)
        if more_epochs:
            extend(trainer, more_epochs)
        ending = _train(trainer)
    except Ended as ended:  # before anything was trained
        ending = ended
    except Diverged as error:  # what people come to see is no error of this program
        ending, diverged_at = Ended("failed", explain(error)), error.step
    except Exception as error:  # a run that fails says so in its log
        traceback.print_exc()
        ending = Ended("failed", explain(error))
    fields = ending_fields(trainer, ending)
    if trainer and ending.state == "failed":
        fields |= _after_failure(trainer, base, diverged_at)
    if trainer:
        trainer.train_part.close()
        trainer.validation_part.close()
    events.write(ending.state, **fields)
    return ending.state


def _trainer(
    base: Experiment, past: Past, folder: RunFolder, events: EventWriter, control: Control, device_for_auto: str
) -> Trainer:
    """Everything in place for the first update; `started` is written if nobody has before."""
    torch.set_flush_denormal(True)  # weights that fade must not slow the processor down
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    foundation = lay_foundation(base, device_for_auto)
    data, device = foundation.data, foundation.device.torch
    measure(base, foundation)  # whether there is room for it
    network = foundation.build(base, device)
    threads = past.view.threads or thread_count(device, network.work, base.training.batch_size)
    torch.set_num_threads(threads)
    preprocessing = data.preprocessing(base.data)
    train, validation = data.parts(preprocessing, device)
    prepare.forget()
    checkpoints = Checkpoints(folder.checkpoints, preprocessing.to_mapping())
    begun_from, lost = (None, None) if past.fork_of else _begin_warm(network, base, folder, data)
    if lost and not checkpoints.any:
        raise lost
    trainer = Trainer(
        base,
        network,
        build_optimizer(base, network),
        data.task,
        train,
        validation,
        device,
        foundation.plan(base),
        events,
        checkpoints,
        control,
        Pictures(folder, preprocessing, data.samples.target),
        Evaluator(data.task, data.samples.outputs, device),
        fork_of=past.fork_of,
        lost_source=lost,
    )
    if not past.began:
        say_started(trainer, foundation, threads, begun_from)
    seeds.seed_noise(base.seed)
    return trainer


def _begin_warm(
    network: Network, base: Experiment, folder: RunFolder, data: Data
) -> tuple[dict[str, Any] | None, ExperimentError | None]:
    """Gives the network the weights of the run that it is to begin from, if from any: what the log says of it, and why
    they cannot be had. A run that has checkpoints of its own does without, unless none of them can be read."""
    try:
        source = find_source(base.warm_start, Store(folder.path.parent.parent), folder)
        return (begin_from(network, source, data.samples, base) if source else None), None
    except ExperimentError as error:
        return None, error


def _resume(trainer: Trainer, base: Experiment, past: Past) -> None:
    """Takes the trainer to the newest checkpoint that is whole; changes made behind it are made again."""
    state, problems = trainer.checkpoints.newest()
    adopted = False
    for problem in problems:
        print(problem)
    if state:
        _check_data(trainer, state)
        adopted = state.get("fork_of", "") != trainer.fork_of
        if adopted:
            _check_fork(state, past)
            adopt(trainer, state, base)
            _let_go_of_lost_best(trainer)
        else:
            restore(trainer, extended(state, past.planned_epochs) if past.planned_epochs else state, base)
        trainer.checkpoints.best_step = trainer.best.evaluation.step if trainer.best else None
    elif trainer.fork_of:
        raise _lost()
    elif trainer.lost_source:
        raise trainer.lost_source
    elif past.planned_epochs:
        plan_epochs(trainer, past.planned_epochs)
    say_resumed(trainer, torch.get_num_threads(), problems)
    if adopted:
        trainer.save("last")  # from now on it needs nothing of its parent's
    if trainer.reason_to_stop():
        trainer.waits_from = len(trainer.history)  # somebody wants it to go on: the wait begins anew
    now, trainer.due = past.changes_from(trainer.step)
    for path, value in now:
        # Its event stands: it was made at this very step, behind the checkpoint.
        change_again(trainer, path, value, silent=True)


def _let_go_of_lost_best(trainer: Trainer) -> None:
    """Has the best evaluation be one whose weights are there: its parent keeps those of its very best only."""
    if trainer.best and not trainer.checkpoints.has(trainer.best.evaluation.step):
        present = trainer.evaluation
        trainer.best = Best(present, None) if present and present.step == trainer.step else None


def _check_fork(state: State, past: Past) -> None:
    """Raises ExperimentError unless that is the state from which the run was forked."""
    if past.view.forked_at is None or state["epoch"] < past.view.forked_at - 1e-6:
        raise _lost()


def _lost() -> ExperimentError:
    return ExperimentError([Problem("", "the checkpoint that it was to go on from is damaged or gone; fork again")])


def _check_data(trainer: Trainer, state: State) -> None:
    before, now = state["plan"]["samples"], len(trainer.train_part)
    if before != now:
        message = f"the data has changed since the run began: {before:,} training samples then, {now:,} now"
        raise ExperimentError([Problem("data", message)])


def _train(trainer: Trainer) -> Ended:
    try:
        trainer.train()
        ending = Ended("finished", "epochs")
    except Ended as ended:
        ending = ended
    if ending.state == "stopped" and trainer.step != trainer.evaluated:
        try:
            trainer.evaluate()
        except Ended as interrupted:
            print(f"not evaluated: {interrupted}")
    trainer.write_losses(partial=True)
    restored = ending.state == "finished" and trainer.network.restores_best() and _restore_best(trainer)
    trainer.save("last")
    _take_last_picture(trainer, trainer.evaluation if restored else None)
    return ending


def _take_last_picture(trainer: Trainer, of: Evaluation | None) -> None:
    until = time.monotonic() + PATIENCE

    def look_up() -> None:
        if trainer.control.interruption and time.monotonic() > until:
            raise Ended("interrupted", trainer.control.interruption)

    try:
        trainer.pictures.take(trainer, look_up, of)
    except Ended as interrupted:
        print(f"no last picture: {interrupted}")


def _restore_best(trainer: Trainer) -> bool:
    """Puts the weights of the best evaluation in the place of the last ones, if they are others."""
    best = trainer.best
    if best is None or best.evaluation.step == trainer.step:
        return False
    try:
        state = best.state or trainer.checkpoints.at(best.evaluation.step)
    except (CheckpointError, OSError) as error:
        print(f"the best weights are lost: {error}")
        return False
    restore_weights(trainer, state)
    trainer.evaluation = best.evaluation
    return True


def _after_failure(trainer: Trainer, base: Experiment, diverged_at: int | None) -> dict[str, str]:
    """Saves what is worth it, and finds where figures went wrong if that is what ended the run."""
    try:
        trainer.save_best()
        if diverged_at is not None:
            trainer.save_snapshot()
        where = "" if diverged_at is None else where_it_diverged(trainer, base, diverged_at)
    except Exception:  # whatever broke the run may break this too
        traceback.print_exc()
        where = ""
    return {"where": where} if where else {}
