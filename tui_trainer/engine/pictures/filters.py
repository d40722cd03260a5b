"""The weights of the layers that look at images."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from tui_trainer.engine.pictures.subject import Subject, heat

LAYERS = 6
UNITS = 32
CHANNELS = 8
SIDE = 28
NUMBERS = 12_000
"""At most so many layers, units of a layer, input channels of a unit, weights along a side, and numbers of a layer."""


class FiltersDrawer:
    """The kernels of convolutions; where there are none, the weights of a first layer that sees the whole image."""

    def draw(self, subject: Subject) -> dict[str, Any]:
        shape = subject.preprocessing.shape
        if len(shape) != 3:
            return {}
        layers = subject.network.layers
        found = [(layer.name, layer.module.weight) for layer in layers if isinstance(layer.module, nn.Conv2d)]
        first = layers[0] if layers else None
        if not found and first and isinstance(first.module, nn.Linear) and first.module.in_features == _size(shape):
            found = [(first.name, first.module.weight.reshape(-1, *shape))]
        fitting = [(name, weight) for name, weight in found if max(weight.shape[2:]) <= SIDE][:LAYERS]
        made = [_layer(name, weight, subject.preprocessing.classes) for name, weight in fitting]
        return {"filters": {"layers": made}} if made else {}


def _layer(name: str, weight: Tensor, classes: tuple[str, ...]) -> dict[str, Any]:
    """Of weights (units, channels, height, width)."""
    units, channels, height, width = weight.shape
    shown = weight[:UNITS, :CHANNELS]
    while shown.numel() > NUMBERS and shown.shape[1] > 1:
        shown = shown[:, : shown.shape[1] // 2]
    shown = shown[: max(1, NUMBERS // (shown.shape[1] * height * width))]
    values, scale = heat(shown.detach().cpu())
    area = height * width
    each = [values[start : start + area] for start in range(0, len(values), area)]
    kernels = [each[start : start + shown.shape[1]] for start in range(0, len(each), shown.shape[1])]
    return {
        "name": name,
        "shape": [height, width],
        "scale": scale,
        "units": units,
        "inputs": channels,
        "kernels": kernels,
        "names": list(classes[: len(kernels)]) if name == "output" and len(classes) == units else [],
    }


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for side in shape:
        size *= side
    return size
