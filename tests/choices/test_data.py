"""Data sets: what they yield, and that a generated one depends on its seed only."""

from __future__ import annotations

import numpy as np
import pytest

from tui_trainer.choices.data import Circles, DataSet, Digits, Gaussians, Moons, Sine, Spirals, Xor
from tui_trainer.choices.data.toys import PointSet

GENERATED = [kind for kind, cls in DataSet.kinds().items() if issubclass(cls, PointSet)]


@pytest.mark.parametrize("kind", [kind for kind in DataSet.kinds() if kind != "mnist"])
def test_samples_are_whole(kind: str) -> None:
    samples = DataSet.pick(kind).load(3)

    assert samples.x.dtype == np.float32
    assert samples.y.dtype == (np.int64 if samples.classes else np.float32)
    assert samples.x.shape == (len(samples.y), *samples.shape)
    assert np.isfinite(samples.x).all()
    assert np.isfinite(samples.y).all()
    assert samples.outputs == (len(samples.classes) or 1)
    if samples.classes:
        assert sorted(set(samples.y.tolist())) == list(range(len(samples.classes)))
    assert len(samples.features) in (0, samples.shape[0])
    assert samples.validation_from is None


def test_digits_are_images() -> None:
    samples = Digits().load(0)

    assert samples.shape == (1, 8, 8)
    assert len(samples.y) == 1797
    assert samples.classes == tuple("0123456789")
    assert Digits().size() == "1,797 images of 8×8, 10 classes"


def test_images_are_scaled_to_a_range_and_points_by_feature() -> None:
    assert {kind: DataSet.pick(kind).scaling for kind in DataSet.kinds()} == {
        **dict.fromkeys([*GENERATED, "sine"], "standard"),
        "digits": "range",
        "mnist": "range",
    }


@pytest.mark.parametrize("kind", [*GENERATED, "sine"])
def test_a_generated_set_depends_on_its_seed(kind: str) -> None:
    data = DataSet.pick(kind)
    first, same, other = (data.load(seed).x for seed in (1, 1, 2**63 - 1))

    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("kind", GENERATED)
def test_the_points_are_shared_out_evenly(kind: str) -> None:
    samples = DataSet.pick(kind, samples=101).load(0)
    counts = np.bincount(samples.y)

    assert counts.sum() == 101
    assert counts.max() - counts.min() <= 1
    assert np.abs(samples.x).max() < 3


@pytest.mark.parametrize("kind", GENERATED)
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

    assert names == ["samples", "noise", "arms", "turns", "train_share", "train_samples", "scaling"]


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
