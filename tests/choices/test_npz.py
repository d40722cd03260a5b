"""Arrays of one's own, and every way in which their files can be bad."""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tui_trainer.choices.data import DataError, Npz, Samples

X = np.arange(24, dtype=float).reshape(6, 4)
Y = np.array([0, 1, 0, 1, 0, 1])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "arrays.npz"


def load(file: Path, **fields: Any) -> Samples:
    return Npz(file=str(file), **fields).load(0)


def refusal(file: Path, **fields: Any) -> tuple[str, str]:
    """The field to mend, and what is said of it, without the folder."""
    with pytest.raises(DataError) as caught:
        load(file, **fields)
    return caught.value.field, str(caught.value).replace(f"{file.parent}/", "")


@pytest.mark.parametrize("names", [("x", "y"), ("X", "y"), ("data", "target"), ("images", "labels"), ("one", "two")])
def test_inputs_and_targets_go_by_their_names(file: Path, names: tuple[str, str]) -> None:
    np.savez(file, **dict(zip(names, (X, Y), strict=True)))
    samples = load(file)

    assert samples.x.dtype == np.float32
    assert np.array_equal(samples.x, X)
    assert samples.y.dtype == np.int64
    assert samples.y.tolist() == Y.tolist()
    assert samples.classes == ("0", "1")
    assert samples.target == names[1]


def test_arrays_can_be_named(file: Path) -> None:
    np.savez(file, x=X, y=Y, other=X[:, :2], numbers=X[:, 0])
    samples = load(file, x="other", y="numbers")
    assert samples.shape == (2,)
    assert samples.task == "regression"


@pytest.mark.parametrize("second", ["test", "val", "validation"])
def test_a_second_pair_validates(file: Path, second: str) -> None:
    np.savez(file, **{"x_train": X, "y_train": Y, f"x_{second}": X[:2] + 1, f"y_{second}": Y[:2]})
    samples = load(file)

    assert samples.validation_from == 6
    assert len(samples.y) == 8
    assert samples.x[6].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("shape", "dtype", "layout", "sample"),
    [
        ((6, 4), "f8", "auto", (4,)),
        ((6,), "f8", "auto", (1,)),
        ((6, 5, 3), "f8", "auto", (5, 3)),
        ((6, 5, 3), "u1", "auto", (1, 5, 3)),
        ((6, 5, 3), "u1", "sequence", (5, 3)),
        ((6, 5, 3), "f8", "image", (1, 5, 3)),
        ((6, 5, 3), "f8", "features", (15,)),
        ((6, 8, 9, 3), "u1", "auto", (3, 8, 9)),
        ((6, 3, 8, 9), "u1", "auto", (3, 8, 9)),
        ((6, 1, 8, 9), "f4", "auto", (1, 8, 9)),
        ((6, 7), "f4", "sequence", (7, 1)),
    ],
)
def test_what_a_sample_is_goes_by_the_shape(
    file: Path, shape: tuple[int, ...], dtype: str, layout: str, sample: tuple[int, ...]
) -> None:
    np.savez(file, x=np.zeros(shape, dtype), y=Y)
    samples = load(file, layout=layout)
    assert samples.shape == sample
    assert samples.x.dtype == np.float32


def test_channels_that_come_last_are_put_first(file: Path) -> None:
    images = np.zeros((6, 8, 9, 3), np.uint8)
    images[0, 2, 5] = (10, 20, 30)
    np.savez(file, x=images, y=Y)
    assert load(file).x[0, :, 2, 5].tolist() == [10, 20, 30]


@pytest.mark.parametrize(
    ("y", "classes", "shape"),
    [
        (np.array(["a", "b"] * 3), ("a", "b"), (6,)),
        (np.array([b"a", b"b"] * 3), ("a", "b"), (6,)),
        (np.array([True, False] * 3), ("False", "True"), (6,)),
        (np.array([[0], [1]] * 3), ("0", "1"), (6,)),
        (np.eye(2)[[0, 1] * 3], ("0", "1"), (6,)),
        (np.array([3.0, 5.0] * 3), ("3", "5"), (6,)),
        (np.array([0.5, 1.5] * 3), (), (6,)),
        (np.arange(12.0).reshape(6, 2), (), (6, 2)),
    ],
)
def test_what_targets_are(
    file: Path, y: np.ndarray[Any, Any], classes: tuple[str, ...], shape: tuple[int, ...]
) -> None:
    np.savez(file, x=X, y=y)
    samples = load(file)
    assert samples.classes == classes
    assert samples.y.shape == shape
    assert samples.task == ("classification" if classes else "regression")


def test_what_targets_are_can_be_overridden(file: Path) -> None:
    np.savez(file, x=X, y=Y)
    assert load(file, predict="number").task == "regression"
    np.savez(file, x=X, y=np.arange(6.0))
    assert load(file, predict="class").classes == tuple("012345")


def test_of_a_single_array_the_last_column_is_the_target(tmp_path: Path) -> None:
    np.save(tmp_path / "one.npy", np.c_[X, Y])
    samples = load(tmp_path / "one.npy")
    assert samples.shape == (4,)
    assert samples.y.tolist() == Y.tolist()


NAN = X.copy()
NAN[2, 1] = np.nan


