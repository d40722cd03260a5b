from __future__ import annotations

from math import inf, isnan, nan

import pytest

from tui_trainer.insight import series


def test_decimation_keeps_a_spike_and_at_most_two_points_a_column() -> None:
    xs = [i / 100 for i in range(10_000)]
    ys = [1.0] * 10_000
    ys[4321], ys[8765] = 50.0, -3.0

    kept_xs, kept_ys = series.decimate(xs, ys, 0, 100, 80)

    assert (43.21, 50.0) in zip(kept_xs, kept_ys, strict=True)
    assert (87.65, -3.0) in zip(kept_xs, kept_ys, strict=True)
    assert len(kept_xs) <= 160
    assert kept_xs == sorted(kept_xs)


def test_a_growing_series_changes_its_last_column_only() -> None:
    xs = [i / 10 for i in range(1000)]
    ys = [(i * 7919) % 101 / 101 for i in range(1000)]

    before = list(zip(*series.decimate(xs[:500], ys[:500], 0, 100, 50), strict=True))
    after = list(zip(*series.decimate(xs[:505], ys[:505], 0, 100, 50), strict=True))

    column_of_the_last = xs[499] // 2 * 2
    assert [point for point in before if point[0] < column_of_the_last] == [
        point for point in after if point[0] < column_of_the_last
    ]


def test_few_points_are_all_kept() -> None:
    assert series.decimate([0, 1, 2], [5, 4, 3], 0, 10, 100) == ([0, 1, 2], [5, 4, 3])


def test_one_point_beyond_each_edge_is_kept_so_that_lines_reach_it() -> None:
    xs, _ = series.decimate([0, 1, 2, 3, 4, 5], [0] * 6, 1.5, 3.5, 10)
    assert xs == [1, 2, 3, 4]


@pytest.mark.parametrize("missing", [nan, inf, -inf, 1e31, -1e300])
def test_a_missing_value_is_a_gap_and_hides_no_extreme(missing: float) -> None:
    xs = [float(i) for i in range(1000)]
    ys = [1.0] * 1000
    ys[500], ys[503], ys[507] = missing, 9.0, -9.0

    kept_xs, kept_ys = series.decimate(xs, ys, 0, 1000, 10)

    assert (503, 9.0) in zip(kept_xs, kept_ys, strict=True)
    assert (507, -9.0) in zip(kept_xs, kept_ys, strict=True)
    assert [x for x, y in zip(kept_xs, kept_ys, strict=True) if isnan(y)] == [500]


def test_a_column_of_missing_values_is_one_gap() -> None:
    xs, ys = series.decimate([0.0, 1, 2, 3], [nan] * 4, 0, 4, 1)
    assert xs == [0.0]
    assert isnan(ys[0])


@pytest.mark.parametrize(("left", "right", "columns"), [(0, 0, 10), (1, 0, 10), (0, 1, 0)])
def test_decimation_of_nothing(left: float, right: float, columns: int) -> None:
    assert series.decimate([], [], left, right, columns) == ([], [])


def test_smoothing_of_a_constant_is_the_constant_from_the_first_point_on() -> None:
    assert series.smooth([3.0, 3.0, 3.0], 0.9) == pytest.approx([3.0, 3.0, 3.0])


def test_smoothing_weighs_the_past() -> None:
    # s1 = 0.5; s2 = 0.5 * 0.5 + 0.5 * 3 = 1.75; divided by 1 - 0.5^n
    assert series.smooth([1.0, 3.0], 0.5) == pytest.approx([1.0, 1.75 / 0.75])


def test_smoothing_passes_over_missing_values_and_never_changes_the_past() -> None:
    smoothed = series.smooth([1.0, nan, 2.0], 0.9)
    assert isnan(smoothed[1])
    assert smoothed[2] == pytest.approx(series.smooth([1.0, 2.0], 0.9)[1])
    assert series.smooth([1.0, 5.0, 2.0], 0.6)[:2] == series.smooth([1.0, 5.0], 0.6)


def test_no_smoothing_changes_nothing() -> None:
    assert series.smooth([1.0, 7.0], 0.0) == [1.0, 7.0]


@pytest.mark.parametrize(("x", "point"), [(-5, (0, 10)), (0.4, (0, 10)), (0.5, (0, 10)), (0.6, (1, 20)), (99, (2, 30))])
def test_the_nearest_point_is_read(x: float, point: tuple[float, float]) -> None:
    assert series.value_at([0, 1, 2], [10, 20, 30], x) == point


def test_nothing_is_read_from_nothing() -> None:
    assert series.value_at([], [], 1) is None


def test_steps_go_to_the_next_point_that_is_far_enough() -> None:
    xs = [0.0, 0.1, 0.2, 5.0]
    assert series.step_from(xs, 0.0, 0.15) == 0.2
    assert series.step_from(xs, 0.2, 0.15) == 5.0
    assert series.step_from(xs, 5.0, 0.15) is None
    assert series.step_from(xs, 5.0, -0.15) == 0.2
    assert series.step_from(xs, 0.0, -0.15) is None


def test_extremes_of_what_is_known_within_a_window() -> None:
    xs, ys = [0.0, 1, 2, 3], [100.0, nan, -1.0, 2.0]
    assert series.extremes(xs, ys) == (-1.0, 100.0)
    assert series.extremes(xs, ys, 1, 3) == (-1.0, 2.0)
    assert series.extremes(xs, ys, 1, 3, positive=True) == (2.0, 2.0)
    assert series.extremes(xs, ys, 1, 1) is None


def test_the_best_point_is_the_earliest_of_equals() -> None:
    xs, ys = [0.0, 1, 2, 3], [nan, 0.5, 0.5, 0.9]
    assert series.best(xs, ys) == (1, 0.5)
    assert series.best(xs, ys, highest=True) == (3, 0.9)
    assert series.best([0.0], [nan]) is None
