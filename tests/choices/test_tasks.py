"""Tasks: the figures that an evaluation reports, and the guess that they must beat."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from tui_trainer.choices.tasks import CLASSIFICATION, TASKS

SCORES = torch.tensor([[2.0, 0.0], [0.0, 1.0], [3.0, 0.0]])
TARGETS = torch.tensor([0, 1, 1])


def test_loss_and_accuracy_of_a_classification() -> None:
    figures = {name: value.item() for name, value in CLASSIFICATION.measure(SCORES, TARGETS).items()}
    losses = [math.log(1 + math.exp(-2)), math.log(1 + math.exp(-1)), math.log(1 + math.exp(3))]

    assert figures == pytest.approx({"loss": sum(losses) / 3, "accuracy": 2 / 3})
    assert CLASSIFICATION.loss_function()(SCORES, TARGETS).item() == pytest.approx(figures["loss"])


def test_every_task_measures_what_it_names() -> None:
    for name, task in TASKS.items():
        assert task.name == name
        assert set(task.measure(SCORES, TARGETS)) == {"loss", *(metric.name for metric in task.metrics)}
        assert set(task.baseline(TARGETS.numpy(), TARGETS.numpy(), 2)) == set(task.measure(SCORES, TARGETS))
    assert CLASSIFICATION.primary.name == "accuracy"
    assert CLASSIFICATION.primary.higher_is_better


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
