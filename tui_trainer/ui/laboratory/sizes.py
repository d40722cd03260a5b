"""What the settings of an experiment add up to: samples, updates, parameters, memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.text import clean
from tui_trainer.ui.terminal.glyphs import MORE

if TYPE_CHECKING:
    from tui_trainer.runs.description import Description


@dataclass(frozen=True)
class Sizes:
    """None where it takes a worker to tell and it has not told yet."""

    train: int | None = None
    validation: int | None = None
    available: int | None = None  # samples of the training part, before `train_samples` cuts it
    features: int | None = None  # of one sample
    shape: tuple[int, ...] = ()  # of one sample
    vocabulary: int = 0  # different tokens of a text
    task: str = ""
    target: str = ""  # what is predicted, by name
    outline: tuple[tuple[int, ...], ...] = ()  # the shape of a sample, and of what each layer makes of it
    notes: tuple[str, ...] = ()  # what was guessed about the data, or left out
    test: int | None = None
    classes: int | None = None
    updates_per_epoch: int | None = None
    updates: int | None = None
    parameters: int | None = None
    memory: int | None = None  # bytes, roughly
    device: str = ""


@dataclass(frozen=True)
class Described:
    """What a worker said about an experiment: a description, or what is wrong with it (path and message).

    `refused` says that the experiment cannot be trained; else, without a description, nothing is known about it.
    """

    experiment: Experiment
    description: Description | None = None
    problems: tuple[tuple[str, str], ...] = ()
    refused: bool = False


def sizes(experiment: Experiment, described: Experiment, description: Description | None) -> Sizes:
    """What is known of `experiment` from the description of another one that differs a little.

    Only what the difference cannot have touched is taken over; updates are plain arithmetic.
    """
    if description is None or (experiment.data, experiment.seed) != (described.data, described.seed):
        return Sizes()
    train = description.samples.get("train")
    updates = math.ceil(train / experiment.training.batch_size) if train else None
    same_network = (experiment.model, set(experiment.regularization)) == (
        described.model,
        set(described.regularization),
    )
    same_memory = same_network and (experiment.optimizer, experiment.training.batch_size, experiment.device) == (
        described.optimizer,
        described.training.batch_size,
        described.device,
    )
    return Sizes(
        train=train,
        validation=description.samples.get("validation"),
        available=description.samples.get("available"),
        features=math.prod(description.shape),
        shape=description.shape,
        vocabulary=description.vocabulary,
        task=description.task,
        target=description.target,
        outline=(description.shape, *(layer.output for layer in description.layers)) if same_network else (),
        notes=description.notes,
        test=description.samples.get("test"),
        classes=len(description.classes),
        updates_per_epoch=updates,
        updates=updates * experiment.training.epochs if updates else None,
        parameters=description.parameters if same_network else None,
        memory=description.bytes.get("total") if same_memory else None,
        device=description.device if experiment.device == described.device else "",
    )


def sample_in_words(sizes: Sizes) -> str:
    """What a sample is: `28×28 grey`, `sequences of 50×1`, `text, 62 characters`, `13 features`."""
    shape = sizes.shape
    if sizes.vocabulary:
        of = "characters" if sizes.task == "language" else "tokens"
        return f"text, {sizes.vocabulary} {of}"
    match shape:
        case (channels, height, width):
            colours = {1: "grey", 3: "colour"}.get(channels, f"{channels} channels")
            return f"{height}×{width} {colours}"
        case (length, features):
            return f"sequences of {length}×{features}"
    return count(sizes.features, "feature" if sizes.features == 1 else "features")


_PREDICTED = {
    "regression": "predicts a number",
    "language": "predicts the next one",
    "translation": "text to text",
    "reconstruction": "rebuilds its input",
}


def target_in_words(sizes: Sizes) -> str:
    """What is predicted: classes to tell apart, or something of another kind, by its name if it has one."""
    if sizes.task == "regression" and sizes.target not in ("", "class", "target", "y"):
        return f"predicts {clean(sizes.target)}"
    return _PREDICTED.get(sizes.task) or count(sizes.classes, "classes")


def outline_in_words(outline: Sequence[tuple[int, ...]], width: int) -> str:
    """The shapes through a network in at most `width` characters: `1×8×8 → 16×8×8 → 64 → 10`."""
    words = ["×".join(map(str, shape)) for shape in outline]
    runs = [(word, len(list(same))) for word, same in groupby(words)]
    parts = [f"{times} × {word}" if times > 2 else " → ".join([word] * times) for word, times in runs]
    left = len(parts)
    while left > 2 and len(_joined(parts, left)) > width:
        left -= 1
    return _joined(parts, left)


def _joined(parts: Sequence[str], left: int) -> str:
    """So many of the parts, the last one among them; a sign stands for those between."""
    if left >= len(parts):
        return " → ".join(parts)
    return " → ".join([*parts[: left - 1], MORE, parts[-1]])


def count(number: int | None, of: str = "") -> str:
    """A count as a person reads it: `58,010 parameters`, or … while nobody knows."""
    return MORE if number is None else f"{number:,} {of}".rstrip()


def memory(size: int | None) -> str:
    """Bytes in three figures: 0.9 MB."""
    if size is None:
        return MORE
    units = ("kB", "MB", "GB", "TB")
    value = size / 1000
    for unit in units:
        if value < 999.5 or unit == units[-1]:
            break
        value /= 1000
    return f"{value:.3g} {unit}" if value < 100 else f"{value:.0f} {unit}"
