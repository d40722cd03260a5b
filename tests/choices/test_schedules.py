"""Schedules: the factor of the learning rate on plain values."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from tui_trainer.choices.schedules import (
    Constant,
    Cosine,
    Exponential,
    InverseSqrt,
    OneCycle,
    Progress,
    ReduceOnPlateau,
    Schedule,
    Step,
)

UPDATES = 10  # of an epoch


def at(epoch: float, epochs: int = 100, losses: Sequence[float] = ()) -> Progress:
    """A place in a run of 10 updates an epoch that was evaluated at the end of each."""
    step = round(epoch * UPDATES)
    return Progress(step, epochs * UPDATES, epoch, epochs, losses, range(len(losses)))


def factors(schedule: Schedule, epochs: Sequence[float]) -> list[float]:
    return [schedule.factor(at(epoch)) for epoch in epochs]


@pytest.mark.parametrize(
    ("schedule", "epochs", "expected"),
    [
        (Constant(), [0, 50, 100], [1, 1, 1]),
        (Step(), [0, 33, 34, 66, 67, 100], [1, 1, 0.1, 0.1, 0.01, 0.01]),
        (Step(drops=1, gamma=0.5), [49.9, 50, 100], [1, 0.5, 0.5]),
        (Step(drops=3), [24.9, 25, 50, 75, 99.9], [1, 0.1, 0.01, 0.001, 0.001]),
        (Exponential(final=0.01), [0, 50, 100], [1, 0.1, 0.01]),
        (Cosine(), [0, 50, 100], [1, 0.5, 0]),
        (Cosine(final=0.2), [0, 25, 50, 100], [1, 0.6 + 0.4 * math.sqrt(0.5), 0.6, 0.2]),
        (OneCycle(), [0, 15, 30, 65, 100], [0.04, 0.52, 1, 0.5, 0]),
        (OneCycle(rise=0.5, start=0.1, final=0.3), [0, 25, 50, 75, 100], [0.1, 0.55, 1, 0.65, 0.3]),
    ],
    ids=str,
)
def test_a_schedule_goes_its_course(schedule: Schedule, epochs: list[float], expected: list[float]) -> None:
    assert factors(schedule, epochs) == pytest.approx(expected, abs=1e-12)


def test_inverse_square_root_counts_updates_from_the_peak() -> None:
    schedule = InverseSqrt(warmup=100)
    found = [schedule.factor(Progress(step, 10_000, 0.0, 1)) for step in (0, 49, 99, 399, 9999)]
    assert found == pytest.approx([0.01, 0.5, 1, 0.5, 0.1])
    assert InverseSqrt(warmup=0).factor(Progress(3, 10, 0.3, 1)) == pytest.approx(0.5)


@pytest.mark.parametrize("kind", Schedule.kinds())
def test_a_warm_up_is_a_straight_line_before_any_of_them(kind: str) -> None:
    warm, cold = Schedule.pick(kind, warmup=50), Schedule.pick(kind, warmup=0)
    steps = [Progress(step, 1000, step / UPDATES, 100) for step in range(60)]
    if kind == "inverse_sqrt":
        cold = Constant()  # its own course begins where the warm-up ends
        steps = steps[:50]
    expected = [cold.factor(it) * min(1, (it.step + 1) / 50) for it in steps]
    assert [warm.factor(it) for it in steps] == pytest.approx(expected)
    assert warm.factor(steps[0]) > 0, "the first update is no standstill"


@pytest.mark.parametrize("kind", Schedule.kinds())
def test_a_factor_is_never_above_one_or_below_zero(kind: str) -> None:
    losses = [1.0] * 101
    schedule = Schedule.pick(kind)
    for epoch in range(101):
        factor = schedule.factor(at(epoch, losses=losses[: epoch + 1]))
        assert 0 <= factor <= 1


@pytest.mark.parametrize("kind", sorted(set(Schedule.kinds()) - {"inverse_sqrt", "reduce_on_plateau"}))
def test_it_depends_on_the_share_of_the_plan_alone(kind: str) -> None:
    """So that another batch size or more epochs cannot break it."""
    schedule = Schedule.pick(kind)
    few, many = Progress(30, 100, 3.0, 10), Progress(2400, 8000, 30.0, 100)
    assert schedule.factor(few) == schedule.factor(many)
    beyond = Progress(110, 100, 11.0, 10)
    assert schedule.factor(beyond) == pytest.approx(schedule.factor(Progress(100, 100, 10.0, 10)))


def test_only_a_constant_rate_without_a_warm_up_is_constant() -> None:
    assert Constant().is_constant
    assert not Constant(warmup=1).is_constant
    assert not any(Schedule.pick(kind).is_constant for kind in Schedule.kinds() if kind != "constant")
    assert [kind for kind in Schedule.kinds() if Schedule.pick(kind).watches_validation] == ["reduce_on_plateau"]


class TestReduceOnPlateau:
    def factor(self, losses: list[float], epochs: Sequence[float] = (), **fields: float) -> float:
        schedule = ReduceOnPlateau.model_validate({"gamma": 0.1, "patience": 2, "lowest": 0.0, **fields})
        return schedule.factor(Progress(100, 1000, 10.0, 100, losses, epochs or range(len(losses))))

    def test_nothing_seen_reduces_nothing(self) -> None:
        assert self.factor([]) == 1

    def test_it_waits_for_its_patience_and_then_again(self) -> None:
        assert self.factor([3.0, 1.0, 1.0]) == 1
        assert self.factor([3.0, 1.0, 1.0, 1.0]) == pytest.approx(0.1)
        assert self.factor([3.0, 1.0, 1.0, 1.0, 1.0]) == pytest.approx(0.1)
        assert self.factor([3.0, 1.0, 1.0, 1.0, 1.0, 1.0]) == pytest.approx(0.01)

    def test_what_was_reduced_stays_so_and_an_improvement_begins_the_wait_anew(self) -> None:
        assert self.factor([1.0, 1.0, 1.0, 0.5, 0.5]) == pytest.approx(0.1)

    def test_patience_counts_epochs_and_not_evaluations(self) -> None:
        assert self.factor([1.0, 1.0], [0, 5], patience=6) == 1
        assert self.factor([1.0, 1.0], [0, 6], patience=6) == pytest.approx(0.1)

    def test_an_improvement_below_the_delta_does_not_count(self) -> None:
        assert self.factor([1.0, 0.99, 0.98]) == 1
        assert self.factor([1.0, 0.99, 0.98], min_delta=0.1) == pytest.approx(0.1)

    def test_losses_that_are_no_numbers_are_no_improvement(self) -> None:
        assert self.factor([1.0, math.nan, math.nan]) == pytest.approx(0.1)

    def test_it_does_not_fall_below_the_lowest(self) -> None:
        assert self.factor([1.0] * 20, lowest=0.03) == pytest.approx(0.03)
