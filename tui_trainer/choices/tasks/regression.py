"""Regression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tui_trainer.choices.losses import MeanSquaredError
from tui_trainer.choices.tasks.base import Metric, Task, means_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor
    from torchmetrics import Metric as Meter

MAE = Metric("mae", higher_is_better=False, title="Mean absolute error")
R2 = Metric("r2", higher_is_better=True, title="R²", is_bounded=False)


@dataclass(frozen=True)
class Regression(Task):
    """A number for each sample, or several: one score for each, which predicts the target.

    The network learns targets of mean 0 and deviation 1, so that learning rates suit targets of any size. The loss is
    in these units: a mean squared error of 1 is about what the mean of the training targets gets, and 1 less that loss
    the share of the variance that is explained. The primary metric is the mean absolute error, in the target's own
    unit: it says how far off a prediction is, and as it weighs large errors less, it shows something that the mean
    squared error does not. R² is the share of the variance of the part's own targets that is explained.
    """

    offset: float = 0.0
    scale: float = 1.0

    def fitted(self, train: NDArray[np.float32]) -> Regression:
        import numpy as np

        spread = float(train.std(dtype=np.float64))
        return replace(self, offset=float(train.mean(dtype=np.float64)), scale=spread if spread > 1e-12 else 1.0)

    def targets(self, x: NDArray[Any], y: NDArray[np.float32]) -> NDArray[np.float32]:
        import numpy as np

        return ((y - self.offset) / self.scale).astype(np.float32)

    def target_scaling(self) -> dict[str, float]:
        return {"offset": self.offset, "scale": self.scale}

    def shaped(self, scores: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        return (scores.squeeze(1) if targets.ndim == 1 else scores), targets

    def means(self, scores: Tensor, targets: Tensor) -> dict[str, Tensor]:
        scores, targets = self.shaped(scores, targets)
        return {"loss": self.criterion.mean(scores, targets), "mae": (scores - targets).abs().mean() * self.scale}

    def meters(self, outputs: int) -> Mapping[str, Meter]:
        from torchmetrics.regression import R2Score

        return {"r2": R2Score(sync_on_compute=False)}

    def metered(self, scores: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        scores, targets = self.shaped(scores, targets)
        return scores.flatten(), targets.flatten()

    def baseline(self, train: NDArray[np.float32], validation: NDArray[np.float32], outputs: int) -> dict[str, float]:
        """Always the mean of the training targets."""
        import numpy as np
        import torch

        errors = validation.astype(np.float64) - train.mean(dtype=np.float64)
        scaled = torch.from_numpy(errors / self.scale)
        spread = float(np.square(validation - validation.mean(dtype=np.float64)).sum())
        return {
            **means_of({"loss": self.criterion.mean(torch.zeros_like(scaled), scaled)}),
            "mae": float(np.abs(errors).mean()),
            **({"r2": 1 - float(np.square(errors).sum()) / spread} if spread > 0 else {}),
        }


REGRESSION = Regression(
    "regression", loss="mean squared error", metrics=(MAE, R2), guess="the mean", criterion=MeanSquaredError()
)
