"""What the channels of convolutions hand on for one sample."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch.nn import functional

from tui_trainer.choices.tasks import Classification
from tui_trainer.engine.pictures.subject import Subject, few, heat

LAYERS = 6
CHANNELS = 32
SIDE = 28
NUMBERS = 12_000
"""At most so many layers, channels of a layer, places along a side, and numbers of a layer."""


class MapsDrawer:
    """The feature maps of the first sample of the validation part, behind each convolution's activation."""

    def draw(self, subject: Subject) -> dict[str, Any]:
        layers = [layer for layer in subject.network.layers if isinstance(layer.module, nn.Conv2d)][:LAYERS]
        if not layers or len(subject.preprocessing.shape) != 3:
            return {}
        x = subject.first(1)
        passed: dict[nn.Module, Tensor] = {}

        def note(module: nn.Module, inputs: object, output: Tensor) -> None:
            passed.setdefault(module, output)

        watched = {layer.name: layer.activation or layer.module for layer in layers}
        handles = [module.register_forward_hook(note) for module in dict.fromkeys(watched.values())]
        try:
            scores = subject.model(x)
        finally:
            for handle in handles:
                handle.remove()
        sample = {**subject.reader.read(x)[0], **_said(subject, scores)}
        made = [_layer(name, passed[module][0]) for name, module in watched.items() if passed[module].ndim == 4]
        return {"maps": {"sample": sample, "layers": made}} if made else {}


def _said(subject: Subject, scores: Tensor) -> dict[str, Any]:
    if not isinstance(subject.task, Classification):
        return {}
    share, predicted = subject.task.probabilities(scores)[0].max(dim=0)
    return {"true": int(subject.validation.y[0]), "predicted": int(predicted), "share": few(float(share))}


def _layer(name: str, maps: Tensor) -> dict[str, Any]:
    """Of maps (channels, height, width)."""
    channels = len(maps)
    height, width = (min(SIDE, side) for side in maps.shape[1:])
    shown = maps[: max(1, min(CHANNELS, NUMBERS // (height * width)))]
    small = functional.adaptive_avg_pool2d(shown.unsqueeze(0), (height, width))[0]
    values, scale = heat(small.float().cpu())
    area = height * width
    return {
        "name": name,
        "shape": [height, width],
        "scale": scale,
        "channels": channels,
        "maps": [values[start : start + area] for start in range(0, len(values), area)],
    }
