"""Tasks: what a network is asked to do. The task names the loss, the metrics and the one that decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Task:
    """What is predicted, how the loss is measured, and which metric on the validation part decides what is best."""

    name: str
    loss: str
    metrics: tuple[Metric, ...]  # the first is the primary one

    @property
    def primary(self) -> Metric:
        return self.metrics[0]

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


CLASSIFICATION = Classification(
    "classification", loss="cross entropy", metrics=(Metric("accuracy", higher_is_better=True),)
)
TASKS: dict[str, Task] = {task.name: task for task in (CLASSIFICATION,)}
