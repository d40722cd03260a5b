"""Pictures of layers: what each unit looks for, and where it found it in one sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui_trainer.runs.parsing import finite, mapping, text, texts, whole
from tui_trainer.runs.picture.checks import MOST_MEMBERS, filled, heat, index, list_of, some
from tui_trainer.runs.picture.inputs import Input, read_input

MOST_LAYERS = 32


@dataclass(frozen=True)
class FiltersLayer:
    """The weights of some units of a layer as signed values, in shares of `scale`."""

    name: str
    height: int
    width: int
    scale: float  # the largest weight, without its sign
    units: int  # of which these are some
    inputs: int  # channels, of which these are some
    kernels: tuple[tuple[tuple[int, ...], ...], ...]  # for each unit, for each input channel: by rows, from the top
    names: tuple[str, ...] = ()  # of the units, if they have any


@dataclass(frozen=True)
class Filters:
    """The weights of the layers that look at images."""

    layers: tuple[FiltersLayer, ...]


@dataclass(frozen=True)
class MapsLayer:
    """What some channels of a layer hand on for the sample, as signed values in shares of `scale`."""

    name: str
    height: int
    width: int
    scale: float
    channels: int  # of which these are some
    maps: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class MapsSample:
    """The sample whose maps are shown; classes are below 0 where none are predicted."""

    input: Input
    true: int = -1
    predicted: int = -1
    share: float = 0.0  # the probability of the predicted class


@dataclass(frozen=True)
class Maps:
    """The feature maps of one sample of the validation part."""

    sample: MapsSample
    layers: tuple[MapsLayer, ...]


def read_filters(said: Mapping[str, Any]) -> Filters:
    return Filters(some(said["layers"], _filters_layer, MOST_LAYERS))


def _filters_layer(said: Mapping[str, Any]) -> FiltersLayer:
    height, width = filled(said["shape"])
    kernels = tuple(
        tuple(heat(kernel, height * width) for kernel in list_of(unit)[:MOST_MEMBERS])
        for unit in list_of(said["kernels"])[:MOST_MEMBERS]
    )
    if not kernels or not kernels[0] or len({len(unit) for unit in kernels}) > 1:
        raise ValueError("kernels that do not fit together")
    names = texts(said.get("names"))
    return FiltersLayer(
        text(said["name"]),
        height,
        width,
        finite(said["scale"]),
        whole(said["units"]),
        whole(said["inputs"]),
        kernels,
        names,
    )


def read_maps(said: Mapping[str, Any], classes: int) -> Maps:
    return Maps(_maps_sample(mapping(said["sample"]), classes), some(said["layers"], _maps_layer, MOST_LAYERS))


def _maps_sample(said: Mapping[str, Any], classes: int) -> MapsSample:
    if "true" not in said:
        return MapsSample(read_input(said))
    true, predicted = (index(said[name], classes) for name in ("true", "predicted"))
    return MapsSample(read_input(said), true, predicted, finite(said["share"]))


def _maps_layer(said: Mapping[str, Any]) -> MapsLayer:
    height, width = filled(said["shape"])
    maps = tuple(heat(values, height * width) for values in list_of(said["maps"])[:MOST_MEMBERS])
    if not maps:
        raise ValueError("a layer without channels")
    return MapsLayer(text(said["name"]), height, width, finite(said["scale"]), whole(said["channels"]), maps)
