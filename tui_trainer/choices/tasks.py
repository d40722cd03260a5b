"""Tasks: what a network is asked to do. The task names the loss, the metrics and the one that decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor


@dataclass(frozen=True)
class Metric:
    """A figure that an evaluation reports."""

    name: str
    higher_is_better: bool
    unit: str = ""
    title: str = ""  # its full name; empty if `name` is

    @property
    def heading(self) -> str:
        """Its full name, as a title."""
        return self.title or self.name.capitalize()

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1, so that a difference is a number of percentage points."""
        return self.higher_is_better and not self.unit


@dataclass(frozen=True)
class Task:
    """What is predicted, how the loss is measured, and which metric on the validation part decides what is best."""

    name: str
    loss: str
    metrics: tuple[Metric, ...]  # the first is the primary one
    guess: str = "the commonest class"  # what the best guess is that looks at no input

    @property
    def primary(self) -> Metric:
        return self.metrics[0]

    def fitted(self, train: NDArray[Any]) -> Task:
        """This task with what it must know of the targets `train`."""
        return self

    def targets(self, y: NDArray[Any]) -> NDArray[Any]:
        """The targets as the loss takes them."""
        return y

    def target_scaling(self) -> dict[str, float]:
        """What stands between the network's output and the target; empty if nothing does."""
        return {}

    def loss_function(self) -> Callable[[Tensor, Tensor], Tensor]:
        """The loss of a batch: from scores (batch, outputs) and targets (batch) to their mean loss, 0-dim."""
        raise NotImplementedError

    def measure(self, scores: Tensor, targets: Tensor) -> dict[str, Tensor]:
        """`loss` and every metric as 0-dim tensors, each a mean over the samples.

        Figures of several batches therefore add up to those of all by a mean weighted with the batch sizes.
        """
        raise NotImplementedError

    def baseline(self, train: NDArray[Any], validation: NDArray[Any], outputs: int) -> dict[str, float]:
        """`loss` and every metric on the targets `validation` of the best guess that looks at no input.

        The guess is made from the targets `train`.
        """
        raise NotImplementedError


class Classification(Task):
    """Which of several classes a sample belongs to; a score for each class, targets are the index of the right one."""

    def loss_function(self) -> Callable[[Tensor, Tensor], Tensor]:
        from torch.nn import functional

        return functional.cross_entropy

    def measure(self, scores: Tensor, targets: Tensor) -> dict[str, Tensor]:
        from torch.nn import functional

        right = scores.argmax(dim=1) == targets
        return {"loss": functional.cross_entropy(scores, targets), "accuracy": right.float().mean()}

    def baseline(self, train: NDArray[np.int64], validation: NDArray[np.int64], outputs: int) -> dict[str, float]:
        """Always the commonest training class; for the loss, the classes' shares in training as probabilities.

        One sample is added to every class, so that a class which training never shows does not make the loss infinite.
        """
        import numpy as np

        counts = np.bincount(train, minlength=outputs)
        shares = (counts + 1) / (counts + 1).sum()
        return {
            "loss": float(-np.log(shares[validation]).mean()),
            "accuracy": float((validation == counts.argmax()).mean()),
        }


@dataclass(frozen=True)
class Regression(Task):
    """A number for each sample: one score, which predicts the target.

    The network learns targets of mean 0 and deviation 1, so that learning rates suit targets of any size. The loss is
    in these units: 1 is about what the mean of the training targets gets, and 1 less the loss the share of the
    variance that is explained. The primary metric is the mean absolute error, in the target's own unit: it says how far
    off a prediction is, and as it weighs large errors less, it shows something that the loss does not.
    """

    offset: float = 0.0
    scale: float = 1.0

    def fitted(self, train: NDArray[np.float32]) -> Regression:
        import numpy as np

        spread = float(train.std(dtype=np.float64))
        return replace(self, offset=float(train.mean(dtype=np.float64)), scale=spread if spread > 1e-12 else 1.0)

    def targets(self, y: NDArray[np.float32]) -> NDArray[np.float32]:
        import numpy as np

        return ((y - self.offset) / self.scale).astype(np.float32)

    def target_scaling(self) -> dict[str, float]:
        return {"offset": self.offset, "scale": self.scale}

    def loss_function(self) -> Callable[[Tensor, Tensor], Tensor]:
        from torch.nn import functional

        def loss(scores: Tensor, targets: Tensor) -> Tensor:
            return functional.mse_loss(scores.squeeze(1), targets)

        return loss

    def measure(self, scores: Tensor, targets: Tensor) -> dict[str, Tensor]:
        errors = scores.squeeze(1) - targets
        return {"loss": errors.square().mean(), "mae": errors.abs().mean() * self.scale}

    def baseline(self, train: NDArray[np.float32], validation: NDArray[np.float32], outputs: int) -> dict[str, float]:
        """Always the mean of the training targets."""
        import numpy as np

        errors = validation.astype(np.float64) - train.mean(dtype=np.float64)
        return {"loss": float(np.square(errors / self.scale).mean()), "mae": float(np.abs(errors).mean())}


CLASSIFICATION = Classification(
    "classification", loss="cross entropy", metrics=(Metric("accuracy", higher_is_better=True),)
)
REGRESSION = Regression(
    "regression",
    loss="mean squared error",
    metrics=(Metric("mae", higher_is_better=False, title="Mean absolute error"),),
    guess="the mean",
)
TASKS: dict[str, Task] = {task.name: task for task in (CLASSIFICATION, REGRESSION)}
