"""Every choice in a run of its own: it builds, it learns, it is saved, and training goes on from what was saved."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.engine.laboratory import Script, small, train
from tui_trainer.choices.base import families
from tui_trainer.engine.run import train_run
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.view import read

Files = Callable[[Path], Path]
"""Writes the files of a small data set into a folder, and says what its experiment names."""

DIGITS = {"kind": "digits", "train_samples": 200}
FIRST = {"kind": "remember_first", "samples": 200, "length": 5}
SINE = {"kind": "sine", "samples": 100}

NEEDS_FLAG = {"module"}  # a user's own code, which has tests of its own


def _csv(folder: Path) -> Path:
    rows = [f"{i % 7},{i % 5},{'red' if i % 2 else 'blue'},{3 * (i % 7) - (i % 5)}" for i in range(100)]
    (folder / "sales.csv").write_text("\n".join(["a,b,colour,price", *rows]))
    return folder / "sales.csv"


def _npz(folder: Path) -> Path:
    x = np.random.default_rng(0).normal(size=(100, 3))
    np.savez(folder / "some.npz", x=x, y=(x[:, 0] > 0).astype(np.int64))
    return folder / "some.npz"


def _text(folder: Path) -> Path:
    (folder / "some.txt").write_text("to be or not to be, that is the question. " * 40)
    return folder / "some.txt"


def _images(folder: Path) -> Path:
    for label, shade in (("dark", 40), ("light", 200)):
        (folder / label).mkdir()
        for i in range(20):
            Image.new("L", (8, 8), shade + i).save(folder / label / f"{i}.png")
    return folder


def _idx(folder: Path) -> Path:
    labels = (np.arange(60) % 10).astype(np.uint8)
    images = np.zeros((60, 28, 28), dtype=np.uint8)
    images[np.arange(60), labels] = 255
    for name, content in (
        ("t10k-images-idx3-ubyte.gz", struct.pack(">4B3i", 0, 0, 8, 3, 60, 28, 28) + images.tobytes()),
        ("t10k-labels-idx1-ubyte.gz", struct.pack(">4Bi", 0, 0, 8, 1, 60) + labels.tobytes()),
    ):
        (folder / name).write_bytes(gzip.compress(content))
    return folder


FILES: dict[str, tuple[str, Files]] = {
    "csv": ("file", _csv),
    "npz": ("file", _npz),
    "text": ("file", _text),
    "images": ("folder", _images),
    "mnist": ("folder", _idx),
    "fashion_mnist": ("folder", _idx),
}

TRANSFORMER = {"kind": "transformer", "d_model": 16, "heads": 2, "d_ff": 32}

SUITS: dict[str, dict[str, Any]] = {
    "data.copy": {"data": {"samples": 200, "length": 4}, "model": TRANSFORMER},
    "data.reverse": {"data": {"samples": 200, "length": 4}, "model": TRANSFORMER},
    "data.text": {"data": {"length": 16}, "model": TRANSFORMER},
    "data.sentences": {"data": {"characters": 3000, "length": 16}, "model": TRANSFORMER},
    "model.cnn": {"data": DIGITS},
    "model.rnn": {"data": FIRST},
    "model.transformer": {"data": FIRST},
    "model.autoencoder": {"data": DIGITS},
    "loss.mse": {"data": SINE},
    "loss.mae": {"data": SINE},
    "loss.huber": {"data": SINE},
    "regularization.augmentation": {"data": DIGITS},
}
"""What a choice needs beside it, where the small experiment has no use for it."""


def smallest(family: str, kind: str, folder: Path) -> Experiment:
    """The smallest experiment that can hold a choice."""
    groups: dict[str, Any] = {name: dict(group) for name, group in SUITS.get(f"{family}.{kind}", {}).items()}
    if family == "regularization":
        groups[family] = {kind: True}
    else:
        groups[family] = groups.get(family, {}) | {"kind": kind}
    if family == "data" and kind in FILES:
        field, write = FILES[kind]
        groups[family] |= {field: str(write(folder))}
    elif family == "data" and kind not in ("moons", *(name.removeprefix("data.") for name in SUITS)):
        groups.setdefault("model", "mlp")
    if family != "optimizer":
        groups["optimizer"] = {"kind": "adam", "lr": 0.01}
    groups["training"] = {"batch_size": 16, "epochs": 6}
    return small(**groups)


EVERY = [(family, kind) for family, kinds in families().items() for kind in kinds if kind not in NEEDS_FLAG]


@pytest.mark.parametrize(("family", "kind"), EVERY, ids=lambda it: it)
def test_it_builds_learns_is_saved_and_goes_on(family: str, kind: str, tmp_path: Path) -> None:
    folder = train(smallest(family, kind, tmp_path))
    view = read(folder)
    assert view.state == "finished", view.why
    assert view.last
    first, last = view.evaluations[0].train["loss"], view.last.train["loss"]
    if (family, kind) == ("initialization", "zeros"):
        assert last > 0.9 * first  # that it fails is what there is to see
    else:
        assert last < first

    train_run(folder, Script(), more_epochs=1)
    longer = read(folder)
    assert longer.state == "finished", longer.why
    assert (longer.epoch, longer.evaluations[: len(view.evaluations)]) == (view.epoch + 1, view.evaluations)
