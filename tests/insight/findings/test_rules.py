"""The rules on plain values: what a series must look like for them to speak, and what keeps them silent."""

from __future__ import annotations

import dataclasses
import math
import random
import re
from collections.abc import Sequence
from typing import Any

import pytest

from tests.insight.own_data import logs
from tui_trainer.choices.tasks import REGRESSION, TASKS
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.schema import Experiment
from tui_trainer.insight.findings.base import Finding
from tui_trainer.insight.findings.diagnosis import diagnose
from tui_trainer.insight.generalization import generalization
from tui_trainer.runs.records import (
    Change,
    Checkpoint,
    DataFacts,
    Evaluation,
    LayerFigures,
    LayersAt,
    LayerShape,
    RunView,
)

UPDATES = 10  # an epoch
TEN_CLASSES = {"loss": math.log(10), "accuracy": 0.1}


def view(
    train: Sequence[float],
    validation: Sequence[float] | None = None,
    *,
    accuracy: Sequence[float] = (),
    experiment: Experiment | dict[str, Any] | None = None,
    layers: Sequence[LayerFigures] = (),
    **fields: Any,
) -> RunView:
    """A run with these losses at the end of its epochs, the first before training."""
    made = (
        experiment if isinstance(experiment, Experiment) else parse({"training": {"epochs": 30}, **(experiment or {})})
    )
    held_out = train if validation is None else validation
    shares = accuracy or [0.8] * len(train)
    evaluations = tuple(
        Evaluation(UPDATES * i, float(i), {"loss": a, "accuracy": share}, {"loss": b, "accuracy": share})
        for i, (a, b, share) in enumerate(zip(train, held_out, shares, strict=True))
    )
    values: dict[str, Any] = {
        "experiment": made,
        "present": made,
        "samples": {"train": 1000, "validation": 400},
        "classes": tuple("0123456789"),
        "layers_shape": tuple(LayerShape(f"hidden {i}", (100,), 100) for i in range(2)),
        "baseline": TEN_CLASSES,
        "epoch": float(len(train) - 1),
        "step": UPDATES * (len(train) - 1),
        "planned_epochs": made.training.epochs,
        "evaluations": evaluations,
        "best": evaluations[-1],
        "layers": tuple(LayersAt(it.step, it.epoch, tuple(layers)) for it in evaluations[1:]) if layers else (),
    }
    return RunView("id", "name", **({"state": "running"} | values | fields))


def layer(name: str = "hidden 1", **figures: Any) -> LayerFigures:
    return LayerFigures(
        **{"name": name, "gradient_norm": 0.5, "update_ratio": 0.01, "weight_norm": 9.0, "zero_share": 0.0}
        | {"dead_share": 0.0}
        | figures
    )


def kinds(run: RunView) -> list[str]:
    return [finding.kind for finding in diagnose(run)]


def only(run: RunView) -> Finding:
    (finding,) = diagnose(run)
    return finding


def falling(start: float, end: float, epochs: int) -> list[float]:
    return [start * (end / start) ** (i / epochs) for i in range(epochs + 1)]


def test_a_run_without_anything_is_not_ill() -> None:
    assert diagnose(RunView("id", "", "starting")) == ()
    assert diagnose(view([2.4])) == ()
    assert diagnose(view([2.4, math.nan])) != ()


# overfitting


def test_a_large_relative_gap_near_zero_is_no_overfitting() -> None:
    train, validation = falling(2.4, 0.0001, 20), falling(2.4, 0.05, 20)
    assert diagnose(view(train, validation)) == ()


def test_a_small_rise_is_no_overfitting() -> None:
    validation = [*falling(2.4, 0.05, 10), *[0.09] * 10]  # nearly doubled, but 0.04 of 2.3
    assert diagnose(view(falling(2.4, 0.001, 20), validation)) == ()


def test_a_leap_of_validation_loss_is_no_overfitting() -> None:
    validation = falling(2.4, 0.3, 20)
    validation[15] = validation[19] = 1.5
    assert diagnose(view(falling(2.4, 0.01, 20), validation)) == ()


