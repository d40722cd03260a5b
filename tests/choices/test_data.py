"""Data sets: what they yield, and that a generated one depends on its seed only."""

from __future__ import annotations

import numpy as np
import pytest

from tui_trainer.choices.data import (
    Adding,
    Circles,
    Copy,
    DataError,
    DataSet,
    Diabetes,
    Digits,
    GaussianBumps,
    Gaussians,
    Iris,
    Moons,
    Parity,
    Plane,
    RememberFirst,
    Reverse,
    Sine,
    SineContinuation,
    Spirals,
    Xor,
)
from tui_trainer.choices.data.sequences import SequenceSet
from tui_trainer.choices.data.toys import PointSet, Surface

POINTS = [kind for kind, cls in DataSet.kinds().items() if issubclass(cls, PointSet)]
SURFACES = [kind for kind, cls in DataSet.kinds().items() if issubclass(cls, Surface)]
SEQUENCES = [kind for kind, cls in DataSet.kinds().items() if issubclass(cls, SequenceSet)]
GENERATED = [kind for kind, cls in DataSet.kinds().items() if cls.generated]
FROM_FILES = {"mnist", "fashion_mnist", "images", "csv", "npz", "text"}


@pytest.mark.parametrize("kind", [kind for kind in DataSet.kinds() if kind not in FROM_FILES])
def test_samples_are_whole(kind: str) -> None:
    samples = DataSet.pick(kind).load(3)
    is_text = bool(samples.vocabulary)

    assert samples.x.dtype == (np.int64 if is_text else np.float32)
    assert samples.y.dtype == (np.int64 if is_text or samples.classes else np.float32)
    assert samples.x.shape == (len(samples.y), *samples.shape)
    assert np.isfinite(samples.x).all()
    assert np.isfinite(samples.y).all()
    assert samples.outputs == (len(samples.vocabulary) or len(samples.classes) or 1)
    if samples.classes:
        assert sorted(set(samples.y.tolist())) == list(range(len(samples.classes)))
    assert len(samples.features) in (0, samples.shape[-1])
    assert samples.validation_from is None


def test_digits_are_images() -> None:
    samples = Digits().load(0)

    assert samples.shape == (1, 8, 8)
    assert len(samples.y) == 1797
    assert samples.classes == tuple("0123456789")
    assert Digits().size() == "1,797 images of 8×8, 10 classes"


def test_images_are_scaled_to_a_range_and_points_by_feature() -> None:
    by_range = {kind for kind in DataSet.kinds() if DataSet.pick(kind).scaling == "range"}
    assert by_range == {"digits", "mnist", "fashion_mnist", "images"}


@pytest.mark.parametrize("kind", GENERATED)
def test_a_generated_set_depends_on_its_seed(kind: str) -> None:
    data = DataSet.pick(kind)
    first, same, other = (data.load(seed).x for seed in (1, 1, 2**63 - 1))

    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("kind", POINTS)
def test_the_points_are_shared_out_evenly(kind: str) -> None:
    samples = DataSet.pick(kind, samples=101).load(0)
    counts = np.bincount(samples.y)

    assert counts.sum() == 101
    assert counts.max() - counts.min() <= 1
    assert np.abs(samples.x).max() < 3


@pytest.mark.parametrize("kind", POINTS)
def test_noise_scatters_the_same_points(kind: str) -> None:
    clean = DataSet.pick(kind, noise=0.0, samples=5000).load(0)
    noisy = DataSet.pick(kind, noise=0.5, samples=5000).load(0)

    assert np.array_equal(clean.y, noisy.y)
    assert (noisy.x - clean.x).std() == pytest.approx(0.5, rel=0.05)


def test_sine_is_a_wave_with_noise() -> None:
    samples = Sine(noise=0.0, waves=1.5, samples=300).load(0)
    assert samples.y == pytest.approx(np.sin(1.5 * np.pi * samples.x[:, 0]), abs=1e-6)

    noisy = Sine(noise=0.3, waves=1.5, samples=5000).load(0)
    residuals = noisy.y - np.sin(1.5 * np.pi * noisy.x[:, 0])
    assert residuals.std() == pytest.approx(0.3, rel=0.05)
    assert (noisy.task, noisy.target, noisy.features) == ("regression", "y", ("x",))


