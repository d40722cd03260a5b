"""Each cure that is called certain is judged better, over several seeds, where its illness is at home."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.findings.training import Trained, digits, preset
from tui_trainer.engine.control import Control
from tui_trainer.engine.run import train_run
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.schema import Experiment
from tui_trainer.insight.arms import group
from tui_trainer.insight.findings.base import Cure
from tui_trainer.insight.findings.diagnosis import diagnose
from tui_trainer.insight.verdict import Verdict, verdict
from tui_trainer.runs.records import RunView
from tui_trainer.runs.view import read

SEEDS = range(3)

CURES = {
    "lr-too-high": "lr 1 → 0.1",
    "lr-too-low": "lr 0.0003 → 0.03",
    "dying-relu": "lr 1.5 → 0.1",
    "vanishing-sigmoid": "activation sigmoid → relu",
    "xor-perceptron": "model linear → mlp",
    "linear-stays-linear": "activation identity → tanh",
}
"""The cure that stands first for each preset that is ill."""

OVERFITTING = {
    "digits-overfit": {"l2 off → 0.01": 5, "early_stopping off → 10": 5, "train_samples 300 → all": 3},
    "too-many-epochs": {"early_stopping off → 20": 5, "l2 off → 0.01": 5},
}
"""The cures of presets that overfit, the first one first, and how many seeds it takes to tell: overfitting costs
little."""

OTHERS: dict[str, tuple[Experiment, str]] = {
    "large weights": (
        digits(initialization={"kind": "normal", "std": 1.0}, optimizer={"lr": 0.01}),
        "initialization normal → auto",
    ),
    "unscaled": (digits(data={"kind": "digits", "scaling": "none"}), "scaling none → standard"),
    "strong decay": (digits(regularization={"l2": 0.3}), "l2 0.3 → 0.03"),
    "NaN": (digits(model={"hidden": [100] * 4}, optimizer={"kind": "momentum", "lr": 1.0}), "lr 1 → 0.01"),
}


@pytest.mark.parametrize("name", CURES)
def test_the_first_cure_of_a_preset_is_judged_better(trained: Trained, name: str) -> None:
    judged = _judge(trained, preset(name), CURES[name])
    assert judged.winner == 1, judged.headline


@pytest.mark.parametrize("name", OVERFITTING)
def test_the_cures_of_overfitting_are_judged_better(trained: Trained, name: str) -> None:
    """In one test, for all are measured against the same runs."""
    for words, seeds in OVERFITTING[name].items():
        judged = _judge(trained, preset(name), words, range(seeds))
        assert judged.winner == 1, f"{words}: {judged.headline}"


@pytest.mark.parametrize("name", OTHERS)
def test_the_first_cure_of_other_illnesses_is_judged_better(trained: Trained, name: str) -> None:
    experiment, words = OTHERS[name]
    judged = _judge(trained, experiment, words)
    assert judged.winner == 1, judged.headline


def test_a_run_that_was_lost_goes_on_from_before_that_and_is_mended(trained: Trained) -> None:
    experiment = digits(optimizer={"kind": "momentum", "lr": 0.1, "momentum": 0.98})
    lost = trained.view(experiment)
    cure = diagnose(lost)[0].cures[0]
    assert cure.changes == {"optimizer.lr": 0.01}
    lowest = min(lost.evaluations, key=lambda it: it.train["loss"])
    assert 0 < (cure.from_step or 0) <= lowest.step

    checkpoint = next(it for it in lost.checkpoints if it.step == cure.from_step)
    assert lost.present
    child = trained.store.fork(trained.folder(experiment), checkpoint, set_values(lost.present, dict(cure.changes)))
    assert train_run(child, Control()) == "finished"
    mended = read(child)
    assert verdict(group([lost, mended])).winner == 1
    assert "divergence" not in [finding.kind for finding in diagnose(mended)]


def _judge(trained: Trained, experiment: Experiment, words: str, seeds: Iterable[int] = SEEDS) -> Verdict:
    """What comes out when the cure of that name is tried with every seed; it must be offered with each of them."""
    ill = [trained.view(experiment.model_copy(update={"seed": seed})) for seed in seeds]
    cured = [_apply(trained, view, _cure(view, words)) for view in ill]
    arms = group([*ill, *cured])
    assert len(arms) == 2
    return verdict(arms)


def _cure(view: RunView, words: str) -> Cure:
    offered = [cure for finding in diagnose(view) for cure in finding.cures]
    found = next((cure for cure in offered if cure.words == words), None)
    assert found, [cure.words for cure in offered]
    assert found.certain
    return found


def _apply(trained: Trained, view: RunView, cure: Cure) -> RunView:
    assert view.present
    assert cure.from_step is None
    return trained.view(set_values(view.present, dict(cure.changes)))