def test_a_validation_loss_that_rises_with_the_train_loss_is_no_overfitting() -> None:
    losses = [*falling(2.4, 0.3, 10), *[0.4] * 10]
    assert "overfitting" not in kinds(view(losses, losses))


def test_overfitting_says_since_when_and_by_how_much() -> None:
    validation = [*falling(2.4, 0.4, 10), *[0.4 + 0.05 * i for i in range(1, 11)]]
    finding = only(view(falling(2.4, 0.01, 20), validation))
    assert finding.kind == "overfitting"
    assert finding.title == "overfitting since epoch 10"
    assert "0.4 → 0.8" in finding.evidence


def test_a_gap_of_the_accuracy_alone_is_told_as_well() -> None:
    run = view(falling(2.4, 0.01, 20), [*falling(2.4, 0.6, 10), *[0.6] * 10])
    behind = [
        dataclasses.replace(it, train={**it.train, "accuracy": 1.0}, validation={**it.validation, "accuracy": 0.75})
        for it in run.evaluations
    ]
    assert only(dataclasses.replace(run, evaluations=tuple(behind))).kind == "overfitting"
    few = dataclasses.replace(run, evaluations=tuple(behind), samples={"train": 40, "validation": 10})
    assert diagnose(few) == ()
    still_learning = dataclasses.replace(run, evaluations=tuple(behind[:11]))
    assert diagnose(still_learning) == ()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("houses", "overfitting since epoch 20"),
        ("shapes", "overfitting: accuracy 1 against 0.75"),
        ("customers", "overfitting since epoch 2"),
    ],
)
def test_overfitting_on_few_samples_of_ones_own_is_told(name: str, title: str) -> None:
    assert title in [finding.title for finding in diagnose(logs.run(name))]


@pytest.mark.parametrize("name", ["houses", "customers"])
def test_a_loss_that_is_said_to_have_risen_is_found_as_well(name: str) -> None:
    """What stands over the findings does not say what they do not, but for a few evaluations."""
    epochs = len(logs.run(name).evaluations)
    views = [logs.run(name, epoch) for epoch in range(epochs)]
    risen = [view for view in views if (said := generalization(view)) and said.rising_since is not None]
    assert risen
    unexplained = [view.epoch for view in risen if "overfitting" not in kinds(view)]
    assert len(unexplained) <= 0.1 * len(risen), unexplained


def test_where_training_stopped_early_nothing_is_overfitted() -> None:
    assert "overfitting" not in kinds(logs.run("customers-stopped-early"))


@pytest.mark.parametrize(
    ("experiment", "offered"),
    [
        ({}, ["l2 off → 0.01", "early_stopping off → 5", "dropout off → 0.2"]),
        ({"model": "linear"}, ["l2 off → 0.01", "early_stopping off → 5"]),
        ({"data": {"train_samples": 300}}, [*["l2 off → 0.01", "early_stopping off → 5"], "train_samples 300 → all"]),
        ({"regularization": {"l2": 0.001, "dropout": 0.2}}, ["l2 0.001 → 0.01", "dropout 0.2 → 0.3"]),
        ({"regularization": {"l2": 0.01, "early_stopping": True}}, ["dropout off → 0.2"]),
    ],
)
def test_cures_of_overfitting_respect_what_the_experiment_is(experiment: dict[str, Any], offered: list[str]) -> None:
    validation = [*falling(2.4, 0.4, 10), *[0.4 + 0.05 * i for i in range(1, 11)]]
    finding = only(view(falling(2.4, 0.01, 20), validation, experiment=experiment))
    words = [cure.words for cure in finding.cures]
    assert [word for word in words if word in offered] == offered
    assert not any("dropout" in word for word in words) or "model" not in experiment


# divergence


def test_a_loss_that_is_not_finite_names_the_reason() -> None:
    run = view(
        [2.4, 1.0, math.nan], state="failed", reason="diverged: the loss became NaN at step 17", where="hidden 2"
    )
    run = dataclasses.replace(run, checkpoints=_checkpoints(10))
    finding = only(run)
    assert finding.kind == "divergence"
    assert finding.evidence == "the loss became NaN at step 17, first in hidden 2"
    assert finding.cures[0].words == "lr 0.1 → 0.01"
    assert finding.cures[0].from_step == 10


