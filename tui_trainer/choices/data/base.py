"""The family of data sets."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from tui_trainer.choices.base import Choice, setting
from tui_trainer.choices.forms import FormField
from tui_trainer.choices.given import Given

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tui_trainer.choices.data.lazy import LazyInputs

Scaling = Literal["standard", "range", "none"]
Fill = Literal["refuse", "mean", "median", "zero"]
"""What is put in the place of missing numbers; what depends on the data is taken from the training part."""

Progress = Callable[[int, int], None]
"""Takes the bytes that are there and those that will be; what it raises ends the download."""


class DataError(Exception):
    """The data cannot be used: the message says why, where, and what would be right; `field` is the field to mend."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class PublishedFile:
    """A file as it was published: its name, how many bytes it has, and their MD5."""

    name: str
    bytes: int
    md5: str


@dataclass(frozen=True)
class Missing:
    """What a data set lacks, and can be downloaded."""

    what: str  # such as "mnist"
    folder: Path  # into which it is downloaded
    files: tuple[PublishedFile, ...]
    host: str = ""  # that is asked for them first, such as "example.org"

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True)
class Samples:
    """A data set in memory, before it is split and scaled."""

    x: NDArray[Any] | LazyInputs  # float32, or int64 for tokens
    """(samples, *shape): numbers; or the tokens (samples, length) of texts. An image is (channels, height, width), a
    sequence (length, features). Missing numbers are NaN, where `fill` says what becomes of them."""
    y: NDArray[np.int64] | NDArray[np.float32]
    """(samples,): the index of the class, or the number to predict; (samples, horizon): several numbers; (samples,
    positions): a token for each of the last `positions` inputs."""
    classes: tuple[str, ...]  # empty where no class is predicted
    features: tuple[str, ...] = ()  # names of the inputs; empty for images and texts
    task: str = "classification"  # or regression, language (the next token) or translation (tokens from tokens)
    target: str = "class"  # what is predicted, by name
    validation_from: int | None = None
    """A data set with a split of its own: the samples from this one on validate, all before it train, and `train_share`
    is ignored. None: it is split by `train_share`."""
    vocabulary: tuple[str, ...] = ()  # the tokens of texts
    source: int = 0  # of a translation: the first so many tokens of x are the source, the others the decoder's
    stratify: bool = True  # classes keep their proportions in a split
    ordered: bool = False  # samples are in the order of time: the last ones validate
    overlap: int = 0  # a sample shares rows with so many before it, which a border between parts leaves out
    fill: Fill = "refuse"
    encoding: Mapping[str, Any] = field(default_factory=dict)
    """How inputs were made of what the files hold: plain data that goes with every checkpoint."""
    notes: tuple[str, ...] = ()  # what was guessed or left out, in a few words each

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one sample."""
        return tuple(self.x.shape[1:])

    @property
    def outputs(self) -> int:
        """What is predicted for a sample: a score for each class or token, or so many numbers."""
        if self.task in ("language", "translation"):
            return len(self.vocabulary)
        return len(self.classes) or (self.y.shape[1] if self.y.ndim == 2 else 1)


def scaling_field(default: Scaling) -> Scaling:
    """The field that says how inputs are scaled, with the default that suits the data set."""
    field: Scaling = setting(
        default,
        help="How inputs are scaled, fitted on the training part only: standard (each feature, or each channel of an "
        "image, to mean 0 and deviation 1), range (all together, from smallest to largest, to 0 to 1) or none.",
    )
    return field


class DataSet(Choice):
    """Samples to learn from, with what should be predicted for them."""

    family = "data"
    generated: ClassVar[bool] = False  # another seed draws other samples, instead of another split of the same ones
    names_columns: ClassVar[tuple[str, ...]] = ()  # its fields that name columns of a table
    holds: ClassVar[Given] = Given("features", "classification")

    train_share: float = setting(
        0.8,
        gt=0,
        lt=1,
        ladder=(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
        help="Share of the samples (without the test part) that the network trains on; the rest validates.",
        low="Little to learn from: overfitting.",
        high="Few validation samples: their figures become noisy.",
    )
    test_share: float = setting(
        0.0,
        ge=0,
        lt=1,
        ladder=(0.0, 0.05, 0.1, 0.15, 0.2, 0.3),
        help="Share of the samples that is set aside before all else, for one last, honest look: no curve shows them.",
        low="0 sets none aside. The validation figures of the best of many tries flatter it.",
        high="Fewer samples to train on and to validate with.",
    )
    train_samples: int | None = setting(
        None,
        ge=1,
        unit="samples",
        ladder=(10, 20, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10000, 20000, 50000),
        help="Train on the first so many samples of the training part; empty takes all. The validation part stays.",
        low="The network learns them by heart: overfitting.",
        high="No more than the training part holds.",
    )
    scaling: Scaling = scaling_field("standard")

    @classmethod
    def form(cls) -> tuple[FormField, ...]:
        """The fields of this data set first, then those that all data sets have."""
        return tuple(sorted(super().form(), key=lambda field: field.name in DataSet.model_fields))

    def given(self) -> Given:
        """What it gives a network, as far as that is known without loading it."""
        return self.holds

    def unused(self, given: Given) -> Mapping[str, str]:
        return {"scaling": "letters are no numbers to scale"} if given.sample == "text" else {}

    def load(self, seed: int) -> Samples:
        """All samples, in a fixed order; a generated set draws from `seed` (at least 0) only.

        Raises DataError if they cannot be had.
        """
        raise NotImplementedError

    def missing(self) -> Missing | None:
        """The files that `fetch` would download; None if nothing is missing. Looks at names only.

        Raises DataError if where they belong, or come from, cannot be told.
        """
        return None

    def fetch(self, progress: Progress) -> None:
        """Downloads what is missing. Raises DataError if it cannot be had, and what `progress` raises."""

    def outline(self) -> Samples:
        """Samples without their inputs' values: as many, of the same shape and classes, while the files are missing."""
        raise NotImplementedError

    def stamp(self) -> Hashable:
        """What changes when somebody writes its files anew, so that they must be loaded again."""
        return None

    def columns(self) -> tuple[str, ...]:
        """The names of the table's columns, from the head of its file. Raises DataError if they cannot be read."""
        return ()

    def size(self) -> str:
        """What is known of it without loading, in a few words, such as "1,797 images of 8×8, 10 classes"."""
        return ""


def lacking(data_sets: Iterable[DataSet]) -> list[Missing]:
    """What these lack, each once; of one that cannot tell, whoever trains on it says what is wrong."""
    found: dict[str, Missing] = {}
    for data in data_sets:
        with contextlib.suppress(DataError, OSError):
            if missing := data.missing():
                found[missing.what] = missing
    return list(found.values())
