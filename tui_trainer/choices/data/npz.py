"""The user's own arrays."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.arrays import LARGEST, Header, headers, read_arrays
from tui_trainer.choices.data.base import DataError, DataSet, Samples
from tui_trainer.choices.data.own_files import file_field, file_stamp, own_file
from tui_trainer.choices.data.tables.targets import FEW_NUMBERS, MOST_CLASSES
from tui_trainer.choices.data.tables.wishes import TASKS, Predict
from tui_trainer.choices.given import Given

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Layout = Literal["auto", "features", "sequence", "image"]

NAMES = (
    ("x", "y"),
    ("X", "y"),
    ("X", "Y"),
    ("data", "target"),
    ("data", "labels"),
    ("images", "labels"),
    ("inputs", "targets"),
)
"""What the arrays of inputs and of targets are called, the commonest first."""

PARTS = (("train", "test"), ("train", "val"), ("train", "valid"), ("train", "validation"))
"""What the names of the arrays of the parts that train and validate end with, as in x_train."""

_LARGEST = 3e38  # a float32 ends there
_CHANNELS = (1, 3, 4)


@dataclass(frozen=True)
class Chosen:
    """The arrays that are learned from; a second pair validates. Without targets the last column is the target."""

    x: Header
    y: Header | None
    validation: tuple[Header, Header] | None = None

    @property
    def all(self) -> tuple[Header, ...]:
        return tuple(header for header in (self.x, self.y, *(self.validation or ())) if header)


class Npz(DataSet):
    """Arrays of your own, as numpy.savez writes them (NPZ): inputs (samples, …) and a target for each (samples,).

    They are called x and y, data and target or the like; of others the first two are taken. Where x_train, y_train,
    x_test and y_test are, the test pair validates. Of a single array (NPY) the last column is the target. Arrays of
    objects, which could run code when they are read, are refused.
    """

    group = "your own"
    kind: Literal["npz"] = "npz"

    file: str = file_field("The arrays.", (".npz", ".npy"))
    x: str = setting("", max_length=200, help="The array of inputs, by name. Empty: found by its name.")
    y: str = setting("", max_length=200, help="The array of targets, by name. Empty: found by its name.")
    predict: Predict = setting(
        "auto",
        help="What the targets are: classes (classification) or numbers (regression); auto takes texts, whole numbers "
        "of few different values and one-hot rows for classes.",
    )
    layout: Layout = setting(
        "auto",
        help="What a sample is: features, a sequence (length, features) or an image (height, width), with channels "
        "first or last; auto goes by the shape, and takes two dimensions of bytes for an image, else for a sequence.",
    )

    def given(self) -> Given:
        return Given("" if self.layout == "auto" else self.layout, TASKS[self.predict])

    def load(self, seed: int) -> Samples:
        import numpy as np

        path = own_file(self.file, "file", LARGEST, 1)
        chosen = choose(path, headers(path, "file"), self.x, self.y)
        _refuse_objects(path, chosen)
        arrays = read_arrays(path, chosen.all, "file")
        if chosen.y is None:
            arrays = _last_column(path, arrays[0])
        pairs = list(zip(arrays[::2], arrays[1::2], strict=True))
        for (x, y), pair in zip(pairs, _pairs_of_names(chosen), strict=True):
            if not x.ndim or not y.ndim or len(x) != len(y):
                raise DataError(
                    f"{path}: {_count(x)} inputs in {pair[0]!r} and {_count(y)} targets in {pair[1]!r}; "
                    "there must be a target for each input",
                    "file",
                )
        if len(pairs) == 2 and pairs[0][0].shape[1:] != pairs[1][0].shape[1:]:
            shapes = " and ".join(str(x.shape[1:]) for x, _ in pairs)
            raise DataError(f"{path}: samples that train and that validate differ in shape: {shapes}", "file")
        layout = find_layout(pairs[0][0].shape, chosen.x.letter, self.layout)
        names = [header.name or "the array" for header in (chosen.x, *(chosen.validation or ())[:1])]
        x = np.concatenate([_inputs(path, name, x, layout) for (x, _), name in zip(pairs, names, strict=True)])
        y, classes, told = _targets(path, [y for _, y in pairs], self.predict)
        return Samples(
            x,
            y,
            classes,
            task="classification" if classes else "regression",
            target=chosen.y.name if chosen.y else "the last column",
            validation_from=len(pairs[0][0]) if len(pairs) == 2 else None,
            notes=(*_notes(chosen), f"each sample is {_ARTICLES[layout]}", told),
        )

    def stamp(self) -> Hashable:
        return file_stamp(self.file)

    def size(self) -> str:
        return Path(self.file).name


_ARTICLES = {"features": "a row of features", "sequence": "a sequence", "image": "an image"}


def choose(path: Path, found: Sequence[Header], x: str, y: str) -> Chosen:
    """Which of a file's arrays hold inputs and targets. Raises DataError if there are none of the names given."""
    named = {header.name: header for header in found}
    for name, field in ((x, "x"), (y, "y")):
        if name and name not in named:
            raise DataError(f"{path}: there is no array {name!r} (arrays: {', '.join(map(_shown, found[:20]))})", field)
    if len(found) == 1 and not y:
        return Chosen(found[0], None)
    for first, second in () if x or y else NAMES:
        for train, validate in PARTS:
            four = [named.get(f"{name}_{part}") for part in (train, validate) for name in (first, second)]
            if all(four):
                return Chosen(four[0], four[1], (four[2], four[3]))  # type: ignore[arg-type]
        if first in named and second in named:
            return Chosen(named[first], named[second])
    inputs = named[x] if x else next(header for header in found if header.name != y)
    targets = named[y] if y else next(header for header in found if header is not inputs)
    return Chosen(inputs, targets)


