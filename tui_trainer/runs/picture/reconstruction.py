"""Pictures of an autoencoder: inputs beside their reconstructions, and the error as a score of how odd they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui_trainer.runs.parsing import finite, mapping, text, whole
from tui_trainer.runs.picture.checks import ends, list_of, some
from tui_trainer.runs.picture.inputs import Input, read_input

MOST_BINS = 200


@dataclass(frozen=True)
class Reconstructed:
    """A sample and what came out for it."""

    input: Input
    output: Input
    error: float  # mean squared error, of scaled inputs
    label: str = ""  # its class, or the number that it belongs to


@dataclass(frozen=True)
class Reconstruction:
    """Some samples of the validation part, and the mean error of all of them."""

    samples: tuple[Reconstructed, ...]
    error: float
    bottleneck: int  # numbers that a sample is squeezed into; 0: not known
    inputs: int  # numbers that a sample has


@dataclass(frozen=True)
class Histogram:
    """How often errors lie where, between the ends in bins of equal width; errors beyond count in the last one."""

    low: float
    high: float
    train: tuple[int, ...]
    validation: tuple[int, ...]


@dataclass(frozen=True)
class Anomaly:
    """The samples of the validation part with the largest errors first; `above` of them exceed the threshold."""

    worst: tuple[Reconstructed, ...]
    histogram: Histogram
    threshold: float  # so large an error has one training sample in a hundred
    above: int
    samples: int


def read_reconstruction(said: Mapping[str, Any]) -> Reconstruction:
    samples = some(said["samples"], _reconstructed)
    return Reconstruction(samples, finite(said["error"]), whole(said["bottleneck"]), whole(said["inputs"]))


def _reconstructed(said: Mapping[str, Any]) -> Reconstructed:
    source, output = (read_input(mapping(said[name])) for name in ("input", "output"))
    same = (source.image.height, source.image.width) == (output.image.height, output.image.width)
    if not same or len(source.values) != len(output.values) or len(source.curves) != len(output.curves):
        raise ValueError("a reconstruction of another shape")
    return Reconstructed(source, output, finite(said["error"]), text(said.get("label")))


def read_anomaly(said: Mapping[str, Any]) -> Anomaly:
    low, high = ends(said["range"])
    train = tuple(whole(count) for count in list_of(said["train"])[:MOST_BINS])
    if not train:
        raise ValueError("a histogram without bins")
    validation = tuple(whole(count) for count in list_of(said["validation"], len(train)))
    return Anomaly(
        some(said["worst"], _reconstructed),
        Histogram(low, high, train, validation),
        finite(said["threshold"]),
        whole(said["above"]),
        whole(said["samples"]),
    )