@pytest.mark.parametrize(
    ("arrays", "fields", "field", "says"),
    [
        (
            {"x": X, "y": Y[:5]},
            {},
            "file",
            "6 inputs in 'x' and 5 targets in 'y'; there must be a target for each input",
        ),
        ({"x": X, "y": np.float64(3)}, {}, "file", "6 inputs in 'x' and no targets in 'y'"),
        ({"x": NAN, "y": Y}, {}, "file", "array 'x': sample 3 has nan as number 2; every number must be finite"),
        ({"x": X * 1e300, "y": Y}, {}, "file", "array 'x': sample 1 has 1e+300 as number 2"),
        ({"x": X, "y": np.r_[Y[:5], np.inf]}, {}, "file", "array 'targets': sample 6 has inf"),
        ({"x": X, "y": np.zeros(6, int)}, {}, "y", "every target is '0'; two classes at least are needed"),
        ({"x": X.astype(str), "y": Y}, {}, "x", "array 'x' holds texts; inputs must be numbers"),
        ({"x": X.astype(complex), "y": Y}, {}, "file", "array 'x' is of type <c16; numbers are needed"),
        ({"x": X, "y": np.array(["a"] * 6)}, {"predict": "number"}, "predict", "targets are texts, no numbers"),
        ({"x": X, "y": np.zeros((6, 2, 2))}, {}, "y", "targets of shape (6, 2, 2)"),
        ({"x": X, "y": X}, {"predict": "class"}, "predict", "a class for each sample is needed"),
        ({"x": X, "y": Y}, {"x": "z"}, "x", "there is no array 'z' (arrays: x 6×4, y 6)"),
        ({"x": X, "y": Y}, {"y": "z"}, "y", "there is no array 'z'"),
        ({"x": X, "y": Y}, {"layout": "image"}, "layout", "samples of shape (4,) cannot be an image"),
        ({"x": np.zeros(5)}, {}, "file", "two arrays (inputs and targets) are needed"),
        (
            {"x_train": X, "y_train": Y, "x_test": X, "y_test": Y + 1},
            {},
            "y",
            "validation sample 2 is of class '2', which no sample that trains is of",
        ),
        ({"x_train": X, "y_train": Y, "x_test": X[:, :2], "y_test": Y}, {}, "file", "differ in shape: (4,) and (2,)"),
    ],
)
def test_arrays_that_cannot_be_learned_from(
    file: Path, arrays: dict[str, Any], fields: dict[str, Any], field: str, says: str
) -> None:
    np.savez(file, **arrays)
    mend, said = refusal(file, **fields)
    assert mend == field
    assert says in said


class Trap:
    """Leaves a mark where it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.mark),)


@pytest.mark.parametrize("packed", [True, False])
def test_objects_are_refused_and_never_unpickled(tmp_path: Path, packed: bool) -> None:
    objects = np.array([Trap(tmp_path / "mark")] * 6, dtype=object)
    if packed:
        np.savez(tmp_path / "t.npz", x=objects, y=Y)
    else:
        with (tmp_path / "t.npz").open("wb") as file:
            np.save(file, objects, allow_pickle=True)
    assert "holds Python objects, which could run code" in refusal(tmp_path / "t.npz")[1]
    assert not (tmp_path / "mark").exists()

    (tmp_path / "t.npz").write_bytes(pickle.dumps(Trap(tmp_path / "mark")))
    assert "not an NPY or NPZ file" in refusal(tmp_path / "t.npz")[1]
    assert not (tmp_path / "mark").exists()


def saved() -> bytes:
    content = io.BytesIO()
    np.savez_compressed(content, x=np.random.default_rng(0).normal(size=(50, 4)), y=np.arange(50) % 2)
    return content.getvalue()


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_short(file: Path, share: float) -> None:
    whole = saved()
    file.write_bytes(whole[: int(share * len(whole))])
    said = refusal(file)[1]
    assert said.startswith("arrays.npz: ")
    assert any(words in said for words in ("empty", "damaged or cut short", "not an NPY or NPZ file"))


def test_single_bytes_that_flipped_do_no_harm(file: Path) -> None:
    whole = saved()
    for place in range(0, len(whole), 7):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with contextlib.suppress(DataError):
            load(file)


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 4)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-5, 4)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': 'abc'}",
        "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (6,)}",
        "{'descr': '<f8'}",
        "__import__('os').getpid()",
        "{" * 5000,
        "",
    ],
)
@pytest.mark.parametrize("packed", [True, False])
def test_a_header_that_lies(file: Path, header: str, packed: bool) -> None:
    text = header.encode("latin-1")
    array = b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + bytes(100)
    if packed:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("x.npy", array)
            archive.writestr("y.npy", array)
    else:
        file.write_bytes(array)
    assert refusal(file)[1].startswith("arrays.npz: ")


def test_an_archive_without_arrays(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    assert refusal(file) == ("file", "arrays.npz: no arrays in it")


def test_what_is_no_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.npz") == ("file", "none.npz: no such file")
    assert "a folder; name a file in it" in refusal(tmp_path)[1]
    os.mkfifo(tmp_path / "pipe.npz")
    assert "a pipe or device" in refusal(tmp_path / "pipe.npz")[1]


def test_a_single_array_needs_no_name(tmp_path: Path) -> None:
    file = tmp_path / "dates.npy"
    np.save(file, np.array([["2020-01-01", "2020-01-02"]] * 4, dtype="M8[D]"))
    with pytest.raises(DataError, match=r"dates\.npy: its array is of type <M8\[D\]; numbers are needed"):
        Npz(file=str(file)).load(0)
