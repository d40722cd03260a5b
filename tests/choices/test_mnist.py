"""MNIST files: good ones in every form, and every way in which they can be bad."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from tui_trainer.choices.data import DataError, Mnist, Samples
from tui_trainer.choices.data.idx import LARGEST

IMAGES, LABELS = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"
TRAIN_IMAGES, TRAIN_LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


def images(count: int = 4, size: int = 3) -> bytes:
    values = bytes(number % 256 for number in range(count * size * size))
    return struct.pack(">4I", 0x0803, count, size, size) + values


def labels(count: int = 4) -> bytes:
    return struct.pack(">2I", 0x0801, count) + bytes(number % 3 for number in range(count))


PACKED = gzip.compress(images(), mtime=0)


def write(folder: Path, **files: bytes) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good pair, unpacked."""
    write(tmp_path, **{IMAGES: images(), LABELS: labels()})
    return tmp_path


def load(folder: Path | str) -> Samples:
    return Mnist(folder=str(folder)).load(0)


def refusal(folder: Path | str) -> str:
    with pytest.raises(DataError) as caught:
        load(folder)
    assert caught.value.field == "folder"
    return str(caught.value)


def test_a_pair_of_files_becomes_images_with_their_classes(folder: Path) -> None:
    samples = load(folder)

    assert samples.x.shape == (4, 1, 3, 3)
    assert samples.x.dtype == np.float32
    assert samples.x[1].flatten().tolist() == list(range(9, 18))
    assert samples.y.tolist() == [0, 1, 2, 0]
    assert samples.classes == ("0", "1", "2")
    assert samples.validation_from is None


def test_packed_files_are_the_same(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    packed = tmp_path_factory.mktemp("packed")
    write(packed, **{f"{IMAGES}.gz": gzip.compress(images()), f"{LABELS}.gz": gzip.compress(labels())})

    assert np.array_equal(load(packed).x, load(folder).x)


def test_a_name_that_is_wrong_about_packing_does_not_matter(tmp_path: Path) -> None:
    write(tmp_path, **{f"{IMAGES}.gz": images(), LABELS: gzip.compress(labels())})
    assert len(load(tmp_path).y) == 4


def test_where_both_pairs_are_the_second_validates(folder: Path) -> None:
    write(folder, **{TRAIN_IMAGES: images(7), TRAIN_LABELS: labels(7)})
    samples = load(folder)

    assert len(samples.y) == 11
    assert samples.validation_from == 7
    assert samples.y[7:].tolist() == [0, 1, 2, 0]


def test_home_and_variables_are_put_into_the_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.setenv("SOMEWHERE", str(folder.parent))

    assert len(load(f"~/{folder.name}").y) == 4
    assert len(load(f"$SOMEWHERE/{folder.name}").y) == 4


def test_a_missing_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none") == f"{tmp_path}/none: no such folder; name the one that holds the MNIST files"


def test_a_name_that_cannot_be_a_folder() -> None:
    assert "cannot be read: File name too long" in refusal("x" * 1000)
    assert "no such folder" in refusal("a\0b")
    assert "no such user" in refusal("~nobody-of-this-name/mnist")


def test_files_that_are_written_anew_are_noticed(folder: Path) -> None:
    data = Mnist(folder=str(folder))
    before = data.stamp()
    write(folder, **{IMAGES: images(5), LABELS: labels(5)})
    assert data.stamp() not in (before, None)
    assert Mnist(folder="x" * 1000).stamp() is None


def test_a_file_in_place_of_the_folder(folder: Path) -> None:
    assert "no such folder" in refusal(folder / IMAGES)


def test_a_folder_without_the_files(tmp_path: Path) -> None:
    said = refusal(tmp_path)
    assert all(name in said for name in (IMAGES, LABELS, TRAIN_IMAGES, TRAIN_LABELS, "no MNIST files"))


@pytest.mark.parametrize(("there", "missing"), [(IMAGES, LABELS), (LABELS, IMAGES)])
def test_half_of_a_pair(folder: Path, there: str, missing: str) -> None:
    (folder / missing).unlink()
    assert refusal(folder) == f"{folder}: {there} is there, but {missing} (or {missing}.gz) is not; put it beside it"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        (IMAGES, b"", "begins with nothing, and 00 00 08 03 would be right"),
        (IMAGES, b"\x00\x00", "begins with 00 00, and 00 00 08 03 would be right"),
        (IMAGES, b"<html><body>", "begins with 3c 68 74 6d, and 00 00 08 03 would be right"),
        (IMAGES, labels(), "not an IDX file of images: it begins with 00 00 08 01"),
        (LABELS, images(), "not an IDX file of labels: it begins with 00 00 08 03"),
        (IMAGES, images()[:10], "cut short within its first 16 bytes"),
        (IMAGES, images()[:-1], "cut short: 35 bytes of values, 4×3×3 need 36"),
        (IMAGES, images() + b"x", "more bytes of values than its sizes, 4×3×3, need (36)"),
        (IMAGES, struct.pack(">4I", 0x0803, 0, 28, 28), "empty: its sizes are 0×28×28"),
        (LABELS, labels(3), "3 labels for the 4 images of t10k-images-idx3-ubyte; there must be one for each image"),
        (IMAGES, struct.pack(">4I", 0x0803, 2**32 - 1, 28, 28), f"more than the {LARGEST:,} bytes allowed"),
        (IMAGES, struct.pack(">4I", 0x0803, 2**20, 28, 28), "cut short: 0 bytes of values"),
        (IMAGES, PACKED[:-12], "damaged or cut short"),
        (IMAGES, PACKED[:5], "damaged or cut short"),
        (IMAGES, PACKED[:-8] + b"12345678", "damaged or cut short"),
        (IMAGES, PACKED[:10] + b"\xff" * 30, "damaged or cut short"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_file(folder: Path, name: str, content: bytes, says: str) -> None:
    write(folder, **{name: content})
    said = refusal(folder)

    assert said.startswith(f"{folder / name}: ")
    assert says in said


def test_a_folder_in_place_of_a_file(folder: Path) -> None:
    (folder / IMAGES).unlink()
    (folder / IMAGES).mkdir()
    assert refusal(folder) == f"{folder / IMAGES}: not a file"


def test_pairs_of_different_sizes(folder: Path) -> None:
    write(folder, **{TRAIN_IMAGES: images(size=2), TRAIN_LABELS: labels()})
    assert refusal(folder) == f"{folder}: the images of the two pairs differ in size, 2×2 and 3×3; they must agree"


def test_the_real_files(mnist: Path) -> None:
    samples = load(mnist)

    assert samples.shape == (1, 28, 28)
    assert samples.classes == tuple("0123456789")
    assert samples.x.min() == 0
    assert samples.x.max() == 255
    assert samples.y[-10_000:][:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]  # as t10k begins everywhere
