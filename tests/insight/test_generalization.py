"""The gap, the best epoch, and since when validation loss rises."""

from __future__ import annotations

from math import isnan, nan

import pytest

from tui_trainer.choices.tasks import Metric, Task
from tui_trainer.insight.generalization import generalization, rising_since
from tui_trainer.runs.view import Evaluation, RunView


def evaluation(epoch: float, train: float, validation: float, losses: tuple[float, float] = (0.1, 0.2)) -> Evaluation:
    return Evaluation(
        step=int(epoch * 10),
        epoch=epoch,
        train={"accuracy": train, "loss": losses[0]},
        validation={"accuracy": validation, "loss": losses[1]},
    )


def with_losses(*losses: float) -> list[Evaluation]:
    return [evaluation(epoch, 0.9, 0.9, (0.1, loss)) for epoch, loss in enumerate(losses, start=1)]


def test_the_gap_is_train_minus_validation_at_the_last_and_at_the_best_epoch() -> None:
    best = evaluation(31, 0.99, 0.918)
    evaluations = (evaluation(1, 0.5, 0.52), best, evaluation(201, 1.0, 0.905, (0.001, 0.413)))
    view = RunView("id", "name", "finished", evaluations=evaluations, best=best, baseline={"accuracy": 0.101})
    said = generalization(view)
    assert said is not None
    assert said.last.gap == pytest.approx(0.095)
    assert (said.best.epoch, said.best.validation, said.best.gap) == (31, 0.918, pytest.approx(0.072))
    assert said.loss.gap == pytest.approx(0.412)
    assert said.baseline == 0.101


def test_a_metric_that_should_be_low_has_a_positive_gap_where_train_is_lower() -> None:
    task = Task("regression", "mean squared error", (Metric("error", higher_is_better=False),))
    last = Evaluation(1, 1.0, {"error": 2.0, "loss": 2.0}, {"error": 5.0, "loss": 5.0})
    said = generalization(RunView("id", "name", "running", task=task, evaluations=(last,), best=last))
    assert said is not None
    assert said.last.gap == 3.0
    assert said.baseline is None


def test_nothing_is_said_before_the_first_evaluation() -> None:
    assert generalization(RunView("id", "name", "starting")) is None


def test_a_metric_that_was_not_reported_is_nan() -> None:
    last = Evaluation(1, 1.0, {"loss": 2.0}, {"loss": 2.0})
    said = generalization(RunView("id", "name", "running", evaluations=(last,)))
    assert said is not None
    assert isnan(said.last.gap)


def test_validation_loss_rises_since_its_lowest_point() -> None:
    assert rising_since(with_losses(1.0, 0.5, 0.4, 0.5, 0.6, 0.7)) == 3


@pytest.mark.parametrize(
    "losses",
    [
        (1.0, 0.8, 0.6, 0.5, 0.4),  # falls
        (1.0, 0.5, 0.4, 0.41, 0.40, 0.41),  # stands still
        (0.4, 0.9),  # too few to tell
        (1.0, 0.5, 0.4, 0.9, 0.41, 0.40),  # one spike
        (1.0, 0.9, 0.8, 0.7, 0.9, 1.0),  # the lowest is among the last three
        (1.0, 0.5, 0.4, 0.45, 0.45, 0.46),  # less than what a finding would speak of
        (1.0, 0.5, 0.5, 0.49, 0.3, 0.5, 0.5, 0.49, 0.5, 0.5, 0.5, 0.5),  # one leap down is not what it rises from
        (),
    ],
)
def test_noise_is_no_rise(losses: tuple[float, ...]) -> None:
    assert rising_since(with_losses(*losses)) is None


def test_near_zero_of_a_guess_a_multiple_is_no_rise() -> None:
    losses = with_losses(0.02, 0.01, 0.02, 0.02, 0.02)
    assert rising_since(losses) == 2
    assert rising_since(losses, baseline=2.3) is None
    assert rising_since(losses, baseline=1.0, of_classes=False) == 2


def test_a_loss_that_is_not_finite_is_never_the_lowest_and_counts_as_risen() -> None:
    assert rising_since(with_losses(1.0, 0.5, nan, nan, nan)) == 2