def test_what_went_wrong_before_the_first_checkpoint_is_trained_anew() -> None:
    run = dataclasses.replace(view([2.4, 30.0, 60.0]), checkpoints=_checkpoints(0, 10, 20))
    assert only(run).cures[0].from_step is None


def test_a_network_that_never_learned_is_trained_anew() -> None:
    """At a checkpoint at which it was no better than a guess, its units may be dead or saturated already."""
    run = dataclasses.replace(view([2.3, 2.35, 2.3, 2.32, 12.0, 14.0]), checkpoints=_checkpoints(0, 10, 20, 30))
    assert only(run).kind == "divergence"
    assert only(run).cures[0].from_step is None


def test_no_checkpoint_from_after_it_went_wrong_is_taken() -> None:
    losses = [*falling(2.4, 0.2, 5), 0.5, 0.9, 1.0, 1.1, 1.0, 1.1, 1.2]
    run = dataclasses.replace(view(losses), checkpoints=_checkpoints(20, 40, 70, 110))
    finding = only(run)
    assert finding.title == "train loss has grown since epoch 5"
    assert finding.cures[0].from_step == 40


def test_a_checkpoint_that_was_thinned_out_is_not_taken() -> None:
    losses = [*falling(2.4, 0.2, 5), 0.5, 0.9, 1.0, 1.1, 1.0, 1.1, 1.2]
    thinned = tuple(dataclasses.replace(it, reasons=("last",)) for it in _checkpoints(20, 40))
    run = dataclasses.replace(view(losses), checkpoints=(*thinned, *_checkpoints(70, 110)))
    assert only(run).cures[0].from_step is None


def test_the_optimizers_own_rate_is_offered_where_a_tenth_is_more() -> None:
    optimizer = {"kind": "momentum", "lr": 3.0}
    assert only(view([2.4, 50.0], experiment={"optimizer": optimizer})).cures[0].words == "lr 3 → 0.01"


def test_what_was_before_a_live_change_does_not_count() -> None:
    losses = [2.4, 50.0, 60.0, 55.0, 2.2, 1.8, 1.5, 1.2, 1.0]
    run = view(losses)
    assert kinds(view(losses[:4])) == ["divergence"]
    changed = Change(30, 3.0, "optimizer.lr", 1.0, 0.1)
    mended = dataclasses.replace(run, changes=(changed,))
    assert diagnose(mended) == ()
    unharmed = dataclasses.replace(view(losses[:4]), changes=(dataclasses.replace(changed, path="training.pace"),))
    assert kinds(unharmed) == ["divergence"]


# layers


def test_dead_units_in_a_run_that_learns_are_no_matter() -> None:
    layers = [layer(dead_share=0.8), layer("output", dead_share=None)]
    assert diagnose(view(falling(2.4, 0.1, 10), layers=layers)) == ()
    assert kinds(view([2.4, *[2.3] * 10], layers=layers)) == ["dead-units"]


DEAD = [
    layer(gradient_norm=0.0, update_ratio=0.0, dead_share=0.98),
    layer("hidden 2", gradient_norm=0.0, update_ratio=0.0, dead_share=1.0),
    layer("output", gradient_norm=0.0, update_ratio=0.0, dead_share=None),
]


def test_units_that_died_before_a_live_change_are_still_dead_after_it() -> None:
    run = view([2.4, 3.5, 3.3, 4.3, 4.0], layers=DEAD)
    for step in (35, 40):
        changed = dataclasses.replace(run, changes=(Change(step, step / UPDATES, "optimizer.lr", 20.0, 10.0),))
        finding = only(changed)
        assert finding.title == "all units of hidden 2 are dead"
        assert "a smaller learning rate does not bring them back: only the biases" in finding.why
    alive = LayersAt(50, 5.0, (layer(), layer("hidden 2"), layer("output", dead_share=None)))
    revived = dataclasses.replace(run, layers=(*run.layers, alive), changes=(Change(40, 4.0, "x", 1, 2),))
    assert "dead-units" not in kinds(revived)