def test_the_own_fields_of_a_data_set_come_first_in_its_form() -> None:
    names = [field.name for field in Spirals.form()]

    assert names == ["samples", "noise", "arms", "turns", "train_share", "test_share", "train_samples", "scaling"]


def test_digits_of_some_classes_only() -> None:
    everything, some = Digits().load(0), Digits(classes=(9, 5, 7)).load(0)

    assert some.classes == ("5", "7", "9")
    assert np.array_equal(some.x[some.y == 1], everything.x[everything.y == 7])
    assert len(some.y) == np.isin(everything.y, [5, 7, 9]).sum()


@pytest.mark.parametrize(
    ("classes", "says"),
    [
        ((3,), "two classes at least"),
        ((3, 3), "two classes at least"),
        ((3, 12), "no class 12; they are numbered 0 to 9"),
    ],
    ids=str,
)
def test_classes_that_cannot_be_told_apart(classes: tuple[int, ...], says: str) -> None:
    with pytest.raises(DataError, match=says) as caught:
        Digits(classes=classes).load(0)
    assert caught.value.field == "classes"


def test_tables_have_named_features() -> None:
    iris, diabetes = Iris().load(0), Diabetes().load(0)

    assert iris.x.shape == (150, 4)
    assert iris.classes == ("setosa", "versicolor", "virginica")
    assert iris.features[0] == "sepal length (cm)"
    assert (diabetes.task, diabetes.target, len(diabetes.features)) == ("regression", "progression", 10)
    assert diabetes.x[:, diabetes.features.index("age")].mean() == pytest.approx(48.5, abs=0.1)  # in years, not scaled


@pytest.mark.parametrize("kind", SURFACES)
def test_surfaces_lie_between_minus_1_and_1_and_noise_lifts_points_off_them(kind: str) -> None:
    clean, noisy = (DataSet.pick(kind, noise=noise, samples=5000).load(0) for noise in (0.0, 0.3))

    assert 0.5 < np.abs(clean.y).max() <= 1.1
    assert np.array_equal(clean.x, noisy.x)
    assert (noisy.y - clean.y).std() == pytest.approx(0.3, rel=0.05)


def test_a_plane_is_what_a_straight_line_explains_and_bumps_are_not() -> None:
    def explained(data: DataSet) -> float:
        samples = data.load(0)
        rows = np.column_stack([samples.x, np.ones(len(samples.x))])
        left = samples.y - rows @ np.linalg.lstsq(rows, samples.y, rcond=None)[0]
        return float(1 - left.var() / samples.y.var())

    assert explained(Plane(noise=0.0)) == pytest.approx(1)
    assert explained(GaussianBumps(noise=0.0)) < 0.1


