"""Samples as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tui_trainer.runs.parsing import text
from tui_trainer.runs.picture.checks import list_of, numbers, size, within

MOST_CURVES = 100


@dataclass(frozen=True)
class Image:
    """Grey values, 0 to 255, by rows from the top."""

    height: int = 0
    width: int = 0
    greys: tuple[int, ...] = ()


@dataclass(frozen=True)
class Input:
    """What a network is shown, or what it makes of it. One of these is filled."""

    image: Image = field(default_factory=Image)
    values: tuple[float, ...] = ()  # of the first features, in the data's own units
    curves: tuple[tuple[float, ...], ...] = ()  # of a sequence: each of the first features along it
    text: str = ""


def read_input(said: Mapping[str, Any]) -> Input:
    height, width = size(said.get("shape", [0, 0]))
    greys = tuple(within(value, 255) for value in list_of(said.get("image", []), height * width))
    return Input(
        Image(height, width, greys),
        numbers(said.get("values", [])),
        tuple(numbers(curve) for curve in list_of(said.get("curves", []))[:MOST_CURVES]),
        text(said.get("text")),
    )