def test_a_layer_that_is_dead_explains_a_loss_that_grows_and_leaps() -> None:
    for losses in ([2.4, 3.5, 3.3, 4.3, 4.0], [2.4, 3.3, 12.0, 11.0, 13.0], [2.4, *[3.0, 8.0] * 9]):
        assert kinds(view(losses, layers=DEAD)) == ["dead-units"]
    assert kinds(view([2.4, 3.3, math.inf], layers=DEAD)) == ["divergence"]


def test_a_run_that_had_learned_goes_on_from_then_although_a_layer_is_dead_now() -> None:
    run = dataclasses.replace(view([2.4, 0.5, 12.0, 11.0, 13.0], layers=DEAD), checkpoints=_checkpoints(0, 10, 20))
    assert only(run).kind == "divergence"
    assert only(run).cures[0].from_step == 10


def test_only_where_no_weights_move_is_that_said() -> None:
    shrinking = [DEAD[0], DEAD[1], layer("output", update_ratio=0.001, dead_share=None)]
    assert "biases" not in only(view([2.4, *[2.3] * 4], layers=shrinking)).why


def test_units_that_cannot_die_are_not_called_dead() -> None:
    layers = [layer(dead_share=0.8), layer("output", dead_share=None)]
    leaky = {"activation": {"kind": "leaky_relu", "slope": 0.01}}
    assert "dead-units" not in kinds(view([2.4, *[2.3] * 10], layers=layers, experiment=leaky))
    flat = {"activation": {"kind": "leaky_relu", "slope": 0.0}}
    assert "dead-units" in kinds(view([2.4, *[2.3] * 10], layers=layers, experiment=flat))


def test_a_gradient_that_a_step_does_not_pass_is_explained_by_the_step() -> None:
    layers = [layer(gradient_norm=0.0, dead_share=1.0), layer("output", dead_share=None)]
    finding = only(view([2.4, *[2.3] * 10], layers=layers, experiment={"activation": "step"}))
    assert finding.kind == "vanishing-gradients"
    assert "flat everywhere" in finding.why
    assert finding.cures[0].words == "activation step → relu"


def test_vanishing_gradients_of_bad_weights_are_mended_by_better_ones() -> None:
    layers = [layer(gradient_norm=1e-9), layer("output", dead_share=None)]
    experiment = {"initialization": {"kind": "normal", "std": 0.01}, "activation": "tanh"}
    finding = only(view([2.5, *[2.31] * 10], layers=layers, experiment=experiment))
    assert finding.kind == "vanishing-gradients"
    assert finding.cures[0].changes == {"initialization": "auto"}


# slow, at chance, resting


def test_learning_too_slow_waits_for_a_quarter_of_the_plan() -> None:
    layers = [layer(update_ratio=1e-4), layer("output", update_ratio=1e-4, dead_share=None)]
    slow = [2.4 - 0.01 * i for i in range(31)]
    experiment = {"optimizer": {"lr": 0.001}, "training": {"epochs": 30}}
    assert diagnose(view(slow[:7], layers=layers, experiment=experiment)) == ()
    finding = only(view(slow[:12], layers=layers, experiment=experiment))
    assert finding.kind == "too-slow"
    assert finding.cures[0].words == "lr 0.001 → 0.1"


def test_an_accuracy_that_wanders_at_chance_is_at_chance() -> None:
    wandering = [0.5, 0.41, 0.6, 0.55, 0.38, 0.62, 0.45, 0.58, 0.5, 0.6, 0.57]
    run = view(
        [0.7] * 11,
        accuracy=wandering,
        experiment={"model": "linear"},
        classes=("a", "b"),
        baseline={"loss": math.log(2), "accuracy": 0.5},
    )
    finding = only(run)
    assert finding.kind == "at-chance"
    assert finding.cures[0].changes == {"model": "mlp"}


def test_a_rest_that_is_over_soon_is_no_plateau() -> None:
    losses = [2.4, *[1.6] * 7]
    assert diagnose(view(losses)) == ()
    assert kinds(view([2.4, *[1.6] * 14])) == ["plateau"]
    assert diagnose(view([2.4, *[0.2] * 14])) == ()


