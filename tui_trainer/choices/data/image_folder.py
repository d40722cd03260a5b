"""Folders of images: which files belong to which class, and to which part."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tui_trainer.choices.data.base import DataError
from tui_trainer.choices.data.image_files import check_image

TRAIN = ("train", "training")
VALIDATION = ("val", "valid", "validation")
TEST = ("test", "testing")
"""Names of subfolders that hold a part each, with a folder for each class inside."""

_IMAGES = re.compile(
    r"\.(a?png|jpe?g|jpe|jfif|webp|gif|bmp|dib|tiff?|p[bgnp]m|jp2|jxl|avif|hei[cf]|svg|ico|tga|psd|raw|dng|cr2|nef|arw)",
    re.IGNORECASE,
)
"""How the names of images end, those of kinds that are not read as well: they shall be refused, and not overlooked."""

_OF_SYSTEMS = ("__macosx", "@eadir", "$recycle.bin", "system volume information")
"""Folders that operating systems leave, of which none is a class."""

MOST_FILES = 1_000_000
"""Of one class; who names the root of a disk by mistake shall not wait for hours."""


@dataclass(frozen=True)
class ImageFolder:
    """The files of a folder that has one folder a class, in a fixed order, those that validate last."""

    classes: tuple[str, ...]
    files: tuple[Path, ...]
    labels: tuple[int, ...]  # of each file: the index of its class
    validation_from: int | None  # the first file that validates, where the folder says so
    notes: tuple[str, ...]


def find_images(root: Path) -> ImageFolder:
    """Looks through a folder. What is hidden or not named as images are is left out, and folders that are linked into
    each other are seen once.

    Raises DataError if it is not laid out so.
    """
    try:
        return _find(root)
    except OSError as error:
        raise DataError(f"{error.filename or root}: cannot be read: {error.strerror or error}", "folder") from error


def _find(root: Path) -> ImageFolder:
    if not root.is_dir():
        raise DataError(f"{root}: no such folder; name the one that has a folder of images for each class", "folder")
    train, validation, notes = _parts_of(root)
    classes = tuple(path.name for path in _subfolders(train))
    if not classes:
        raise DataError(f"{train}: no folders in it; put the images of each class into a folder of its own", "folder")
    files, labels, strays = _of_classes(train, classes)
    present = sorted(set(labels))
    empty = [name for label, name in enumerate(classes) if label not in present]
    if len(present) < 2:
        there = f"only {classes[present[0]]!r} has files" if present else "there are no files in them"
        if strays:
            there += f" that are named as images are (others: {_some([path.name for path in strays])})"
        raise DataError(f"{train}: images of two classes at least are needed, and {there}", "folder")
    border = None
    if validation:
        strange = [path.name for path in _subfolders(validation) if path.name not in classes]
        if strange:
            unknown = f"{validation}: class {strange[0]!r} is not in {train.name}"
            raise DataError(f"{unknown}, so it cannot be learned", "folder")
        border = len(files)
        more = _of_classes(validation, classes)
        files, labels, strays = files + more[0], labels + more[1], strays + more[2]
    if strays:
        counted = "1 file is" if len(strays) == 1 else f"{len(strays):,} files are"
        notes.append(f"{counted} left out, not being named as images are: {_some([path.name for path in strays])}")
    if empty:
        notes.append(f"no images in: {_some(empty)}")
    places = {label: place for place, label in enumerate(present)}
    kept = [(file, places[label]) for file, label in zip(files, labels, strict=True) if label in places]
    if len(kept) < len(files):
        raise DataError(f"{validation}: class {empty[0]!r} has no images in {train.name} to learn it from", "folder")
    return ImageFolder(
        tuple(classes[label] for label in present),
        tuple(file for file, _ in kept),
        tuple(place for _, place in kept),
        border,
        tuple(notes),
    )


def _parts_of(root: Path) -> tuple[Path, Path | None, list[str]]:
    """The folder whose classes train, the one whose classes validate if there is one, and what is to be said of it."""
    parts = {path.name.lower(): path for path in _subfolders(root)}
    train = next((parts[name] for name in TRAIN if name in parts), None)
    validation = next((parts[name] for name in VALIDATION if name in parts), None)
    test = next((parts[name] for name in TEST if name in parts), None)
    if not train or not (validation or test) or not _subfolders(train):
        beside = sum(1 for _ in _files(root, deep=False))
        notes = [f"{beside:,} files beside the folders of the classes are left out"] if beside else []
        return root, None, notes
    if not validation:
        return train, test, [f"{test.name}/ validates" if test else ""]
    return train, validation, [f"{test.name}/ is left alone"] if test else []


def _of_classes(folder: Path, classes: tuple[str, ...]) -> tuple[list[Path], list[int], list[Path]]:
    """The images of the classes, the class of each, and the files that are no images by their names."""
    files: list[Path] = []
    labels: list[int] = []
    strays: list[Path] = []
    for label, name in enumerate(classes):
        if (folder / name).is_dir():
            found = sorted(_files(folder / name), key=lambda path: _natural(str(path)))
            images = [path for path in found if _may_be_image(path)]
            files += images
            labels += [label] * len(images)
            strays += sorted(set(found) - set(images))
    return files, labels, strays


def _may_be_image(path: Path) -> bool:
    """Whether a file is named as images are; one whose name has no ending is looked into."""
    if path.suffix:
        return _IMAGES.fullmatch(path.suffix) is not None
    try:
        check_image(path)
    except DataError:
        return False
    return True


def _subfolders(folder: Path) -> list[Path]:
    return sorted(
        (
            path
            for path in folder.iterdir()
            if path.is_dir() and not path.name.startswith(".") and path.name.lower() not in _OF_SYSTEMS
        ),
        key=lambda path: _natural(path.name),
    )


def _files(folder: Path, deep: bool = True) -> Iterator[Path]:
    """What is not a folder in it and, with `deep`, in the folders in it, each of which is seen once."""
    waiting, seen, found = [folder], set[tuple[int, int]](), 0
    while waiting:
        place = waiting.pop()
        about = place.stat()
        if (about.st_dev, about.st_ino) in seen:
            continue
        seen.add((about.st_dev, about.st_ino))
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if not entry.is_dir():
                    found += 1
                    if found > MOST_FILES:
                        raise DataError(f"{folder}: more than {MOST_FILES:,} files; name a smaller folder", "folder")
                    yield Path(entry.path)
                elif deep:
                    waiting.append(Path(entry.path))


def _natural(name: str) -> list[tuple[int, int | str]]:
    """A key that puts "9" before "10"."""
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in re.split(r"([0-9]+)", name)]


def _some(names: list[str]) -> str:
    few = ", ".join(names[:3])
    return few if len(names) <= 3 else f"{few} and {len(names) - 3:,} more"
