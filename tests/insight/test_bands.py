"""Curves of several seeds as one."""

from __future__ import annotations

from math import isnan, nan

import pytest

from tui_trainer.insight.bands import deviation, mean, mean_band
from tui_trainer.runs.records import Evaluation, RunView


def run(*points: tuple[float, float]) -> RunView:
    evaluations = tuple(Evaluation(int(x * 10), x, {"loss": y / 2}, {"loss": y}) for x, y in points)
    return RunView("id", "name", "running", evaluations=evaluations)


def test_the_band_is_the_sample_standard_deviation_around_the_mean() -> None:
    runs = [run((0, 2.0), (1, 1.0)), run((0, 4.0), (1, 1.0))]
    xs, means, low, high = mean_band(runs, "validation", "loss")
    assert xs == [0, 1]
    assert means == [3.0, 1.0]
    assert low == pytest.approx([3 - 2**0.5, 1])
    assert high == pytest.approx([3 + 2**0.5, 1])
    assert mean_band(runs, "train", "loss")[1] == [1.5, 0.5]


def test_only_epochs_that_all_have() -> None:
    assert mean_band([run((0, 2), (1, 1), (2, 1)), run((0, 4), (2, 3), (4, 1))], "validation", "loss")[0] == [0, 2]


def test_a_run_without_evaluations_is_left_out_and_one_alone_has_no_width() -> None:
    xs, means, low, high = mean_band([run((0, 2.0), (1, 1.0)), run()], "validation", "loss")
    assert (xs, means) == ([0, 1], [2.0, 1.0])
    assert low == means == high


@pytest.mark.parametrize("missing", [nan, float("inf"), 1e200])
def test_a_figure_that_cannot_be_shown_is_missing(missing: float) -> None:
    assert mean_band([run((0, 2), (1, missing)), run((0, 4), (1, 1))], "validation", "loss")[0] == [0]


def test_nothing() -> None:
    assert mean_band([], "validation", "loss") == ([], [], [], [])
    assert mean_band([run((0, 1))], "validation", "accuracy") == ([], [], [], [])
    assert isnan(mean([]))
    assert isnan(deviation([1.0]))