def test_a_short_run_underfits_only_when_it_has_ended() -> None:
    losses, shares = falling(2.4, 1.5, 30), [0.4] * 31
    layers = [layer(), layer("output", dead_share=None)]
    assert diagnose(view(losses, accuracy=shares, layers=layers)) == ()
    finding = only(view(losses, accuracy=shares, layers=layers, state="finished"))
    assert finding.kind == "underfitting"
    assert finding.cures[0].words == "epochs 30 → 100"


# the data


def test_hints_stand_behind_problems() -> None:
    facts = DataFacts((1000, 10), ("weight",), "age", 0.99, 0, 400)
    run = view([2.4, 30.0, 60.0], facts=facts, features=("age", "weight"))
    told = diagnose(run)
    assert [finding.severity for finding in told] == ["problem", "hint", "hint", "hint"]
    assert told[0].kind == "divergence"


def test_a_feature_that_alone_is_good_on_few_rows_may_be_luck() -> None:
    facts = DataFacts((500, 500), (), "age", 1.0, 0, 30)
    assert diagnose(view([2.4, 0.5], facts=facts, features=("age", "weight"))) == ()


@pytest.mark.parametrize("losses", [[2.4, 30.0, 60.0], [2.4, *[2.3] * 14], [2.4, *[1.6] * 14]])
@pytest.mark.parametrize("model", ["mlp", "linear"])
@pytest.mark.parametrize("activation", ["relu", "sigmoid", "identity", "step"])
def test_every_cure_can_be_made(losses: list[float], model: str, activation: str) -> None:
    experiment = parse(
        {
            "model": model,
            "activation": activation,
            "data": {"kind": "digits", "scaling": "none", "train_samples": 300},
            "initialization": {"kind": "normal"},
            "regularization": {"l2": 0.1},
            "training": {"epochs": 30},
        }
    )
    cures = [cure for finding in diagnose(view(losses, experiment=experiment)) for cure in finding.cures]
    assert cures
    for cure in cures:
        changed = set_values(experiment, dict(cure.changes))
        assert changed != experiment
        assert changed.activation.kind == activation or model != "linear"


@pytest.mark.parametrize("seed", range(300))
def test_whatever_a_log_says_it_is_read(seed: int) -> None:
    draw = random.Random(seed)
    odd = [0.0, -1.0, 1e-300, 1e300, math.inf, math.nan, 0.5, 2.3, 60.0]

    def some(count: int) -> list[float]:
        return [draw.choice(odd) if draw.random() < 0.3 else draw.uniform(0, 3) for _ in range(count)]

    def figures() -> dict[str, Any]:
        names = ("gradient_norm", "update_ratio", "weight_norm", "zero_share", "dead_share", "saturated_share")
        return dict(zip(names, some(6), strict=True))

    epochs = draw.randrange(40)
    run = view(
        some(epochs + 1),
        some(epochs + 1),
        accuracy=some(epochs + 1),
        experiment={
            "activation": draw.choice(["relu", "tanh", "step", "identity"]),
            "model": draw.choice(["mlp", "linear"]),
        },
        state=draw.choice(["running", "finished", "failed"]),
        reason=draw.choice(["", "epochs", "diverged: the loss became NaN at step 3"]),
        baseline=draw.choice([TEN_CLASSES, {}, {"loss": math.inf}, {"loss": 0.0, "accuracy": 1.0}]),
        classes=draw.choice([(), ("a",), ("a", "b")]),
        samples=draw.choice([{}, {"train": 0, "validation": 0}, {"validation": 3}]),
        planned_epochs=draw.choice([0, 1, 30, 10**9]),
        layers_shape=(),
        best=None,
        features=("a", "b"),
        facts=draw.choice([None, DataFacts(), DataFacts((0, 5), ("a",), "b", math.nan, 5, 5)]),
        changes=draw.choice([(), (Change(10, 1.0, "optimizer.lr", 1, 2),), (Change(10**6, 1e5, "x", 1, 2),)]),
    )
    layers = tuple(
        LayersAt(step, step / UPDATES, tuple(layer(str(i), **figures()) for i in range(draw.randrange(4))))
        for step in range(0, UPDATES * epochs, UPDATES)
    )
    for finding in diagnose(dataclasses.replace(run, layers=layers)):
        assert finding.title
        assert finding.why


