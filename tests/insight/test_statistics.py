"""The tests behind a verdict, against scipy's own, and where they must not claim too much."""

from __future__ import annotations

import math
import random
from math import isnan, nan

import numpy as np
import pytest
from scipy import stats

from tui_trainer.choices.tasks import Metric
from tui_trainer.choices.tasks.classification import MACRO_F1
from tui_trainer.insight import statistics
from tui_trainer.insight.statistics import Effect, effect, holm, paired, standard_error, unpaired

ACCURACY = Metric("accuracy", higher_is_better=True)
MAE = Metric("mae", higher_is_better=False)
LOSS = Metric("loss", higher_is_better=False)


def no_error(value: float) -> float:
    return 0.0


def error_of_one_point(value: float) -> float:
    return 0.01


def by_seed(*values: float) -> dict[int, float]:
    return dict(enumerate(values))


@pytest.mark.parametrize("n", [3, 5, 20])
def test_the_paired_test_is_students(n: int) -> None:
    draw = random.Random(n)
    a = [0.8 + draw.gauss(0, 0.03) for _ in range(n)]
    b = [value - 0.02 + draw.gauss(0, 0.01) for value in a]
    found, expected = paired(a, b, no_error), stats.ttest_rel(b, a)
    interval = expected.confidence_interval(0.95)
    assert found.method == "paired"
    assert found.n == n
    assert found.p == pytest.approx(expected.pvalue)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
    assert found.low < found.difference < found.high


def test_the_unpaired_test_is_welchs() -> None:
    a, b = [0.80, 0.83, 0.78, 0.81], [0.71, 0.76, 0.79, 0.70, 0.74]
    found, expected = unpaired(a, b, no_error), stats.ttest_ind(b, a, equal_var=False)
    interval = expected.confidence_interval(0.95)
    assert found.method == "unpaired"
    assert found.p == pytest.approx(expected.pvalue)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


def test_pairs_see_what_groups_do_not() -> None:
    """What both arms owe to their seeds is taken out."""
    a = by_seed(0.70, 0.75, 0.80, 0.85, 0.90)
    b = by_seed(0.71, 0.762, 0.811, 0.859, 0.91)
    assert effect(a, b, no_error).sign == 1
    assert unpaired(list(a.values()), list(b.values()), no_error).sign == 0


def test_only_shared_seeds_make_pairs_and_without_any_there_are_none() -> None:
    a = {0: 0.8, 1: 0.7, 2: 0.9, 7: 0.1}
    found = effect(a, {0: 0.7, 1: 0.61, 2: 0.8, 9: 0.99}, no_error)
    assert (found.n, found.method) == (3, "paired")
    assert found.difference == pytest.approx(-0.29 / 3)
    assert effect(a, {11: 0.7, 12: 0.61, 13: 0.8}, no_error).method == "unpaired"


def test_an_effect_turned_round() -> None:
    there = paired([0.8, 0.7, 0.9, 0.85], [0.7, 0.65, 0.8, 0.86], no_error)
    back = paired([0.7, 0.65, 0.8, 0.86], [0.8, 0.7, 0.9, 0.85], no_error)
    assert (-there).difference == pytest.approx(back.difference)
    assert ((-there).low, (-there).high) == pytest.approx((back.low, back.high))
    assert ((-there).higher, (-there).lower) == (back.higher, back.lower) == (3, 1)


def test_one_seed_counts_only_beyond_the_sampling_error() -> None:
    near, far = (effect(by_seed(0.80), by_seed(b), error_of_one_point) for b in (0.81, 0.83))
    assert (near.method, near.sign) == ("sampling", 0)
    assert (far.method, far.sign) == ("sampling", 1)
    assert isnan(far.p)


def test_without_a_shared_seed_three_times_as_much_is_asked_for() -> None:
    """What the seeds do cannot be told from what the experiments do."""
    near, far = (effect({0: 0.80}, {1: b}, error_of_one_point) for b in (0.87, 0.90))
    assert (near.method, near.tested, near.sign) == ("unshared", False, 0)
    assert (far.method, far.tested, far.sign) == ("unshared", False, 1)


def test_two_seeds_are_never_tested() -> None:
    """Two differences that happen to be nearly equal would make any test sure."""
    found = effect(by_seed(0.80, 0.70), by_seed(0.801, 0.70100001), error_of_one_point)
    assert isnan(found.p)
    assert found.sign == 0
    assert effect(by_seed(0.8, 0.7), by_seed(0.9, 0.8), error_of_one_point).sign == 1
    assert effect(by_seed(0.8, 0.7), by_seed(0.95, 0.699), error_of_one_point).sign == 0  # the seeds disagree


@pytest.mark.parametrize("difference", [0.002, 0.1])
def test_without_any_spread_the_sampling_error_decides(difference: float) -> None:
    """A test would divide by zero, and be sure of everything."""
    a = by_seed(0.5, 0.6, 0.7, 0.8)
    found = effect(a, {seed: value + difference for seed, value in a.items()}, error_of_one_point)
    assert found.method == "sampling"
    assert found.sign == (1 if difference == 0.1 else 0)


def test_what_every_seed_shows_is_probable_at_least() -> None:
    """Three seeds that agree, but differ in how much."""
    shown = paired([0.9, 0.9, 0.9], [0.85, 0.78, 0.72], no_error)
    assert 0.05 < shown.p < 0.1
    assert (shown.sign, shown.probable) == (0, True)
    assert not paired([0.9, 0.9, 0.9, 0.9], [0.91, 0.78, 0.72, 0.75], no_error).probable
    assert not paired([0.9, 0.9, 0.9], [0.81, 0.80, 0.79], no_error).probable  # it is certain
    assert not effect(by_seed(0.9), by_seed(0.89), error_of_one_point).probable


