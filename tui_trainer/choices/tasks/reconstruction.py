"""Reconstruction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_trainer.choices.losses import MeanSquaredError
from tui_trainer.choices.tasks.base import Metric, Task, means_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

MAE = Metric("mae", higher_is_better=False, title="Mean absolute error")
MSE = Metric("mse", higher_is_better=False, title="Mean squared error")


class Reconstruction(Task):
    """The input itself, after it has passed a narrow place: output and target have the input's shape, and are scaled
    as it is."""

    def targets(self, x: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        return x

    def means(self, scores: Tensor, targets: Tensor) -> dict[str, Tensor]:
        errors = scores - targets
        return {**super().means(scores, targets), "mse": errors.square().mean(), "mae": errors.abs().mean()}

    def baseline(self, train: NDArray[Any], validation: NDArray[Any], outputs: int) -> dict[str, float]:
        """Always the mean of the training inputs."""
        import torch

        guess = torch.from_numpy(train.mean(axis=0, keepdims=True, dtype="float32"))
        targets = torch.from_numpy(validation)
        return means_of(self.means(guess.expand_as(targets), targets))


RECONSTRUCTION = Reconstruction(
    "reconstruction",
    loss="mean squared error",
    metrics=(MAE, MSE),
    guess="the mean input",
    criterion=MeanSquaredError(),
)