def find_layout(shape: tuple[int, ...], letter: str, wanted: Layout) -> Layout:
    """What a sample of inputs (samples, …) is. Raises DataError if it cannot be what is wanted."""
    dimensions = len(shape) - 1
    if wanted == "auto":
        flat = "image" if letter in ("u", "b") else "sequence"
        return {2: flat, 3: "image"}.get(dimensions, "features")  # type: ignore[return-value]
    if dimensions not in {"features": range(20), "sequence": (1, 2), "image": (2, 3)}[wanted]:
        raise DataError(f"samples of shape {shape[1:]} cannot be {_ARTICLES[wanted]}", "layout")
    return wanted


def _refuse_objects(path: Path, chosen: Chosen) -> None:
    for header in chosen.all:
        if header.letter == "O":
            raise DataError(
                f"{path}: {header.words} holds Python objects, which could run code when they are read; "
                "save it as numbers (array.astype('float32')) or texts (array.astype(str))",
                "file",
            )
        if header.letter in ("c", "M", "m", "V"):
            raise DataError(f"{path}: {header.words} is of type {header.type}; numbers are needed", "file")


def _last_column(path: Path, array: NDArray[Any]) -> list[NDArray[Any]]:
    if array.ndim != 2 or array.shape[1] < 2:
        raise DataError(
            f"{path}: a single array of shape {array.shape}; two arrays (inputs and targets) are needed, or one of "
            "rows whose last column is the target",
            "file",
        )
    return [array[:, :-1], array[:, -1]]


def _pairs_of_names(chosen: Chosen) -> list[tuple[str, str]]:
    pairs = [(chosen.x.name, chosen.y.name if chosen.y else "")]
    return pairs + ([(chosen.validation[0].name, chosen.validation[1].name)] if chosen.validation else [])


def _inputs(path: Path, name: str, x: NDArray[Any], layout: Layout) -> NDArray[np.float32]:
    """(samples, features), (samples, length, features) or (samples, channels, height, width)."""
    import numpy as np

    if x.dtype.kind not in "iufb":
        raise DataError(f"{path}: array {name!r} holds texts; inputs must be numbers", "x")
    _check_finite(path, name, x)
    numbers = np.asarray(x, dtype=np.float32)
    if layout == "features":
        return numbers.reshape(len(x), -1)
    if layout == "sequence":
        return numbers if x.ndim == 3 else numbers[:, :, None]
    if x.ndim == 3:
        return numbers[:, None]
    channels_last = x.shape[3] in _CHANNELS and x.shape[1] not in _CHANNELS
    return np.ascontiguousarray(numbers.transpose(0, 3, 1, 2)) if channels_last else numbers


