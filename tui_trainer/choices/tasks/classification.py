"""Classification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tui_trainer.choices.losses import CrossEntropy
from tui_trainer.choices.tasks.base import Metric, Task
from tui_trainer.modules.signature import Signature

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor
    from torchmetrics import Metric as Meter

    from tui_trainer.choices.data.base import Samples

ACCURACY = Metric("accuracy", higher_is_better=True)
MACRO_F1 = Metric("macro_f1", higher_is_better=True, title="Macro F1")

IMBALANCED = 0.75
"""Where the commonest class has more than this share of what trains, naming it always looks good by accuracy."""


class Classification(Task):
    """Which of several classes a sample belongs to; a score for each class, targets are the index of the right one.

    With binary cross entropy, a single score: that of the second class, against 0 for the first. Macro F1 is the mean
    over the classes of the harmonic mean of precision and recall: each class counts alike, however rare. It is the
    primary metric where one class is far commoner than the others.
    """

    def fitted(self, train: NDArray[np.int64]) -> Classification:
        import numpy as np

        common = int(np.bincount(train).max(initial=0))
        return replace(self, metrics=(MACRO_F1, ACCURACY)) if common > IMBALANCED * len(train) else self

    def signature(self, samples: Samples) -> Signature:
        outputs = 1 if self.criterion.single_score else samples.outputs
        return Signature(samples.shape, outputs, len(samples.vocabulary))

    def probabilities(self, scores: Tensor) -> Tensor:
        return self._of_classes(scores).softmax(dim=-1)

    def _of_classes(self, scores: Tensor) -> Tensor:
        """A score for each class."""
        if not self.criterion.single_score:
            return scores
        import torch

        return torch.cat([torch.zeros_like(scores), scores], dim=1)

    def means(self, scores: Tensor, targets: Tensor) -> dict[str, Tensor]:
        right = self._of_classes(scores).argmax(dim=1) == targets
        return {**super().means(scores, targets), "accuracy": right.float().mean()}

    def meters(self, outputs: int) -> Mapping[str, Meter]:
        from torchmetrics.classification import MulticlassF1Score

        meter: Any = MulticlassF1Score(max(2, outputs), validate_args=False, sync_on_compute=False)
        return {"macro_f1": meter}

    def metered(self, scores: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        return self._of_classes(scores).argmax(dim=1), targets

    def baseline(self, train: NDArray[np.int64], validation: NDArray[np.int64], outputs: int) -> dict[str, float]:
        """Always the commonest training class; for the loss, the classes' shares in training as probabilities.

        One sample is added to every class, so that a class which training never shows does not make the loss infinite.
        """
        import numpy as np

        counts = np.bincount(train, minlength=outputs)
        shares = (counts + 1) / (counts + 1).sum()
        hit = float((validation == counts.argmax()).mean())
        classes = len(np.union1d(validation, counts.argmax()))  # those that are neither right nor guessed do not count
        return {
            "loss": float(-np.log(shares[validation]).mean()),
            "accuracy": hit,
            "macro_f1": 2 * hit / (1 + hit) / classes,
        }


CLASSIFICATION = Classification(
    "classification", loss="cross entropy", metrics=(ACCURACY, MACRO_F1), criterion=CrossEntropy()
)
