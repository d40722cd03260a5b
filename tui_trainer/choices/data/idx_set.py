"""Sets of images that are published as MNIST was: four IDX files."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.base import (
    DataError,
    DataSet,
    Missing,
    Progress,
    PublishedFile,
    Samples,
    Scaling,
    scaling_field,
)
from tui_trainer.choices.data.idx import read_idx
from tui_trainer.choices.data.only_classes import Classes, classes_field, only_classes
from tui_trainer.choices.data.own_files import file_stamp
from tui_trainer.choices.data.paths import expand
from tui_trainer.choices.given import Given

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TRAIN = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
TEST = ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
"""The official names of the images and the labels of each part; a file may have ".gz" behind its name."""

IMAGE = (1, 28, 28)


class IdxSet(DataSet):
    """Images of 28×28 grey pixels in ten classes: 60,000 to train on and 10,000 to validate with."""

    group = "images"
    holds = Given("image", "classification")
    published: ClassVar[tuple[PublishedFile, ...]]
    addresses: ClassVar[tuple[str, ...]]  # folders on the web that hold these files
    names: ClassVar[tuple[str, ...]]  # of the classes; of others than these ten, their number
    counts: ClassVar[tuple[tuple[int, ...], tuple[int, ...]]]  # images of each class that train, and that validate

    scaling: Scaling = scaling_field("range")

    folder: str | None = setting(
        None,
        min_length=1,
        max_length=4096,
        folder=True,
        help="Folder of the files, if you have them; empty: they are downloaded once, when a run first needs them. "
        "~ and variables such as $HOME are put in; a relative folder starts where the program did.",
    )
    classes: Classes = classes_field()

    def load(self, seed: int) -> Samples:
        import numpy as np

        if missing := self.missing():
            raise DataError(
                f"{self.kind} is not there yet: starting a run downloads it into {missing.folder}", "folder"
            )
        folder = self._folder()
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
        classes = self._class_names(int(y.max()) + 1)
        border = len(parts[0][1]) if len(parts) == 2 else None
        return only_classes(Samples(x, y, classes, validation_from=border), self.classes)

    def missing(self) -> Missing | None:
        if self.folder is not None:
            return None
        folder = self._folder()
        lacking = tuple(it for it in self.published if not _find(folder, it.name.removesuffix(".gz")))
        if not lacking:
            return None
        from tui_trainer.choices.data.download import host

        return Missing(self.kind, folder, lacking, host(self.kind, self.addresses))

    def fetch(self, progress: Progress) -> None:
        from tui_trainer.choices.data.download import download

        if missing := self.missing():
            download(missing, self.addresses, progress)

    def stamp(self) -> Hashable:
        try:
            found = [_find(self._folder(), name) for name in (*TRAIN, *TEST)]
        except (DataError, OSError):
            return None
        return tuple(file_stamp(str(path)) for path in found if path)

    def outline(self) -> Samples:
        import numpy as np

        labels = [chain.from_iterable(map(repeat, range(len(self.names)), counts)) for counts in self.counts]
        y = np.fromiter(chain(*labels), dtype=np.int64)
        x = np.broadcast_to(np.float32(0), (len(y), *IMAGE))
        return only_classes(Samples(x, y, self.names, validation_from=sum(self.counts[0])), self.classes)

    def size(self) -> str:
        if not self.classes:
            return "images of 28×28, 10 classes"
        return f"images of 28×28, {len(set(self.classes))} classes"

    def _folder(self) -> Path:
        from tui_trainer.choices.data.download import cache

        return cache(self.kind) if self.folder is None else expand(self.folder, "folder")

    def _class_names(self, count: int) -> tuple[str, ...]:
        return self.names if count == len(self.names) else tuple(map(str, range(count)))


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
