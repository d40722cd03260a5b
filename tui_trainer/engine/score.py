"""Scores a run's network on the test part: samples that neither trained it nor helped to choose it."""

from __future__ import annotations

from pathlib import Path

from tui_trainer.engine import prepare
from tui_trainer.engine.checkpoints import CheckpointError, Checkpoints, State, fits_data
from tui_trainer.engine.describe import lay_foundation
from tui_trainer.engine.evaluate import Evaluator
from tui_trainer.engine.past import read_past
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.score import TestScore, keep_score, read_score
from tui_trainer.runs.view import RunView


def score(folder: RunFolder) -> TestScore:
    """The score of the network that the run leaves behind: that of its best evaluation.

    The same network is not scored again. Raises ExperimentError with what stands in the way, OSError.
    """
    view = read_past(folder).view
    if folder.lock_state().held:
        raise _problem("this run still trains; the test part is for the network that it leaves behind")
    experiment = view.present_at(view.best.step) if view.best else None
    if view.best is None or experiment is None:
        raise _problem("this run has no evaluation yet")
    if not experiment.data.test_share:
        raise _problem("this run set no test part aside: start one with data.test_share above 0, such as 0.1")
    known = read_score(folder)
    if known and known.step == view.best.step:
        return known
    state = _best_state(folder, view)
    figures, samples = _measure(experiment, state, folder.checkpoints / str(view.best.step))
    return keep_score(folder, view.best.step, view.best.epoch, figures, samples)


def _best_state(folder: RunFolder, view: RunView) -> State:
    assert view.best
    try:
        return Checkpoints(folder.checkpoints, {}).at(view.best.step)
    except (CheckpointError, OSError) as error:
        raise _problem(f"the checkpoint of its best epoch cannot be read: {error}") from None


def _measure(experiment: Experiment, state: State, checkpoint: Path) -> tuple[dict[str, float], int]:
    foundation = lay_foundation(experiment)
    data, device = foundation.data, foundation.device.torch
    preprocessing = data.preprocessing(experiment.data)
    same_size = state["plan"]["samples"] == len(data.split.train)
    if not same_size or not fits_data(checkpoint, preprocessing.to_mapping()):
        raise _problem("the data has changed since the run: its test part would not be the one that was set aside")
    network = foundation.build(experiment, device)
    try:
        network.model.load_state_dict(state["model"])
    except RuntimeError:
        raise _problem("the checkpoint's weights are those of another network") from None
    part = data.part(data.split.test, preprocessing, device)
    prepare.forget()
    evaluator = Evaluator(data.task, data.samples.outputs, device)
    try:
        return evaluator.measure(network.model.eval(), part, lambda: None), len(part)
    finally:
        part.close()


def _problem(message: str) -> ExperimentError:
    return ExperimentError([Problem("", message)])
