"""Warm start: training begins from the weights of another run."""

from __future__ import annotations

from typing import Literal

from tui_trainer.choices.base import Settings, setting


class WarmStart(Settings):
    """The run whose weights training begins from, and how many of its lower layers stay as they are."""

    run: str = setting(
        "",
        max_length=200,
        help="Id of the run, or its first letters; empty starts from random weights.",
    )
    checkpoint: Literal["best", "last"] = setting("best", help="Which of its checkpoints: the best one or the last.")
    freeze: int = setting(
        0,
        ge=0,
        le=1000,
        unit="layers",
        ladder=(0, 1, 2, 3, 4, 6, 8, 12),
        help="So many layers, counted from the input, keep their weights.",
        low="All layers learn: with few samples they soon forget what they had learned.",
        high="Only the last layers can adapt to the new data.",
    )
