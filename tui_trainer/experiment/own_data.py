"""A first experiment for data of the user's own: its kind recognized, the target guessed, a model and sizes that suit.

Only the head of a file is read: whatever is wrong behind it, a worker says.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from tui_trainer.choices.data.arrays import LARGEST as LARGEST_ARRAYS
from tui_trainer.choices.data.arrays import headers
from tui_trainer.choices.data.base import DataError
from tui_trainer.choices.data.idx_set import TEST, TRAIN
from tui_trainer.choices.data.image_folder import TRAIN as TRAIN_FOLDERS
from tui_trainer.choices.data.npz import choose, find_layout
from tui_trainer.choices.data.own_files import check_text, decode_some, head_encoding, own_file, read_head
from tui_trainer.choices.data.tables.layout import is_table
from tui_trainer.choices.data.text import LARGEST as LARGEST_TEXT
from tui_trainer.choices.data.text import MEMORY as TEXT_MEMORY
from tui_trainer.experiment.own_path import ARRAYS, IMAGES, INSTEAD, TABLES
from tui_trainer.experiment.own_tables import about_table
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.sizes import TEXT_MODEL, image_model, sequence_model, table_model, training
from tui_trainer.experiment.text import clean

_SEARCHED = 1000  # files of a folder

Suggested = tuple[dict[str, Any], list[str]]


@dataclass(frozen=True)
class Suggestion:
    """An experiment for somebody's data, and what was guessed for it, in a few words each."""

    experiment: Experiment
    notes: tuple[str, ...]


def experiment_for(path: Path, target: str = "") -> Suggestion:
    """An experiment that trains on the file or folder at `path`; `target` is the column to predict, if it is a table.

    Raises ExperimentError if nothing can be learned from it, as far as its head shows.
    """
    path = Path(os.path.abspath(os.path.expanduser(path)))  # noqa: PTH100, PTH111 - as a person wrote it, links and all
    try:
        mapping, notes = _suggest(path, target)
    except DataError as error:
        raise ExperimentError([Problem("", str(error))]) from None
    except OSError as error:  # such as a folder that may not be looked into
        raise ExperimentError([Problem("", f"{path}: cannot be read: {error.strerror or error}")]) from None
    mapping["name"] = clean(path.stem if path.is_file() else path.name)[:100]
    return Suggestion(parse(mapping), tuple(notes))


def _suggest(path: Path, target: str) -> Suggested:
    find: Callable[[Path], Suggested]
    if path.is_dir():
        find = _idx_files if _has_idx_files(path) else _images
    elif path.suffix.lower() in TABLES:
        return about_table(path, target)
    elif path.suffix.lower() in ARRAYS:
        find = _arrays
    elif instead := INSTEAD.get(path.suffix.lower()):
        raise DataError(f"{path}: {instead}")
    elif _holds_table(path):
        return about_table(path, target)
    else:
        find = _text
    if target:
        raise DataError(f"{path}: no table, so that there is no column {target!r} to predict; leave out --target")
    return find(path)


def _holds_table(path: Path) -> bool:
    own_file(str(path), "file", LARGEST_ARRAYS, 0)
    head = read_head(path, "file")
    check_text(path, head, "file")
    text = decode_some(head, head_encoding(head))
    return is_table(text[: text.rfind("\n") + 1] or text)


def _text(path: Path) -> Suggested:
    size = own_file(str(path), "file", LARGEST_TEXT, TEXT_MEMORY).stat().st_size
    length = next((length for length in (64, 32, 16) if size > 20 * length), 8)
    mapping = {
        "data": {"kind": "text", "file": str(path), "length": length},
        **TEXT_MODEL,
        "training": training(size // length, updates=800, most=32),
    }
    return mapping, ["running text: learns to write it, character by character"]


def _arrays(path: Path) -> Suggested:
    own_file(str(path), "file", LARGEST_ARRAYS, 0)
    chosen = choose(path, headers(path, "file"), "", "")
    shape = chosen.x.shape if chosen.y else (*chosen.x.shape[:-1], max(0, chosen.x.shape[-1] - 1))
    layout = find_layout(shape, chosen.x.letter, "auto")
    rows = shape[0] if shape else 0
    model = {"image": image_model(shape[1:]), "sequence": sequence_model()}.get(layout) or table_model(rows)
    data = {"kind": "npz", "file": str(path), "scaling": "range" if layout == "image" else "standard"}
    samples = {"image": "images", "sequence": "sequences"}.get(layout, "rows of features")
    targets = f"the array {chosen.y.name}" if chosen.y else "the last column"
    mapping = {"data": data, **model, "training": training(rows, updates=3000 if layout == "features" else 1500)}
    return mapping, [f"{rows:,} {samples}: predicts {targets}"]


def _idx_files(path: Path) -> Suggested:
    kind = "fashion_mnist" if "fashion" in path.name.lower() else "mnist"
    mapping = {
        "data": {"kind": kind, "folder": str(path)},
        **image_model((28, 28)),
        "training": {"batch_size": 64, "epochs": 5},
    }
    return mapping, [f"files of {kind}"]


def _has_idx_files(path: Path) -> bool:
    return any((path / f"{name}{packed}").exists() for name in (*TRAIN, *TEST) for packed in ("", ".gz"))


def _images(path: Path) -> Suggested:
    """A folder of images: squeezed to the size of the first one if that is small, grey if that one is."""
    try:
        classes = _folders(path)
        part = next((folder for folder in classes if folder.name.lower() in TRAIN_FOLDERS and _folders(folder)), path)
        classes = _folders(part)
        images = [image for folder in classes[:10] if (image := _first_image(folder))]
        beside = [file.name for file in islice(path.iterdir(), _SEARCHED) if file.suffix.lower() in (*TABLES, *ARRAYS)]
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error
    if not images:
        there = f" (or is it {beside[0]}?)" if beside else ""
        raise DataError(
            f"{path}: no images in the folders in it; there must be a folder of images for each class{there}"
        )
    size, colour = _size_and_colour(images[0])
    pixels = size if 8 <= size <= 64 else 32
    counted = "1 class" if len(classes) == 1 else f"{len(classes):,} classes"
    notes = [f"images of {counted}, squeezed to {pixels}×{pixels} {'grey' if colour == 'grey' else 'RGB'}"]
    if beside:
        notes.append(f"there are tables or arrays too: name one to train on it, such as {beside[0]}")
    mapping = {
        "data": {"kind": "images", "folder": str(path), "pixels": pixels, "colour": colour},
        **image_model((pixels, pixels)),
        "training": {"batch_size": 32, "epochs": 20},
    }
    return mapping, notes


def _folders(path: Path) -> list[Path]:
    return sorted(folder for folder in path.iterdir() if folder.is_dir() and not folder.name.startswith("."))


def _first_image(folder: Path) -> Path | None:
    files = islice(folder.rglob("*"), _SEARCHED)
    return next((file for file in files if file.suffix.lower() in IMAGES and file.is_file()), None)


def _size_and_colour(image: Path) -> tuple[int, str]:
    """The longer side of an image in pixels, and whether it has colours; those of a photograph if it cannot be read."""
    from PIL import Image

    try:
        with Image.open(image) as opened:
            return max(opened.size), "grey" if opened.mode in ("1", "L", "LA", "I", "I;16", "F") else "rgb"
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return 0, "rgb"
