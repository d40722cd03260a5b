"""Warm start: training begins from the weights of another run."""

from __future__ import annotations

from typing import Literal

from tui_trainer.choices.base import Settings, setting

_ARM = "arm:"


class WarmStart(Settings):
    """The run whose weights training begins from, and how many of its lower layers stay as they are.

    What the lower layers have learned often serves for other data of the same kind, and is worth more than anything
    that a few samples can teach (transfer learning). The last layer begins anew where other classes are to be told
    apart. Yosinski et al., "How transferable are features in deep neural networks?", 2014.
    """

    run: str = setting(
        "",
        max_length=200,
        help="Begins with the weights that another run has learned instead of random ones: worth it where samples are "
        "few. The id of that run, or its first letters; in a comparison, arm: and the name of another arm. Empty "
        "starts from random weights.",
    )
    checkpoint: Literal["best", "last"] = setting("best", help="Which of its checkpoints: the best one or the last.")
    freeze: int = setting(
        0,
        ge=0,
        le=1000,
        unit="layers",
        ladder=(0, 1, 2, 3, 4, 6, 8, 12),
        help="So many layers, counted from the input, keep their weights; with no run to start from it means nothing.",
        low="All layers learn: with few samples they soon forget what they had learned.",
        high="Only the last layers can adapt to the new data.",
    )

    @property
    def arm(self) -> str:
        """The name of the arm of the same comparison that is meant, as in `arm: digits 0-4`; empty if none is."""
        return self.run[len(_ARM) :].strip() if self.run.startswith(_ARM) else ""

    @property
    def frozen(self) -> int:
        """How many layers keep their weights."""
        return self.freeze if self.run else 0