def _checkpoints(*steps: int) -> tuple[Checkpoint, ...]:
    return tuple(Checkpoint(step, step / UPDATES, str(step), ("ladder", "last"), 1000) for step in steps)


# A number instead of a class


def regression(train: Sequence[float], validation: Sequence[float], scale: float = 1.0, **fields: Any) -> RunView:
    """A run whose errors these are, in units of what the mean gets; its loss is their square."""
    made = view([it**2 for it in train], [it**2 for it in validation], **fields)
    evaluations = tuple(
        dataclasses.replace(it, train={**it.train, "mae": scale * a}, validation={**it.validation, "mae": scale * b})
        for it, a, b in zip(made.evaluations, train, validation, strict=True)
    )
    baseline = {"loss": 1.0, "mae": scale}
    return dataclasses.replace(made, task=REGRESSION, classes=(), evaluations=evaluations, baseline=baseline)


@pytest.mark.parametrize("scale", [0.01, 1.0, 1e4])
def test_an_error_on_validation_that_stays_far_behind_is_overfitting_in_any_unit(scale: float) -> None:
    behind = regression([1.0, 0.5, *[0.2] * 28], [1.0, 0.6, *[0.5] * 28], scale)
    (found,) = [it for it in diagnose(behind) if it.kind == "overfitting"]
    figures = {10_000.0: "2,000 against 5,000"}.get(scale, f"{0.2 * scale:.2g} against {0.5 * scale:.2g}")
    assert found.title == f"overfitting: mae {figures}"
    close = regression([1.0, 0.5, *[0.4] * 28], [1.0, 0.5, *[0.5] * 28], scale)
    assert "overfitting" not in kinds(close)


def test_what_came_after_the_weights_that_were_put_back_is_no_overfitting() -> None:
    train, validation = [1.0, 0.8, *[0.5] * 8, *[0.2] * 10], [1.0, 0.8, *[0.55] * 8, *[0.6] * 10]
    stopped = regression(train, validation, state="finished", experiment={"regularization": {"early_stopping": 10}})
    put_back = dataclasses.replace(stopped, best=stopped.evaluations[9])
    assert "overfitting" not in kinds(put_back)
    assert "overfitting" in kinds(dataclasses.replace(put_back, state="running"))
    kept = dataclasses.replace(regression(train, validation, state="finished"), best=put_back.best)
    assert "overfitting" in kinds(kept)


def test_a_line_that_explains_some_of_a_number_may_have_left_only_noise() -> None:
    runs = [regression([it] * 30, [it] * 30, state="finished", experiment={"model": "linear"}) for it in (0.65, 1.1)]
    (some,) = diagnose(runs[0])
    assert (some.kind, some.severity) == ("underfitting", "hint")
    assert "noisy data" in some.title
    assert not any(cure.certain for cure in some.cures)
    assert all(it.severity == "problem" for it in diagnose(runs[1]))


def test_an_error_that_leaps_out_of_all_bounds_is_no_overfitting() -> None:
    errors = [1.0, 3.0, 9.0, 12.0, 14.0, 13.0, 15.0, 14.0, 16.0, 18.0, 20.0, 21.0]
    assert kinds(regression(errors, [1.3 * it for it in errors])) == ["divergence"]


def test_what_is_said_of_a_predicted_number_knows_no_classes() -> None:
    learned = [1 / (1 + i / 4) for i in range(30)]
    slowly = [0.95 - i / 500 for i in range(30)]
    ill = [
        regression(learned, [*learned[:5], *[0.5 + i / 20 for i in range(25)]]),
        regression([1.0] * 30, [1.0] * 30),
        regression([1.0] * 30, [1.0] * 30, experiment={"model": "linear"}),
        regression(slowly, slowly, state="finished"),
        regression([0.9] * 30, [0.9] * 30, state="finished", experiment={"model": "linear"}),
    ]
    told = [finding for run in ill for finding in diagnose(run)]
    assert {finding.kind for finding in told} == {"overfitting", "at-chance", "underfitting"}
    for finding in told:
        assert not re.search("class|boundar|sure", finding.title + finding.evidence + finding.why), finding