def _check_finite(path: Path, name: str, array: NDArray[Any]) -> None:
    import numpy as np

    if array.dtype.kind != "f" or not array.size:
        return
    with np.errstate(invalid="ignore", over="ignore"):
        wild = ~(np.abs(array) <= _LARGEST).reshape(len(array), -1)
    if wild.any():
        row = int(wild.any(axis=1).argmax())
        place = int(wild[row].argmax())
        value = array.reshape(len(array), -1)[row, place]
        raise DataError(
            f"{path}: array {name!r}: sample {row + 1:,} has {value:g} as number {place + 1:,}; every number must be "
            f"finite, and at most {_LARGEST:g}",
            "file",
        )


def _targets(path: Path, parts: Sequence[NDArray[Any]], predict: Predict) -> tuple[NDArray[Any], tuple[str, ...], str]:
    """The targets of all parts, the names of the classes, and what was made of them."""
    import numpy as np

    parts = [part[:, 0] if part.ndim == 2 and part.shape[1] == 1 else part for part in parts]
    for part in parts:
        if part.dtype.kind in "iufb":
            _check_finite(path, "targets", part)
    if predict != "number" and all(map(_is_one_hot, parts)):
        parts = [part.argmax(axis=1) for part in parts]
    if not _are_classes(parts[0], predict):
        if parts[0].dtype.kind not in "iufb":
            raise DataError(f"{path}: targets are texts, no numbers; predict: class", "predict")
        if any(part.ndim > 2 for part in parts):
            raise DataError(f"{path}: targets of shape {parts[0].shape}; one or several numbers each are needed", "y")
        return np.concatenate(parts).astype(np.float32), (), "targets are numbers: regression"
    if parts[0].ndim != 1:
        raise DataError(f"{path}: targets of shape {parts[0].shape}; a class for each sample is needed", "predict")
    known, labels = np.unique(parts[0], return_inverse=True)
    if len(known) < 2:
        raise DataError(f"{path}: every target is {_name(known[0])!r}; two classes at least are needed", "y")
    if len(known) > MOST_CLASSES:
        raise DataError(f"{path}: {len(known):,} different targets, too many for classes (predict: number)", "predict")
    found = [labels]
    for part in parts[1:]:
        strange = np.flatnonzero(~np.isin(part, known))
        if len(strange):
            raise DataError(
                f"{path}: validation sample {int(strange[0]) + 1:,} is of class {_name(part[strange[0]])!r}, which no "
                "sample that trains is of; no network can learn it from other classes",
                "y",
            )
        found.append(np.searchsorted(known, part))
    classes = tuple(map(_name, known))
    return np.concatenate(found).astype(np.int64), classes, f"targets have {len(classes)} values: classification"


def _is_one_hot(y: NDArray[Any]) -> bool:
    return bool(y.ndim == 2 and y.dtype.kind in "iufb" and ((y == 0) | (y == 1)).all() and (y.sum(axis=1) == 1).all())


def _are_classes(y: NDArray[Any], predict: Predict) -> bool:
    import numpy as np

    if predict != "auto" or y.dtype.kind not in "iuf":
        return predict == "class" or (predict == "auto" and y.dtype.kind not in "iuf")
    if y.ndim != 1 or (y.dtype.kind == "f" and (y != np.round(y)).any()):
        return False
    distinct = len(np.unique(y))
    most = FEW_NUMBERS if y.dtype.kind == "f" else MOST_CLASSES
    return distinct <= most and 2 * distinct <= len(y)


def _name(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return f"{value:g}" if getattr(value, "dtype", None) is not None and value.dtype.kind == "f" else str(value)


def _notes(chosen: Chosen) -> list[str]:
    targets = f"targets: {chosen.y.name}" if chosen.y else "the last column is the target"
    if chosen.validation:
        return [f"{chosen.x.name} and {chosen.y.name if chosen.y else ''} train, {chosen.validation[0].name} validates"]
    return [f"inputs: {chosen.x.name}, {targets}" if chosen.y else targets]


def _count(array: NDArray[Any]) -> str:
    return f"{len(array):,}" if array.ndim else "no"


def _shown(header: Header) -> str:
    return f"{header.name} {'×'.join(map(str, header.shape))}"
