"""The file that holds a run's picture."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tui_trainer.runs import files
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.parsing import finite, mapping, texts, whole
from tui_trainer.runs.picture.attention import Attention, read_attention
from tui_trainer.runs.picture.classes import Boundary, Confusion, Mistakes, read_boundary, read_confusion, read_mistakes
from tui_trainer.runs.picture.filters import Filters, Maps, read_filters, read_maps
from tui_trainer.runs.picture.latent import Latent, read_latent
from tui_trainer.runs.picture.numbers import (
    Forecasts,
    Predictions,
    Surface,
    read_forecasts,
    read_predictions,
    read_surface,
)
from tui_trainer.runs.picture.reconstruction import Anomaly, Reconstruction, read_anomaly, read_reconstruction
from tui_trainer.runs.picture.tokens import Sequences, Text, read_sequences, read_text

VERSION = 1

MOST_BYTES = 4_000_000
MOST_CLASSES = 10_000

T = TypeVar("T")


@dataclass(frozen=True)
class Picture:
    """What a network saw at one step, in as many parts as there was something to see."""

    step: int
    epoch: float
    classes: tuple[str, ...]
    features: tuple[str, ...]
    boundary: Boundary | None = None
    confusion: Confusion | None = None
    mistakes: Mistakes | None = None
    predictions: Predictions | None = None
    surface: Surface | None = None
    forecasts: Forecasts | None = None
    reconstruction: Reconstruction | None = None
    anomaly: Anomaly | None = None
    latent: Latent | None = None
    text: Text | None = None
    sequences: Sequences | None = None
    filters: Filters | None = None
    maps: Maps | None = None
    attention: Attention | None = None

    def class_name(self, index: int) -> str:
        return self.classes[index] if index < len(self.classes) else str(index)


def picture_file(folder: RunFolder) -> Path:
    return folder.path / "picture.json"


def write_picture(folder: RunFolder, content: Mapping[str, Any]) -> None:
    """Puts a picture in the place of the last one. Raises OSError, and ValueError for numbers that are not finite."""
    text = json.dumps({"v": VERSION, **content}, separators=(",", ":"), allow_nan=False)
    files.replace(picture_file(folder), text)


def read_picture(folder: RunFolder) -> Picture | None:
    """The latest picture of a run; None if there is none that can be read."""
    try:
        content = files.read_plain(picture_file(folder), MOST_BYTES + 1)
        return _picture(json.loads(content)) if len(content) <= MOST_BYTES else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _picture(said: Any) -> Picture:
    content = mapping(said)
    if content["v"] != VERSION:
        raise ValueError("another version")
    classes = texts(content.get("classes"))[:MOST_CLASSES]
    features = texts(content.get("features"))

    def part(name: str, read: Callable[[Mapping[str, Any]], T]) -> T | None:
        found = mapping(content.get(name))
        return read(found) if found else None

    def of_classes(name: str, read: Callable[[Mapping[str, Any], int], T]) -> T | None:
        return part(name, lambda found: read(found, len(classes)))

    return Picture(
        whole(content["step"]),
        finite(content["epoch"]),
        classes,
        features,
        boundary=of_classes("boundary", read_boundary),
        confusion=of_classes("confusion", read_confusion),
        mistakes=of_classes("mistakes", read_mistakes),
        predictions=part("predictions", read_predictions),
        surface=part("surface", read_surface),
        forecasts=part("forecasts", read_forecasts),
        reconstruction=part("reconstruction", read_reconstruction),
        anomaly=part("anomaly", read_anomaly),
        latent=of_classes("latent", read_latent),
        text=part("text", read_text),
        sequences=part("sequences", read_sequences),
        filters=part("filters", read_filters),
        maps=of_classes("maps", read_maps),
        attention=part("attention", read_attention),
    )
