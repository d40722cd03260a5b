"""MNIST, and whatever else is published in its files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.base import DataError, DataSet, Samples, Scaling, scaling_field
from tui_trainer.choices.data.idx import read_idx

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


# The official names of the images and the labels of each part; a file may have ".gz" behind its name.
TRAIN = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
TEST = ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


class Mnist(DataSet):
    """Handwritten digits: 28×28 grey pixels, ten classes, from the MNIST files in a folder of yours.

    The folder holds the files under their official names, packed (.gz) or not: train-images-idx3-ubyte and
    train-labels-idx1-ubyte (60,000), t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte (10,000). Where both pairs
    are, the first trains and the second validates, and `train_share` is ignored; a single pair is split like any
    other data set. Sets that come in the same files, such as Fashion-MNIST, work too. LeCun, Bottou, Bengio and
    Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998.
    """

    kind: Literal["mnist"] = "mnist"
    scaling: Scaling = scaling_field("range")

    folder: str = setting(
        "~/mnist",
        min_length=1,
        max_length=4096,
        path=True,
        help="Folder of the MNIST files. ~ and variables such as $HOME are put in; "
        "a relative one starts where the program did.",
    )

    def load(self, seed: int) -> Samples:
        import numpy as np

        folder = _expand(self.folder)
        try:
            pairs = _pairs_in(folder)
        except OSError as error:
            raise DataError(f"{folder}: cannot be read: {error.strerror}", "folder") from error
        parts = [_read_pair(*pair) for pair in pairs]
        if len({images.shape[1:] for images, _ in parts}) > 1:
            sizes = " and ".join("×".join(map(str, images.shape[1:])) for images, _ in parts)
            raise DataError(f"{folder}: the images of the two pairs differ in size, {sizes}; they must agree", "folder")
        x = np.concatenate([images for images, _ in parts])[:, None].astype(np.float32)
        y = np.concatenate([labels for _, labels in parts]).astype(np.int64)
        classes = tuple(str(number) for number in range(int(y.max()) + 1))
        return Samples(x, y, classes, validation_from=len(parts[0][1]) if len(parts) == 2 else None)

    def size(self) -> str:
        return "images of 28×28, 10 classes"


def _expand(folder: str) -> Path:
    try:
        return Path(os.path.expandvars(folder)).expanduser()
    except RuntimeError as error:
        raise DataError(f"{folder}: there is no such user whose home ~ could stand for", "folder") from error


def _pairs_in(folder: Path) -> list[tuple[Path, Path]]:
    """The files of images and of labels, of each part of which the folder holds both.

    Raises DataError if there are none, or half of a pair.
    """
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; name the one that holds the MNIST files", "folder")
    pairs = []
    for names in (TRAIN, TEST):
        found = {name: path for name in names if (path := _find(folder, name))}
        if len(found) == 1:
            (there,), (missing,) = found, set(names) - set(found)
            raise DataError(
                f"{folder}: {there} is there, but {missing} (or {missing}.gz) is not; put it beside it", "folder"
            )
        if found:
            images, labels = names
            pairs.append((found[images], found[labels]))
    if not pairs:
        raise DataError(
            f"{folder}: no MNIST files; put {' and '.join(TEST)} there, {' and '.join(TRAIN)}, or all four, "
            "each with or without .gz",
            "folder",
        )
    return pairs


def _find(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.exists()), None)


def _read_pair(images_file: Path, labels_file: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    images, labels = read_idx(images_file, 3), read_idx(labels_file, 1)
    if len(images) != len(labels):
        raise DataError(
            f"{labels_file}: {len(labels):,} labels for the {len(images):,} images of {images_file.name}; "
            "there must be one for each image",
            "folder",
        )
    return images, labels
