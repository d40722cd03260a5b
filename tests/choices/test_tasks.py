"""Tasks: the figures that an evaluation reports, and the guess that they must beat."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from tui_trainer.choices.tasks import CLASSIFICATION, REGRESSION, TASKS, Task

SCORES = torch.tensor([[2.0, 0.0], [0.0, 1.0], [3.0, 0.0]])
TARGETS = torch.tensor([0, 1, 1])


def test_loss_and_accuracy_of_a_classification() -> None:
    figures = {name: value.item() for name, value in CLASSIFICATION.measure(SCORES, TARGETS).items()}
    losses = [math.log(1 + math.exp(-2)), math.log(1 + math.exp(-1)), math.log(1 + math.exp(3))]

    assert figures == pytest.approx({"loss": sum(losses) / 3, "accuracy": 2 / 3})
    assert CLASSIFICATION.loss_function()(SCORES, TARGETS).item() == pytest.approx(figures["loss"])


@pytest.mark.parametrize(("name", "task"), TASKS.items())
def test_every_task_measures_what_it_names(name: str, task: Task) -> None:
    scores = SCORES if task is CLASSIFICATION else SCORES[:, :1]
    assert task.name == name
    assert set(task.measure(scores, TARGETS)) == {"loss", *(metric.name for metric in task.metrics)}
    assert set(task.baseline(TARGETS.numpy(), TARGETS.numpy(), 2)) == set(task.measure(scores, TARGETS))


def test_the_primary_metrics() -> None:
    assert (CLASSIFICATION.primary.name, CLASSIFICATION.primary.is_share) == ("accuracy", True)
    assert (REGRESSION.primary.heading, REGRESSION.primary.is_share) == ("Mean absolute error", False)


def test_a_regression_learns_scaled_targets_and_reports_errors_in_their_own_unit() -> None:
    y = np.array([100, 300, 500], dtype=np.float32)
    task = REGRESSION.fitted(y)
    scaled = torch.from_numpy(task.targets(y))
    assert (scaled.mean().item(), scaled.std(correction=0).item()) == pytest.approx((0, 1), abs=1e-6)

    figures = {name: value.item() for name, value in task.measure(torch.zeros(3, 1), scaled).items()}
    assert figures == pytest.approx({"loss": 1, "mae": 400 / 3})
    assert task.loss_function()(torch.zeros(3, 1), scaled).item() == pytest.approx(figures["loss"])
    assert task.target_scaling() == pytest.approx({"offset": 300, "scale": y.std()})


def test_the_baseline_of_a_regression_is_the_mean_of_the_training_targets() -> None:
    train, validation = np.array([0, 2], dtype=np.float32), np.array([1, 4], dtype=np.float32)
    assert REGRESSION.fitted(train).baseline(train, validation, 1) == pytest.approx({"loss": 4.5, "mae": 1.5})


def test_targets_that_are_all_the_same_are_not_blown_up() -> None:
    task = REGRESSION.fitted(np.full(5, 7, dtype=np.float32))
    assert task.targets(np.array([7, 8], dtype=np.float32)).tolist() == [0, 1]


def test_the_baseline_guesses_the_commonest_training_class() -> None:
    train = np.array([0] * 79 + [1] * 19)
    baseline = CLASSIFICATION.baseline(train, np.array([0, 0, 0, 1]), 2)

    assert baseline["accuracy"] == 0.75
    assert baseline["loss"] == pytest.approx(-(3 * math.log(0.8) + math.log(0.2)) / 4)


def test_a_class_that_training_never_shows_leaves_the_baseline_finite() -> None:
    baseline = CLASSIFICATION.baseline(np.array([0, 0, 1]), np.array([2]), 3)

    assert baseline["accuracy"] == 0
    assert baseline["loss"] == pytest.approx(math.log(6))


def test_equal_classes_make_the_baseline_a_fair_guess() -> None:
    targets = np.arange(100) % 10
    assert CLASSIFICATION.baseline(targets, targets, 10) == pytest.approx({"loss": math.log(10), "accuracy": 0.1})