# schedules

SWINGING = [2.3, 2.0, *[0.4, 1.4] * 8]


@pytest.mark.parametrize("schedule", ["one_cycle", "cosine", "reduce_on_plateau"])
def test_steps_that_are_still_to_become_small_are_not_called_oscillation(schedule: str) -> None:
    run = view(SWINGING, experiment={"schedule": schedule}, updates_per_epoch=UPDATES, planned_steps=30 * UPDATES)
    assert "oscillation" not in kinds(run)
    assert "oscillation" in kinds(dataclasses.replace(run, state="finished"))
    assert "oscillation" in kinds(view(SWINGING))


def test_an_update_that_the_schedule_made_small_asks_for_no_larger_learning_rate() -> None:
    falls = [2.3 - i / 50 for i in range(31)]
    end = layer(update_ratio=1e-5)  # of a cosine that is nearly down to 0
    fields: dict[str, Any] = {"updates_per_epoch": UPDATES, "planned_steps": 30 * UPDATES, "layers": [end]}
    assert "too-slow" in kinds(view(falls, **fields))
    assert "too-slow" not in kinds(view(falls, experiment={"schedule": "cosine"}, **fields))


def test_a_loss_that_rests_because_the_schedule_is_at_its_end_is_no_plateau() -> None:
    rests = [2.3, 2.0, *[1.5] * 28]
    fields: dict[str, Any] = {"updates_per_epoch": UPDATES, "planned_steps": 30 * UPDATES}
    assert "plateau" in kinds(view(rests, **fields))
    assert "plateau" not in kinds(view(rests, experiment={"schedule": "cosine"}, **fields))


def test_nothing_is_at_chance_before_the_learning_rate_has_its_size() -> None:
    flat = [math.log(10)] * 12
    warm = {"schedule": {"warmup": 1000}}
    fields: dict[str, Any] = {"accuracy": [0.1] * 12}
    assert "at-chance" in kinds(view(flat, **fields))
    assert kinds(view(flat, experiment=warm, **fields)) == []


def test_a_warm_up_longer_than_the_run_is_noticed() -> None:
    falls = falling(2.3, 0.2, 30)
    fields: dict[str, Any] = {"updates_per_epoch": UPDATES, "planned_steps": 30 * UPDATES}
    found = only(view(falls, experiment={"schedule": {"kind": "cosine", "warmup": 5000}}, **fields))
    assert (found.kind, found.severity) == ("endless-warmup", "hint")
    assert [cure.words for cure in found.cures] == ["warmup 5000 → 20"]
    assert kinds(view(falls, experiment={"schedule": {"kind": "cosine", "warmup": 100}}, **fields)) == []


# networks that bring their own activations, and those that look at no classes


def test_a_recurrent_network_that_guesses_draws_no_straight_lines() -> None:
    flat = [math.log(10)] * 12
    experiment = {"data": "remember_first", "model": "rnn"}
    told = only(view(flat, accuracy=[0.1] * 12, experiment=experiment))
    assert told.kind == "at-chance"
    assert "straight" not in told.why


def test_what_is_said_of_an_autoencoder_knows_neither_classes_nor_curves() -> None:
    poor = [1.0, *[0.8 - i / 500 for i in range(29)]]
    made = regression(poor, poor, experiment={"data": "digits", "model": "autoencoder"}, state="finished")
    facts = DataFacts(class_counts=(1000, 2), best_feature="a", best_feature_score=1.0, rows_compared=400)
    run = dataclasses.replace(made, task=TASKS["reconstruction"], classes=("0", "1"), features=("a", "b"), facts=facts)
    told = {finding.kind: finding for finding in diagnose(run)}
    assert list(told) == ["underfitting"]
    assert not re.search("class|curve", told["underfitting"].why)
    assert "bottleneck 2 → 8" in [cure.words for cure in told["underfitting"].cures]
