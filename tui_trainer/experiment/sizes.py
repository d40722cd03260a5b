"""Sizes that suit data of an unknown kind: networks that are quick to train and large enough to learn something."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

_EPOCHS = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200)
SMALLEST_FOR_FILTERS = 8  # pixels

TEXT_MODEL: dict[str, Any] = {
    "model": {"kind": "transformer", "d_model": 64, "heads": 4, "decoder_layers": 2, "d_ff": 128},
    "activation": "gelu",
    "optimizer": {"kind": "adam", "lr": 0.003},
    "schedule": {"kind": "cosine", "warmup": 50},
    "regularization": {"dropout": 0.1},
}


def table_model(rows: int) -> dict[str, Any]:
    """For features."""
    hidden = [16] if rows < 200 else [32, 32] if rows < 5000 else [64, 64] if rows < 100_000 else [128, 128]
    return {"model": {"kind": "mlp", "hidden": hidden}, "optimizer": {"kind": "adam", "lr": 0.003}}


def sequence_model() -> dict[str, Any]:
    """For sequences of features."""
    return {"model": {"kind": "rnn", "cell": "lstm", "hidden": 32}, "optimizer": {"kind": "adam", "lr": 0.003}}


def image_model(shape: Sequence[int]) -> dict[str, Any]:
    """For images of a shape that has height and width in it, with or without channels."""
    if len(shape) < 2 or sorted(shape)[-2] < SMALLEST_FOR_FILTERS:
        return {"model": {"kind": "mlp", "hidden": [64, 64]}, "optimizer": "adam"}
    return {"model": {"kind": "cnn", "blocks": [16, 32], "hidden": [64]}, "optimizer": "adam"}


def training(samples: int, updates: int, most: int = 1024) -> dict[str, int]:
    """Batches that grow with the data, and epochs for about so many updates."""
    sizes = ((500, 16), (2000, 32), (20_000, 64), (200_000, 256))
    batch = min(most, next((batch for limit, batch in sizes if samples < limit), 1024))
    wanted = updates * batch / max(1, samples)
    epochs = min(_EPOCHS, key=lambda epochs: abs(math.log(epochs / wanted)))
    return {"batch_size": batch, "epochs": epochs}
