from __future__ import annotations

from math import inf, nan

import pytest

from tui_trainer.insight import axes
from tui_trainer.insight.axes import Limits


def test_x_ends_at_the_plan_halved_as_often_as_it_holds_the_data() -> None:
    assert axes.right_end(200, 200) == 200
    assert axes.right_end(200, 101) == 200
    assert axes.right_end(200, 100) == 100
    assert axes.right_end(200, 26) == 50


def test_x_moves_seven_times_in_a_run() -> None:
    ends = [axes.right_end(201, 201 * i / 10_000) for i in range(10_001)]
    assert ends == sorted(ends)
    assert len(set(ends)) == axes.HALVINGS + 1
    assert all(end >= 201 * i / 10_000 for i, end in enumerate(ends))


def test_x_fits_a_run_that_ended_early_and_one_that_outran_its_plan() -> None:
    assert axes.right_end(200, 31, ended=True) == 31
    assert axes.right_end(200, 240) == 240
    assert axes.right_end(0, 0) == 1
    assert axes.right_end(100, 0, ended=True) == 100 / 2**axes.HALVINGS


def test_y_stands_still_while_it_holds_the_data() -> None:
    limits = axes.follow(None, 2.0, 2.31, floor_at=0)
    assert limits == Limits(0, 2.5)
    assert axes.follow(limits, 0.001, 2.5, floor_at=0) is limits
    assert axes.follow(limits, 0.001, 2.6, floor_at=0) == Limits(0, 3)


def test_y_never_shrinks() -> None:
    assert axes.follow(Limits(-4, 10), -5, -1) == Limits(-6, 10)


def test_y_does_not_follow_a_divergence() -> None:
    limits = axes.follow(None, 2.3, 2.3, reference=2.3, floor_at=0)
    for loss in (5.0, 20.0, 1e3, 1e29):
        limits = axes.follow(limits, 0.5, loss, reference=2.3, floor_at=0)
    assert limits == Limits(0, 25)


def test_the_reference_is_the_first_value_unless_most_lie_beyond_its_tenfold() -> None:
    assert axes.reference(2.3, [2.3, 2.3, 60.0, 60.0]) == 2.3
    assert axes.reference(2.3, [2.3, 70.0, 50.0, 60.0]) == 50.0
    assert axes.reference(2.3, [2.3, 22.0, 22.0]) == 2.3


def test_an_accuracy_ends_at_1_and_begins_as_low_as_needed() -> None:
    def limits(low: float) -> Limits:
        return axes.follow(None, low, max(low, 0.97), floor_at=0, ceiling_at=1)

    assert limits(0.1) == Limits(0, 1)
    assert limits(0.93) == Limits(0.9, 1)
    assert limits(0.985) == Limits(0.98, 1)
    assert limits(1.0) == Limits(0.9, 1)


def test_a_tight_axis_leaves_the_ends_that_belong_to_it_but_does_not_pass_them() -> None:
    assert axes.follow(None, 0.93, 0.97, floor_at=0, ceiling_at=1, tight=True) == Limits(0.93, 0.97)
    assert axes.follow(None, 0.5, 0.999, floor_at=0, ceiling_at=1, tight=True).upper == 1


@pytest.mark.parametrize("value", [0.0, 1.0, -1.0, 1e-12, 1e20])
def test_one_value_gets_an_axis_around_it(value: float) -> None:
    limits = axes.follow(None, value, value)
    assert limits.lower < value < limits.upper


@pytest.mark.parametrize(("low", "high"), [(1e-5, 2.3), (0.3, 0.4), (1, 1), (1e-12, 5e7)])
def test_a_log_axis_holds_its_data(low: float, high: float) -> None:
    limits = axes.follow(None, low, high, log=True)
    assert 0 < limits.lower <= low
    assert limits.upper >= high
    assert limits.upper > limits.lower
    assert axes.follow(limits, low, high, log=True) is limits


def test_a_log_axis_moves_about_twice_a_decade() -> None:
    limits, seen = axes.follow(None, 2.3, 2.3, log=True), set()
    for i in range(1000):
        limits = axes.follow(limits, 2.3 * 0.99**i, 2.3, log=True)
        seen.add(limits)
    assert len(seen) <= 10  # 4.4 decades


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("bounds", [(0.0, None), (0.0, 1.0), (None, None), (None, 1.0)])
def test_an_empty_axis_has_room(bounds: tuple[float | None, float | None], log: bool) -> None:
    limits = axes.empty(*bounds, log=log)
    assert limits.lower < limits.upper
    assert limits.lower > 0 or not log


def test_zoom_and_pan_stay_within_the_axis() -> None:
    full = Limits(0, 100)
    half = axes.zoom(full, None, 90, 0.5)
    assert half == Limits(50, 100)
    assert axes.pan(full, half, -0.5) == Limits(25, 75)
    assert axes.pan(full, half, 0.5) == half
    assert axes.pan(full, None, 0.5) is None
    assert axes.zoom(full, half, 75, 2) is None
    smallest = half
    for _ in range(50):
        smallest = axes.zoom(full, smallest, 60, 0.5)
    assert smallest is not None
    assert smallest.span > 0
    assert smallest.hold(60, 60)


def test_ticks_are_round_and_as_many_as_asked_for() -> None:
    assert axes.ticks(Limits(0, 2.5), 5) == (
        (0.0, "0.0"), (0.5, "0.5"), (1.0, "1.0"), (1.5, "1.5"), (2.0, "2.0"), (2.5, "2.5"),
    )  # fmt: skip
    assert [label for _, label in axes.ticks(Limits(0, 201), 4)] == ["0", "50", "100", "150", "200"]
    assert [label for _, label in axes.ticks(Limits(0.9, 1), 2)] == ["0.90", "0.95", "1.00"]
    assert [label for _, label in axes.ticks(Limits(0, 1e6), 2)] == ["0", "5e5", "1e6"]


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize(
    "limits", [Limits(1e-12, 1e9), Limits(0.3, 0.5), Limits(1e-9, 2e-9), Limits(0.9951, 0.9987), Limits(1, 123456)]
)
def test_tick_labels_fit_their_column(limits: Limits, log: bool) -> None:
    for most in (1, 3, 8):
        found = axes.ticks(limits, most, log)
        assert len(found) <= most + 1
        assert all(len(label) <= axes.LABEL_WIDTH for _, label in found)
        assert all(limits.hold(value, value) for value, _ in found)


def test_negative_labels_fit_too() -> None:
    assert [label for _, label in axes.ticks(Limits(-0.5, 0.5), 2)] == ["-0.5", "0.0", "0.5"]
    assert all(len(label) <= axes.LABEL_WIDTH for _, label in axes.ticks(Limits(-0.123, -0.12), 3))


@pytest.mark.parametrize(
    "value",
    [
        0,
        0.5,
        0.99996,
        1,
        12.3456,
        99999.5,
        123456,
        999999.7,
        1234567,
        1e-5,
        -1.5,
        -1e-7,
        -123456.7,
        1e30,
        nan,
        inf,
        -inf,
    ],
)
def test_a_figure_is_always_as_wide(value: float) -> None:
    assert len(axes.figure(value)) == 6


@pytest.mark.parametrize(
    ("value", "text"), [(0.123456, "0.1235"), (12.3456, "12.346"), (1e-5, "  1e-5"), (0, "0.0000")]
)
def test_a_figure_has_the_digits_that_fit(value: float, text: str) -> None:
    assert axes.figure(value) == text
