"""Pictures of attention: from where each position takes what it hands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui_trainer.runs.parsing import text, texts
from tui_trainer.runs.picture.checks import filled, list_of, shares, some

MOST_LAYERS = 32
MOST_HEADS = 64


@dataclass(frozen=True)
class AttentionLayer:
    """The weights of each head of a layer: for each query, by rows, the share that each key has of it, 0 to 1."""

    name: str
    queries: tuple[str, ...]  # what stands at each position that asks
    keys: tuple[str, ...]  # what stands at each position that is looked at
    heads: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class AttentionSample:
    """One sample of the validation part; `words` say what is left out, if anything is."""

    words: str
    layers: tuple[AttentionLayer, ...]


@dataclass(frozen=True)
class Attention:
    """The attention of every layer and head for some samples."""

    samples: tuple[AttentionSample, ...]


def read_attention(said: Mapping[str, Any]) -> Attention:
    samples = some(said["samples"], _sample)
    if len({tuple(len(layer.heads) for layer in sample.layers) for sample in samples}) > 1:
        raise ValueError("samples that passed different layers")
    return Attention(samples)


def _sample(said: Mapping[str, Any]) -> AttentionSample:
    return AttentionSample(text(said["words"]), some(said["layers"], _layer, MOST_LAYERS))


def _layer(said: Mapping[str, Any]) -> AttentionLayer:
    queries, keys = texts(said["queries"]), texts(said["keys"])
    height, width = filled([len(queries), len(keys)])
    heads = tuple(shares(head, height * width) for head in list_of(said["heads"])[:MOST_HEADS])
    if not heads:
        raise ValueError("attention without a head")
    return AttentionLayer(text(said["name"]), queries, keys, heads)
