"""Make-believe arms: recorded runs whose curves end where the test says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tests.recorded import Curves, Recording
from tui_trainer.insight.arms import Arm
from tui_trainer.runs.records import RunView

Figures = tuple[float, float, float, float]
"""Train accuracy, validation accuracy, train loss, validation loss, at the end."""

EPOCHS = 10
GOOD: Figures = (1.0, 0.9, 0.02, 0.4)


def ending(figures: Figures, *, peak: float = 0.0) -> Curves:
    """Curves from guessing to `figures`; halfway, validation accuracy is higher by `peak`."""
    train, validation, train_loss, validation_loss = figures

    def curves(done: float) -> dict[str, dict[str, float]]:
        left = 1 - min(1.0, done)
        bump = peak * math.sin(math.pi * done) if done < 1 else 0.0
        return {
            "train": {"loss": train_loss + 2.3 * left, "accuracy": train - (train - 0.1) * left},
            "validation": {
                "loss": validation_loss + 2.3 * left,
                "accuracy": validation - (validation - 0.1) * left * (0 if peak else 1) + bump,
            },
        }

    return curves


def recording(figures: Figures = GOOD, seed: int = 0, *, peak: float = 0.0, **changes: Any) -> Recording:
    """A run that is about to train; `changes` are groups of its experiment."""
    experiment = {"training": {"epochs": EPOCHS, "batch_size": 100}, **changes, "seed": seed}
    return Recording(None, experiment, ending(figures, peak=peak))


def run(figures: Figures = GOOD, seed: int = 0, **arguments: Any) -> RunView:
    """A run that has finished."""
    return recording(figures, seed, **arguments).train().end().view()


def arm(name: str, figures: Sequence[Figures] | Figures = GOOD, **arguments: Any) -> Arm:
    """An arm with a finished run for each of the figures, with seeds 0, 1, 2 …"""
    several = figures if isinstance(figures[0], tuple) else [figures]
    runs = [run(one, seed, **arguments) for seed, one in enumerate(several)]  # type: ignore[arg-type]
    return Arm(name, tuple(runs))


def around(figures: Figures, shifts: Sequence[float], *, loss: float = 0.0) -> list[Figures]:
    """The same figures for several seeds, validation accuracy shifted by each, validation loss by `loss` times it."""
    train, validation, train_loss, validation_loss = figures
    return [(train, validation + shift, train_loss, validation_loss + loss * shift) for shift in shifts]


FIVE = (-0.03, 0.0, 0.01, 0.04, -0.02)
"""How five seeds differ."""
