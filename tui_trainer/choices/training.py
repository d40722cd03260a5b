"""How long and in which portions a network is trained."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from tui_trainer.choices.base import Settings, setting


class Training(Settings):
    """How the training samples are fed to the network, how often, and how often the network is evaluated."""

    batch_size: int = setting(
        32,
        ge=1,
        le=1_000_000,
        live=True,
        unit="samples",
        ladder=(1, 2, 4, 8, 16, 32, 64, 100, 128, 256, 512, 1024, 2048, 4096, 8192),
        help="Samples per update: the gradient is averaged over them.",
        low="Noisy updates, and many of them: slow per epoch, though often good for generalization.",
        high="Few, smooth updates per epoch: needs more epochs or a higher learning rate.",
    )
    epochs: int = setting(
        30,
        ge=1,
        le=10_000_000,
        unit="epochs",
        ladder=(1, 2, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10000),
        help="Passes over the training samples.",
        low="Training ends while both losses still fall: underfitting.",
        high="Train loss falls on while validation loss rises: overfitting.",
    )
    evaluate_every: Literal["auto"] | Annotated[int, Field(ge=1)] = setting(
        "auto",
        unit="epochs",
        ladder=(1, 2, 5, 10, 20, 50, 100),
        help="Epochs between two evaluations; auto makes at most 500 of them in a run.",
        low="Many points on the curve; evaluating may take longer than training.",
        high="A coarse curve; the best epoch is easily missed.",
    )
    pace: Literal["full"] | Annotated[float, Field(gt=0)] = setting(
        "full",
        live=True,
        unit="updates/s",
        ladder=(1, 10, 100),
        help="Updates a second, to watch a small network learn; full does not wait. It never changes the results.",
        low="Slow motion.",
        high="Small networks are done before anyone sees them learn.",
    )

    def evaluation_interval(self) -> int:
        """Epochs between two evaluations."""
        return math.ceil(self.epochs / 500) if self.evaluate_every == "auto" else self.evaluate_every