class TestSequences:
    """What is asked of each."""

    @pytest.mark.parametrize("kind", SEQUENCES)
    def test_all_are_as_long_as_asked(self, kind: str) -> None:
        samples = DataSet.pick(kind, length=7, samples=50).load(0)

        assert len(samples.x) == 50
        assert samples.shape[0] == (2 * 7 if samples.source else 7)

    def test_parity_is_whether_the_ones_are_odd(self) -> None:
        samples = Parity().load(0)

        assert np.array_equal(samples.x.sum(axis=(1, 2)) % 2, samples.y)
        assert len(np.unique(samples.x, axis=0)) == len(samples.x)

    def test_short_sequences_are_repeated_only_where_there_are_no_others(self) -> None:
        assert len(np.unique(Parity(length=4, samples=16).load(0).x, axis=0)) == 16
        assert len(np.unique(Parity(length=4, samples=40).load(0).x, axis=0)) == 16
        assert len(np.unique(Parity(length=200, samples=40).load(0).x, axis=0)) == 40

    def test_adding_is_the_sum_of_the_two_that_are_marked(self) -> None:
        samples = Adding().load(0)
        numbers, marks = samples.x[:, :, 0], samples.x[:, :, 1]

        assert (marks[:, :15].sum(axis=1) == 1).all()
        assert (marks[:, 15:].sum(axis=1) == 1).all()
        assert samples.y == pytest.approx((numbers * marks).sum(axis=1), abs=1e-5)
        assert samples.y.var() == pytest.approx(1 / 6, rel=0.1)

    def test_a_wave_goes_on_as_it_began(self) -> None:
        samples = SineContinuation(noise=0.0, horizon=3).load(0)
        wave = np.concatenate([samples.x[:, :, 0], samples.y], axis=1).astype(np.float64)

        assert samples.outputs == 3
        # Of a sine, v[t-1] + v[t+1] is the same multiple of v[t] everywhere.
        twice = (wave[:, :-2] + wave[:, 2:]) * wave[:, 5:6]
        assert twice == pytest.approx((wave[:, 4:5] + wave[:, 6:7]) * wave[:, 1:-1], abs=1e-5)
        assert SineContinuation().load(0).y.shape == (2000,)

    def test_the_first_symbol_is_the_class(self) -> None:
        samples = RememberFirst(length=5, symbols=3).load(0)

        assert samples.classes == ("A", "B", "C")
        assert np.array_equal(samples.x[:, 0].argmax(axis=1), samples.y)
        assert not np.array_equal(samples.x[:, 1].argmax(axis=1), samples.y)

    def test_a_decoder_is_shown_what_it_has_written_so_far(self) -> None:
        for data in (Copy(length=6), Reverse(length=6)):
            samples = data.load(0)
            source, shown = samples.x[:, :6], samples.x[:, 6:]

            assert samples.source == 6
            assert np.array_equal(samples.y, source if data.kind == "copy" else source[:, ::-1])
            assert (shown[:, 0] == 0).all()
            assert samples.vocabulary[0] == "<start>"
            assert np.array_equal(shown[:, 1:], samples.y[:, :-1])
            assert samples.x.max() == len(samples.vocabulary) - 1


class TestShapes:
    """The geometry without noise."""

    def test_moons_are_two_half_circles(self) -> None:
        samples = Moons(noise=0.0).load(0)
        upper, lower = (samples.x[samples.y == label].astype(np.float64) for label in (0, 1))

        assert np.hypot(*upper.T) == pytest.approx(1, abs=1e-6)
        assert np.hypot(*(lower - [1, 0.5]).T) == pytest.approx(1, abs=1e-6)
        assert upper[:, 1].min() >= 0
        assert lower[:, 1].max() <= 0.5

    def test_circles_differ_in_radius(self) -> None:
        samples = Circles(noise=0.0).load(0)
        assert np.hypot(*samples.x.T) == pytest.approx(np.where(samples.y == 0, 1.0, 0.5), abs=1e-6)

    def test_xor_is_whether_the_signs_differ(self) -> None:
        samples = Xor(noise=0.0).load(0)
        assert np.array_equal(samples.x.prod(axis=1) < 0, samples.y == 1)
        assert {tuple(signs) for signs in np.sign(samples.x).tolist()} == {(1, 1), (1, -1), (-1, 1), (-1, -1)}

    def test_each_arm_of_a_spiral_winds_as_often_as_asked(self) -> None:
        data = Spirals(noise=0.0, arms=3, turns=2.0)
        samples = data.load(0)
        radius, angle = np.hypot(*samples.x.T), np.arctan2(samples.x[:, 1], samples.x[:, 0])

        assert samples.classes == ("arm 1", "arm 2", "arm 3")
        turns_left = (angle / (2 * np.pi) - 2.0 * radius - samples.y / 3) % 1
        assert np.minimum(turns_left, 1 - turns_left).max() < 1e-4

    def test_gaussians_take_turns_around_the_circle(self) -> None:
        samples = Gaussians(noise=0.0, classes=2, clusters=2).load(0)
        places = {(round(x), round(y), int(label)) for (x, y), label in zip(samples.x.tolist(), samples.y, strict=True)}
        assert places == {(1, 0, 0), (0, 1, 1), (-1, 0, 0), (0, -1, 1)}

    @pytest.mark.parametrize(
        ("data", "size"),
        [(Moons(samples=1000), "1,000 points, 2 classes"), (Spirals(arms=5), "500 points, 5 classes")],
        ids=str,
    )
    def test_the_size_is_known_without_loading(self, data: DataSet, size: str) -> None:
        assert data.size() == size
