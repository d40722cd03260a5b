"""Which samples train, which validate, and how they are scaled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from tests.engine.laboratory import small
from tui_trainer.choices.data import DataError, DataSet, Samples
from tui_trainer.choices.data.digits import Digits
from tui_trainer.choices.data.moons import Moons
from tui_trainer.choices.data.sine import Sine
from tui_trainer.engine import scaling
from tui_trainer.engine.prepare import forget, prepare
from tui_trainer.engine.scaling import fit
from tui_trainer.engine.split import split

DIGITS = Digits().load(0)


def points(counts: list[int], validation_from: int | None = None) -> Samples:
    """Samples of so many of each class, whose input is their number."""
    y = np.repeat(np.arange(len(counts)), counts)
    x = np.arange(len(y), dtype=np.float32)[:, None]
    return Samples(x, y, tuple("abc"[: len(counts)]), ("n",), validation_from=validation_from)


def count_loads(monkeypatch: pytest.MonkeyPatch, kind: type[DataSet]) -> list[int]:
    """The seeds that a kind of data is loaded with from now on; it has a few points."""
    loads: list[int] = []

    def load(self: DataSet, seed: int) -> Samples:
        loads.append(seed)
        return points([5, 5])

    monkeypatch.setattr(kind, "load", load)
    return loads


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """Data that one test loaded, or made up, is not that of another."""
    forget()
    yield
    forget()


def test_parts_share_nothing_and_keep_the_proportions_of_the_classes() -> None:
    parts = split(DIGITS, Digits(train_share=0.7), 3)
    both = np.concatenate([parts.train, parts.validation])
    assert sorted(both) == list(range(len(DIGITS.y)))
    assert len(parts.train) == round(0.7 * len(DIGITS.y))
    shares = np.bincount(DIGITS.y[parts.train]) / np.bincount(DIGITS.y)
    assert np.abs(shares - 0.7).max() < 0.01


def test_fewer_training_samples_are_the_first_of_them_and_leave_the_validation_part() -> None:
    few, more, all_of_them = (split(DIGITS, Digits(train_samples=n), 0) for n in (300, 1000, None))
    assert list(few.train) == list(more.train[:300]) == list(all_of_them.train[:300])
    assert list(few.validation) == list(more.validation) == list(all_of_them.validation)
    assert few.available == all_of_them.available == len(all_of_them.train)
    # The first ones are a fair choice: every class is among them.
    assert len(set(DIGITS.y[few.train[:100]])) == 10


def test_a_split_depends_on_the_seed_and_on_nothing_that_is_done_with_the_samples() -> None:
    assert list(split(DIGITS, Digits(), 1).train) != list(split(DIGITS, Digits(), 2).train)
    assert list(split(DIGITS, Digits(scaling="none"), 1).train) == list(split(DIGITS, Digits(), 1).train)


def test_a_validation_part_of_the_datas_own_stays() -> None:
    samples = replace(points([5, 5, 5], validation_from=10), y=np.arange(15) % 3)
    for seed in (0, 1):
        parts = split(samples, Digits(train_share=0.1), seed)
        assert sorted(parts.train) == list(range(10))
        assert list(parts.validation) == list(range(10, 15))


@pytest.mark.parametrize("own_validation", [None, 1000])
def test_a_test_part_is_set_aside_and_changes_with_nothing_but_its_share(own_validation: int | None) -> None:
    samples = replace(DIGITS, validation_from=own_validation)
    parts = split(samples, Digits(test_share=0.2), 0)
    assert not set(parts.test) & {*parts.train, *parts.validation}
    assert len(parts.test) == pytest.approx(0.2 * (own_validation or len(DIGITS.y)), abs=1)
    assert list(split(samples, Digits(test_share=0.2, train_share=0.5, train_samples=50), 0).test) == list(parts.test)
    assert set(DIGITS.y[parts.test]) == set(range(10))


def test_without_a_test_part_the_split_is_the_one_of_before() -> None:
    assert not len(split(DIGITS, Digits(), 0).test)


def test_samples_in_the_order_of_time_are_cut_by_it_and_share_no_rows() -> None:
    samples = replace(points([100]), classes=(), task="regression", ordered=True, overlap=3)
    parts = split(samples, Digits(test_share=0.2, train_share=0.5), 0)
    assert sorted(parts.train) == list(range(37))
    assert list(parts.validation) == list(range(40, 77))
    assert list(parts.test) == list(range(80, 100))


def test_a_class_that_training_never_shows_is_refused() -> None:
    with pytest.raises(DataError, match="class 'b' is in the validation part only"):
        split(points([5, 5], validation_from=5), Digits(), 0)


def test_a_class_that_comes_up_too_late_is_refused_with_what_would_help() -> None:
    late = replace(points([8, 2]), ordered=True)
    with pytest.raises(DataError, match=r"class 'b' is in the validation part only.*train_share.*by time") as refused:
        split(late, Digits(train_share=0.8), 0)
    assert refused.value.field == "train_share"
    assert len(split(late, Digits(train_share=0.9), 0).validation) == 1


@pytest.mark.parametrize("test_share", [0.0, 0.3])
def test_a_random_split_leaves_no_class_without_a_sample_that_trains(test_share: float) -> None:
    samples = replace(points([20, 1, 2]), stratify=False)
    for seed in range(30):
        parts = split(samples, Digits(train_share=0.5, test_share=test_share), seed)
        assert set(samples.y[parts.train]) == {0, 1, 2}
        assert sorted([*parts.train, *parts.validation, *parts.test]) == list(range(23))


def test_classes_need_not_keep_their_proportions() -> None:
    samples = replace(points([50, 1]), stratify=False)
    parts = split(samples, Digits(train_share=0.5), 0)
    assert sorted([*parts.train, *parts.validation]) == list(range(51))


def test_numbers_are_split_at_random() -> None:
    samples = Sine(samples=100).load(0)
    parts = split(samples, Sine(train_share=0.7), 3)
    assert sorted([*parts.train, *parts.validation]) == list(range(100))
    assert len(parts.train) == 70
    assert list(split(samples, Sine(train_share=0.7, train_samples=10), 3).train) == list(parts.train[:10])
    assert list(parts.train) != list(split(samples, Sine(train_share=0.7), 4).train)


def test_the_smallest_class_is_in_both_parts() -> None:
    parts = split(points([100, 2]), Digits(train_share=0.9), 0)
    assert sum(parts.train >= 100) == sum(parts.validation >= 100) == 1


@pytest.mark.parametrize(
    ("samples", "data", "words"),
    [
        (points([5, 1]), Digits(), "class 'b' has a single sample; a split needs at least two"),
        (points([5, 0]), Digits(), "class 'b' has no sample"),
        (points([5, 5]), Digits(train_samples=9), "9 of 8 training samples"),
        (points([5, 5], validation_from=10), Digits(), "no sample is left to validate with, of 10"),
    ],
)
def test_what_cannot_be_split_is_said(samples: Samples, data: Digits, words: str) -> None:
    with pytest.raises(DataError, match=words):
        split(samples, data, 0)


def test_standard_scaling_is_fitted_on_the_training_part_only() -> None:
    samples = points([5, 5])
    train = np.array([0, 1, 2, 3, 4])
    fitted = fit(samples, train, "standard")
    scaled = fitted.apply(samples.x)
    assert scaled.dtype == np.float32
    assert scaled[train].mean() == pytest.approx(0, abs=1e-6)
    assert scaled[train].std() == pytest.approx(1, rel=1e-6)
    assert scaled[5] > scaled[4]


def test_an_images_channel_is_scaled_as_one_and_ranges_go_from_0_to_1() -> None:
    train = np.arange(100)
    standard, unit = fit(DIGITS, train, "standard"), fit(DIGITS, train, "range")
    assert standard.offset.shape == (1, 1, 1)
    assert standard.apply(DIGITS.x[train]).std() == pytest.approx(1, rel=1e-5)
    scaled = unit.apply(DIGITS.x[train])
    assert (scaled.min(), scaled.max()) == (0, 1)
    assert fit(DIGITS, train, "none").apply(DIGITS.x) is DIGITS.x


@pytest.mark.parametrize("kind", ["standard", "range"])
def test_what_never_varies_becomes_zero(kind: scaling.Scaling) -> None:
    samples = Samples(np.full((4, 1), 7, np.float32), np.zeros(4, np.int64), ("a",))
    assert not fit(samples, np.arange(4), kind).apply(samples.x).any()


def test_inputs_that_are_not_finite_are_found_when_loading(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = points([5, 5])
    samples.x[3, 0] = np.inf
    monkeypatch.setattr(Digits, "load", lambda self, seed: samples)
    with pytest.raises(DataError, match="sample 4 has inf as input 'n'"):
        prepare(small(data={"kind": "digits", "scaling": "none"}, seed=77))


def test_the_data_is_read_once_for_several_descriptions(monkeypatch: pytest.MonkeyPatch) -> None:
    loads = count_loads(monkeypatch, Digits)
    prepare(small(data={"kind": "digits"}, seed=78))
    prepare(small(data={"kind": "digits", "train_share": 0.5, "train_samples": 3, "scaling": "none"}, seed=78))
    prepare(small(data={"kind": "digits"}, seed=79))
    assert len(loads) == 1


def test_data_that_is_drawn_from_the_seed_is_drawn_anew_for_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    loads = count_loads(monkeypatch, Moons)
    for seed in (78, 78, 79):
        prepare(small(data={"kind": "moons"}, seed=seed))
    assert len(loads) == len(set(loads)) == 2


def test_it_is_said_what_decides_where_one_class_is_far_commoner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Moons, "load", lambda self, seed: points([88, 12]))
    forget()
    data = prepare(small(data={"kind": "moons"}))
    forget()
    assert data.task.primary.name == "macro_f1"
    assert data.samples.notes == ("88% are a: Macro F1 decides what is best",)


def test_it_is_said_how_many_windows_cross_a_border(monkeypatch: pytest.MonkeyPatch) -> None:
    series = replace(points([50, 50]), ordered=True, overlap=3)
    series = replace(series, y=series.x[:, 0], classes=(), task="regression")
    monkeypatch.setattr(Moons, "load", lambda self, seed: series)
    forget()
    data = prepare(small(data={"kind": "moons"}))
    forget()
    assert sum(data.counts.values()) == 97
    assert data.samples.notes == ("3 windows that cross a border between parts are left out",)