def test_no_difference_at_all() -> None:
    found = effect(by_seed(0.5, 0.6, 0.7), by_seed(0.5, 0.6, 0.7), no_error)
    assert (found.difference, found.p, found.sign) == (0.0, 1.0, 0)
    assert effect(by_seed(0.5), by_seed(0.5), no_error).sign == 0


def test_values_that_are_not_finite_are_left_out() -> None:
    found = effect(by_seed(0.8, nan, 0.9, math.inf), by_seed(0.7, 0.7, 0.8, 0.7), error_of_one_point)
    assert found.n == 2
    nothing = effect(by_seed(nan), by_seed(0.7), no_error)
    assert (nothing.method, nothing.sign) == ("none", 0)
    assert isnan(nothing.difference)


def test_a_few_large_differences_are_no_difference_of_most_seeds() -> None:
    """It must be better in three quarters of the seeds, however small p is."""
    found = Effect(0.1, 0.05, 0.15, 0.001, 10, "paired", higher=7, lower=3)
    assert found.sign == 0


def test_holm_corrects_in_steps_and_keeps_the_order() -> None:
    def with_p(p: float) -> Effect:
        return Effect(0.1, 0.0, 0.2, p, 5, "paired", higher=5)

    corrected = holm([with_p(0.01), with_p(0.04), with_p(0.03), with_p(0.005)])
    assert [it.p for it in corrected] == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert [it.sign for it in corrected] == [1, 0, 0, 1]
    assert [it.p for it in holm([with_p(0.7), with_p(0.6)])] == [1.0, 1.0]


def test_holm_leaves_alone_what_was_not_tested() -> None:
    untested = Effect(0.1, 0.05, 0.15, nan, 1, "sampling", higher=1)
    tested = Effect(0.1, 0.05, 0.15, 0.03, 5, "paired", higher=5)
    assert holm([untested, tested]) == [untested, tested]
    assert holm([]) == []


def test_the_error_of_a_share_is_binomial() -> None:
    assert standard_error(ACCURACY, 2000)(0.8) == pytest.approx(math.sqrt(0.8 * 0.2 / 2000), rel=0.01)
    assert standard_error(ACCURACY, 50)(1.0) > 0
    assert standard_error(ACCURACY, 0)(0.8) == math.inf


def test_the_error_of_macro_f1_is_that_of_other_samples() -> None:
    """Against macro F1 over many draws of samples on which a classifier is as often right and wrong."""
    chance, by_class = np.random.default_rng(0), (218, 22)
    for right in ((0.95, 0.3), (0.9, 0.6), (0.98, 0.9)):
        hits = [chance.binomial(count, share, 4000) for count, share in zip(by_class, right, strict=True)]
        missed = [count - hit for count, hit in zip(by_class, hits, strict=True)]
        f1 = [2 * hits[i] / (2 * hits[i] + missed[0] + missed[1]) for i in (0, 1)]
        macro = (f1[0] + f1[1]) / 2
        assert standard_error(MACRO_F1, 240, None, by_class)(macro.mean()) == pytest.approx(macro.std(), rel=0.35)


def test_the_error_of_macro_f1_hangs_on_the_rarest_class() -> None:
    alike, rare = ((standard_error(MACRO_F1, 240, None, it)(0.6)) for it in ((120, 120), (218, 22)))
    assert rare > 1.3 * standard_error(MACRO_F1, 240)(0.6) > 1.3 * alike
    assert standard_error(MACRO_F1, 240, None, (240, 0))(0.6) < math.inf


def test_the_error_of_a_loss_shrinks_with_the_samples() -> None:
    assert standard_error(LOSS, 400)(0.5) == pytest.approx(statistics.LOSS_SPREAD * 0.5 / 20)
    assert standard_error(LOSS, 1600)(0.5) == pytest.approx(statistics.LOSS_SPREAD * 0.5 / 40)
    assert standard_error(MAE, 400)(0.5) < standard_error(LOSS, 400)(0.5)
    assert effect(by_seed(0.4), by_seed(0.9), standard_error(LOSS, 0)).sign == 0


def test_the_error_of_a_cross_entropy_is_that_of_counting_the_wrong_answers() -> None:
    """A hundred wrong answers vary by ten, however many right ones there are beside them."""
    few, many = (standard_error(LOSS, samples, 1 - 100 / samples)(0.5) for samples in (500, 50_000))
    assert few == pytest.approx(many)
    assert few == pytest.approx(statistics.LOSS_OF_WRONG_ONES * 0.5 / 10, rel=0.02)
    assert standard_error(LOSS, 500, 1.0)(0.5) < math.inf
    assert standard_error(LOSS, 500, nan)(0.5) == standard_error(LOSS, 500)(0.5)


def test_how_often_chance_is_called_a_difference() -> None:
    """Two arms that do not differ, many times over: at most one in twenty is called different."""
    draw = random.Random(0)
    called = 0
    for _ in range(2000):
        a = [draw.gauss(0.8, 0.02) for _ in range(5)]
        called += paired(a, [draw.gauss(0.8, 0.02) for _ in range(5)], no_error).sign != 0
    assert called / 2000 < 0.06
