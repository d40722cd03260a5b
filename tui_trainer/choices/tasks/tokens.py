"""Tasks that predict the tokens of a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

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
PERPLEXITY = Metric("perplexity", higher_is_better=False)


class Tokens(Task):
    """A token for each of several positions: scores (batch, positions, tokens), targets (batch, positions).

    Every position is judged with the right tokens before it given. Perplexity is the exponential of the mean cross
    entropy: among how many equally likely tokens the network is as unsure.
    """

    def signature(self, samples: Samples) -> Signature:
        return Signature(
            samples.shape,
            samples.outputs,
            vocabulary=len(samples.vocabulary),
            positions=samples.y.shape[1],
            source=samples.source,
        )

    def shaped(self, scores: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        return scores.flatten(0, 1), targets.flatten()

    def means(self, scores: Tensor, targets: Tensor) -> dict[str, Tensor]:
        right = scores.argmax(dim=-1) == targets
        return {**super().means(scores, targets), "accuracy": right.float().mean()}

    def meters(self, outputs: int) -> Mapping[str, Meter]:
        from torchmetrics.text import Perplexity

        return {"perplexity": Perplexity()}

    def baseline(self, train: NDArray[np.int64], validation: NDArray[np.int64], outputs: int) -> dict[str, float]:
        """Always the commonest token; for the loss, the tokens' shares in training, one added to each count."""
        import numpy as np

        counts = np.bincount(train.ravel(), minlength=outputs)
        shares = (counts + 1) / (counts + 1).sum()
        loss = float(-np.log(shares[validation]).mean())
        return {
            "loss": loss,
            "accuracy": float((validation == counts.argmax()).mean()),
            "perplexity": float(np.exp(loss)),
        }


LANGUAGE = Tokens(
    "language",
    loss="cross entropy",
    metrics=(ACCURACY, PERPLEXITY),
    guess="the commonest character",
    criterion=CrossEntropy(),
)
TRANSLATION = Tokens(
    "translation",
    loss="cross entropy",
    metrics=(ACCURACY, PERPLEXITY),
    guess="the commonest token",
    criterion=CrossEntropy(),
)
