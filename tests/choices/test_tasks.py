"""Tasks: the figures that an evaluation reports, and the guess that they must beat."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.metrics import f1_score, r2_score
from torch import nn

from tui_trainer.choices.data import Samples
from tui_trainer.choices.losses import BinaryCrossEntropy, Loss
from tui_trainer.choices.models import Mlp
from tui_trainer.choices.tasks import CLASSIFICATION, REGRESSION, TASKS, Task, TaskError, task_for
from tui_trainer.engine.evaluate import Evaluator
from tui_trainer.engine.prepare import Part

TWO = Samples(np.zeros((3, 2), dtype=np.float32), np.array([0, 1, 1]), ("a", "b"))
SCORES = torch.tensor([[2.0, 0.0], [0.0, 1.0], [3.0, 0.0]])
TARGETS = torch.tensor([0, 1, 1])


def test_loss_and_accuracy_of_a_classification() -> None:
    figures = {name: value.item() for name, value in CLASSIFICATION.means(SCORES, TARGETS).items()}
    losses = [math.log(1 + math.exp(-2)), math.log(1 + math.exp(-1)), math.log(1 + math.exp(3))]

    assert figures == pytest.approx({"loss": sum(losses) / 3, "accuracy": 2 / 3})
    assert CLASSIFICATION.loss_function()(SCORES, TARGETS).item() == pytest.approx(figures["loss"])


EXAMPLES: dict[str, tuple[torch.Tensor, torch.Tensor]] = {
    "classification": (SCORES, TARGETS),
    "regression": (SCORES[:, :1], torch.tensor([0.5, 1.0, -1.0])),
    "language": (torch.randn(3, 4, 2), torch.tensor([[0, 1, 1, 0]] * 3)),
    "translation": (torch.randn(3, 4, 2), torch.tensor([[0, 1, 1, 0]] * 3)),
    "reconstruction": (torch.randn(3, 1, 2, 2), torch.randn(3, 1, 2, 2)),
}
"""A batch of outputs and targets of every task, with two classes or tokens."""


@pytest.mark.parametrize(("name", "task"), TASKS.items())
def test_every_task_measures_what_it_names(name: str, task: Task) -> None:
    scores, targets = EXAMPLES[name]
    part = Part(scores, targets)
    figures = Evaluator(task, 2, torch.device("cpu")).measure(nn.Identity(), part, lambda: None)

    assert task.name == name
    assert list(figures) == ["loss", *(metric.name for metric in task.metrics)]
    assert all(math.isfinite(value) for value in figures.values())
    assert set(task.baseline(targets.numpy(), targets.numpy(), 2)) == set(figures)
    assert task.loss_function()(scores, targets).item() == pytest.approx(figures["loss"], rel=1e-5)
    assert task.losses(scores, targets).mean().item() == pytest.approx(figures["loss"], rel=1e-5)
    assert task.losses(scores, targets).shape == (3,)


@pytest.mark.parametrize("kind", Loss.kinds())
def test_every_loss_is_zero_at_best_and_has_a_gradient_that_leads_there(kind: str) -> None:
    loss = Loss.pick(kind)
    task = next(TASKS[name] for name in loss.tasks)
    task = replace(task, criterion=loss.for_task(task.name))
    assert loss.tasks, loss.explanation()
    numbers = "regression" in loss.tasks and task.name == "regression"
    scores = torch.randn(6, 1 if numbers or loss.single_score else 2).requires_grad_()
    targets = torch.randn(6) if numbers else torch.arange(6) % 2
    before = task.loss_function()(scores, targets)
    optimizer = torch.optim.Adam([scores], lr=0.1)
    for _ in range(500):
        optimizer.zero_grad()
        task.loss_function()(scores, targets).backward()
        optimizer.step()

    assert 0 <= task.loss_function()(scores, targets).item() < 0.05 * before.item()


def test_two_classes_share_one_score_under_binary_cross_entropy() -> None:
    task = task_for(TWO, Mlp(), BinaryCrossEntropy())
    scores = torch.tensor([[2.0], [-1.0], [0.5]])
    both = torch.cat([torch.zeros(3, 1), scores], dim=1)

    assert task.signature(TWO).outputs == 1
    assert task.loss == "binary cross entropy"
    assert task.loss_function()(scores, TARGETS).item() == pytest.approx(
        CLASSIFICATION.loss_function()(both, TARGETS).item()
    )
    assert task.means(scores, TARGETS)["accuracy"].item() == pytest.approx(1 / 3)
    assert torch.allclose(task.probabilities(scores)[:, 1:], scores.sigmoid())
    figures = Evaluator(task, 2, torch.device("cpu")).measure(nn.Identity(), Part(scores, TARGETS), lambda: None)
    assert figures["macro_f1"] == pytest.approx(f1_score(TARGETS, [1, 0, 1], average="macro"))


@pytest.mark.parametrize(
    ("samples", "loss", "words"),
    [
        (replace(TWO, classes=("a", "b", "c")), "binary_cross_entropy", "this data has 3 .pick cross_entropy"),
        (TWO, "mse", "mse cannot judge classification .pick auto or cross_entropy or binary_cross_entropy"),
        (replace(TWO, task="regression", classes=()), "cross_entropy", "cannot judge regression .pick auto or mse"),
    ],
)
def test_a_loss_that_cannot_judge_the_task_is_refused(samples: Samples, loss: str, words: str) -> None:
    with pytest.raises(TaskError, match=words):
        task_for(samples, Mlp(), Loss.pick(loss))


def test_macro_f1_and_r2_of_many_chunks_are_those_of_all_samples() -> None:
    generator = torch.Generator().manual_seed(0)
    scores, classes = torch.randn(3000, 3, generator=generator), torch.randint(3, (3000,), generator=generator)
    figures = Evaluator(CLASSIFICATION, 3, torch.device("cpu")).measure(nn.Identity(), Part(scores, classes), _go_on)
    assert figures["macro_f1"] == pytest.approx(f1_score(classes, scores.argmax(dim=1), average="macro"), rel=1e-5)

    targets = scores[:, 0] + torch.randn(3000, generator=generator)
    figures = Evaluator(REGRESSION, 1, torch.device("cpu")).measure(nn.Identity(), Part(scores[:, :1], targets), _go_on)
    assert figures["r2"] == pytest.approx(r2_score(targets, scores[:, 0]), rel=1e-4)


def test_what_has_no_meaning_for_a_single_sample_is_no_number() -> None:
    part = Part(torch.zeros(1, 1), torch.ones(1))
    figures = Evaluator(REGRESSION, 1, torch.device("cpu")).measure(nn.Identity(), part, _go_on)
    assert math.isnan(figures["r2"])
    assert figures["loss"] == 1


def test_perplexity_is_the_exponential_of_the_loss() -> None:
    scores, targets = EXAMPLES["language"]
    figures = Evaluator(TASKS["language"], 2, torch.device("cpu")).measure(nn.Identity(), Part(scores, targets), _go_on)
    assert figures["perplexity"] == pytest.approx(math.exp(figures["loss"]), rel=1e-4)


def test_the_primary_metrics() -> None:
    assert (CLASSIFICATION.primary.name, CLASSIFICATION.primary.is_share) == ("accuracy", True)
    assert (REGRESSION.primary.heading, REGRESSION.primary.is_share) == ("Mean absolute error", False)
    assert not any(metric.is_share for metric in REGRESSION.metrics)


def _go_on() -> None:
    pass


def test_a_regression_learns_scaled_targets_and_reports_errors_in_their_own_unit() -> None:
    y = np.array([100, 300, 500], dtype=np.float32)
    task = REGRESSION.fitted(y)
    scaled = torch.from_numpy(task.targets(y, y))
    assert (scaled.mean().item(), scaled.std(correction=0).item()) == pytest.approx((0, 1), abs=1e-6)

    figures = {name: value.item() for name, value in task.means(torch.zeros(3, 1), scaled).items()}
    assert figures == pytest.approx({"loss": 1, "mae": 400 / 3})
    assert task.loss_function()(torch.zeros(3, 1), scaled).item() == pytest.approx(figures["loss"])
    assert task.target_scaling() == pytest.approx({"offset": 300, "scale": y.std()})


def test_the_baseline_of_a_regression_is_the_mean_of_the_training_targets() -> None:
    train, validation = np.array([0, 2], dtype=np.float32), np.array([1, 4], dtype=np.float32)
    assert REGRESSION.fitted(train).baseline(train, validation, 1) == pytest.approx(
        {"loss": 4.5, "mae": 1.5, "r2": 1 - 9 / 4.5}
    )


def test_targets_that_are_all_the_same_are_not_blown_up() -> None:
    y = np.full(5, 7, dtype=np.float32)
    task = REGRESSION.fitted(y)
    assert task.targets(y, np.array([7, 8], dtype=np.float32)).tolist() == [0, 1]


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
    guess = CLASSIFICATION.baseline(targets, targets, 10)
    assert guess == pytest.approx({"loss": math.log(10), "accuracy": 0.1, "macro_f1": 2 / 110})


@pytest.mark.parametrize(("common", "primary"), [(88, "macro_f1"), (75, "accuracy"), (50, "accuracy")])
def test_macro_f1_decides_where_one_class_is_far_commoner(common: int, primary: str) -> None:
    fitted = CLASSIFICATION.fitted(np.repeat([0, 1], [common, 100 - common]))
    assert fitted.primary.name == primary
    assert {metric.name for metric in fitted.metrics} == {"accuracy", "macro_f1"}
