"""From where each position of a sample takes what it hands on."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt
from typing import Any

from torch import Tensor, nn

from tui_trainer.engine.pictures.subject import Subject

SAMPLES = 4
LAYERS = 8
HEADS = 8
POSITIONS = 48
NUMBERS = 100_000
"""At most so many samples, layers, heads of a layer, positions, and weights in all."""


class AttentionDrawer:
    """The weights of all layers of attention for some samples of the validation part."""

    def draw(self, subject: Subject) -> dict[str, Any]:
        layers = [(name, module) for name, module in subject.model.named_modules() if hasattr(module, "record")]
        if not layers:
            return {}
        x = subject.first(SAMPLES)
        found = [(name, weights) for name, weights in _recorded(subject, layers, x) if weights is not None][:LAYERS]
        if not found:
            return {}
        heads = sum(min(HEADS, weights.shape[1]) for _, weights in found)
        most = min(POSITIONS, isqrt(NUMBERS // heads))
        size = max(min(most, weights.shape[2]) * min(most, weights.shape[3]) for _, weights in found)
        samples = max(1, min(len(x), NUMBERS // (heads * size)))
        return {"attention": {"samples": [_sample(subject, x, found, number, most) for number in range(samples)]}}


def _recorded(subject: Subject, layers: Sequence[tuple[str, nn.Module]], x: Tensor) -> list[tuple[str, Tensor | None]]:
    """By the name of each layer, its weights (samples, heads, queries, keys)."""
    modules: list[Any] = [module for _, module in layers]
    try:
        for module in modules:
            module.record = True
        subject.model(x)
        return [
            (name, module.weights if module.weights is None else module.weights.cpu())
            for (name, _), module in zip(layers, modules, strict=True)
        ]
    finally:
        for module in modules:
            module.record = False
            module.weights = None


def _sample(subject: Subject, x: Tensor, found: Sequence[tuple[str, Tensor]], number: int, most: int) -> dict[str, Any]:
    layers = []
    longest = 0
    for name, weights in found:
        asking, asked = _labels(subject, x[number], name, weights.shape[2], weights.shape[3])
        shown = (100 * weights[number, :HEADS, :most, :most]).round().int().clamp(0, 100)
        heads = shown.flatten(1).tolist()
        layers.append({"name": _readable(name), "queries": asking[:most], "keys": asked[:most], "heads": heads})
        longest = max(longest, weights.shape[2], weights.shape[3])
    words = f"the first {most} of {longest} positions" if longest > most else ""
    return {"words": words, "layers": layers}


def _labels(subject: Subject, sample: Tensor, layer: str, queries: int, keys: int) -> tuple[list[str], list[str]]:
    """What stands at the positions that ask, and at those that are looked at."""
    vocabulary = subject.preprocessing.vocabulary
    if not vocabulary:
        return _numbered(queries), _numbered(keys)
    tokens = [vocabulary[token] for token in sample.tolist()]
    source = len(tokens) - subject.validation.y.shape[1] if subject.task.name == "translation" else 0
    if "cross" in layer:
        asking, asked = tokens[source:], tokens[:source]
    else:
        asking = asked = (tokens[:source] if "encoder" in layer else tokens[source:]) if source else tokens
    return (
        asking if len(asking) == queries else _numbered(queries),
        asked if len(asked) == keys else _numbered(keys),
    )


def _numbered(count: int) -> list[str]:
    return [str(number + 1) for number in range(count)]


def _readable(name: str) -> str:
    """A layer's name for a person: `encoder.0.attention` is "encoder 1 attention"."""
    words = name.removesuffix(".heads").split(".")
    return " ".join(str(int(word) + 1) if word.isdigit() else word.replace("_", " ") for word in words)
