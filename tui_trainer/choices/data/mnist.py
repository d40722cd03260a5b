"""MNIST, and whatever else is published in its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.base import DataError, DataSet, Samples, Scaling, scaling_field
from tui_trainer.choices.data.idx import expand_folder, read_idx

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class _Pair:
    """The files of one part, by their official names without ".gz"."""

    images: str
    labels: str


TRAIN = _Pair("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
TEST = _Pair("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


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

        folder = expand_folder(self.folder)
        parts = [_read_pair(folder, pair) for pair in _pairs_in(folder)]
        if len({images.shape[1:] for images, _ in parts}) > 1:
            sizes = " and ".join("×".join(map(str, images.shape[1:])) for images, _ in parts)
            raise DataError(f"{folder}: the images of the two pairs differ in size, {sizes}; they must agree", "folder")
        x = np.concatenate([images for images, _ in parts])[:, None].astype(np.float32)
        y = np.concatenate([labels for _, labels in parts]).astype(np.int64)
        classes = tuple(str(number) for number in range(int(y.max()) + 1))
        return Samples(x, y, classes, validation_from=len(parts[0][1]) if len(parts) == 2 else None)

    def size(self) -> str:
        return "images of 28×28, 10 classes"


def _pairs_in(folder: Path) -> list[_Pair]:
    """The pairs of which the folder holds both files.

    Raises DataError if there are none, or half of one.
    """
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; name the one that holds the MNIST files", "folder")
    pairs = []
    for pair in (TRAIN, TEST):
        images, labels = _find(folder, pair.images), _find(folder, pair.labels)
        if (images is None) != (labels is None):
            there, missing = (pair.images, pair.labels) if images else (pair.labels, pair.images)
            raise DataError(
                f"{folder}: {there} is there, but {missing} (or {missing}.gz) is not; put it beside it", "folder"
            )
        if images:
            pairs.append(pair)
    if not pairs:
        raise DataError(
            f"{folder}: no MNIST files; put {TEST.images} and {TEST.labels} there, {TRAIN.images} and {TRAIN.labels}, "
            "or all four, each with or without .gz",
            "folder",
        )
    return pairs


def _find(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.exists()), None)


def _read_pair(folder: Path, pair: _Pair) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    images_file, labels_file = _find(folder, pair.images), _find(folder, pair.labels)
    if images_file is None or labels_file is None:
        raise DataError(f"{folder}: its MNIST files vanished while they were read", "folder")
    images, labels = read_idx(images_file, 3), read_idx(labels_file, 1)
    if len(images) != len(labels):
        raise DataError(
            f"{labels_file}: {len(labels):,} labels for the {len(images):,} images of {images_file.name}; "
            "there must be one for each image",
            "folder",
        )
    return images, labels
