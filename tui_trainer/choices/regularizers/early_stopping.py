"""Early stopping."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.regularizers.base import Regularizer


class EarlyStopping(Regularizer):
    """Early stopping: ends the run when the validation loss has not improved for a while.

    A network usually learns what is common to all samples first and the quirks of the training samples later; stopping
    in between is the cheapest regularizer there is. Prechelt, "Early Stopping - But When?", 1998.
    """

    kind: Literal["early_stopping"] = "early_stopping"
    main_field = "patience"

    patience: int = setting(
        10,
        ge=1,
        le=1_000_000,
        unit="epochs",
        ladder=(1, 2, 3, 5, 10, 20, 30, 50, 100, 200),
        help="Epochs to wait for a better validation loss before stopping.",
        low="One unlucky stretch ends a run that would have gone on improving.",
        high="Time is spent long after the best epoch.",
    )
    min_delta: float = setting(
        0.0,
        ge=0,
        le=100,
        ladder=(0.0, 1e-5, 1e-4, 1e-3, 0.01, 0.1),
        help="How much lower the validation loss must be to count as better.",
        low="Improvements that mean nothing keep the run going.",
        high="Slow but real progress is taken for standstill.",
    )
    restore_best: bool = setting(True, help="Put the weights of the best evaluation back at the end.")

    def stop(self, history: Sequence[float], epochs: Sequence[float]) -> str | None:
        best, since = float("inf"), 0.0
        for loss, epoch in zip(history, epochs, strict=True):
            if loss < best - self.min_delta:
                best, since = loss, epoch
        if not epochs or epochs[-1] - since < self.patience:
            return None
        if best == float("inf"):
            return f"early stopping: no finite validation loss in {self.patience} epochs"
        reached = f"{best:.4g} (reached at epoch {since:g})"
        return f"early stopping: validation loss not below {reached} for {self.patience} epochs"

    def restores_best(self) -> bool:
        return self.restore_best
