"""What all tasks have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tui_trainer.choices.losses import Auto, Loss
from tui_trainer.modules.signature import Signature

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor
    from torchmetrics import Metric as Meter

    from tui_trainer.choices.data.base import Samples


SHORT = 9
"""Cells for which a narrow column has room."""


@dataclass(frozen=True)
class Metric:
    """A figure that an evaluation reports."""

    name: str
    higher_is_better: bool
    unit: str = ""
    title: str = ""  # its full name; empty if `name` is
    is_bounded: bool = True  # whether, of a figure that is better higher and has no unit, 0 and 1 are the ends

    @property
    def heading(self) -> str:
        """Its full name, as a title."""
        return self.title or self.name.capitalize()

    @property
    def word(self) -> str:
        """What it is called in a sentence, and in a narrow column: `Macro F1`, `R²`, `mae`."""
        return self.title if 0 < len(self.title) <= SHORT else self.name

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1, so that a difference is a number of percentage points."""
        return self.higher_is_better and self.is_bounded and not self.unit


@dataclass(frozen=True)
class Task:
    """What is predicted, how the loss is measured, and which metric on the validation part decides what is best."""

    name: str
    loss: str  # its name in a sentence
    metrics: tuple[Metric, ...]  # the first is the primary one
    guess: str = "the commonest class"  # what the best guess is that looks at no input
    criterion: Loss = field(default_factory=Auto)

    @property
    def primary(self) -> Metric:
        return self.metrics[0]

    def fitted(self, train: NDArray[Any]) -> Task:
        """This task with what it must know of the targets `train`."""
        return self

    def targets(self, x: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        """What the loss compares the network's output with: of scaled inputs `x` and what the data says, `y`."""
        return y

    def target_scaling(self) -> dict[str, float]:
        """What stands between the network's output and the target; empty if nothing does."""
        return {}

    def signature(self, samples: Samples) -> Signature:
        """What a network for it is given and asked."""
        return Signature(samples.shape, samples.outputs, len(samples.vocabulary))

    def shaped(self, scores: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Scores and targets as the criterion takes them."""
        return scores, targets

    def loss_function(self) -> Callable[[Tensor, Tensor], Tensor]:
        """The loss of a batch: from the network's output and targets to their mean loss, 0-dim."""

        def loss(scores: Tensor, targets: Tensor) -> Tensor:
            return self.criterion.mean(*self.shaped(scores, targets))

        return loss

    def losses(self, scores: Tensor, targets: Tensor) -> Tensor:
        """The loss of each sample (samples,)."""
        return self.criterion.each(*self.shaped(scores, targets)).reshape(len(targets), -1).mean(dim=1)

    def probabilities(self, scores: Tensor) -> Tensor:
        """Of classes or tokens, the probability of each (…, classes), from scores (…, scores)."""
        return scores.softmax(dim=-1)

    def means(self, scores: Tensor, targets: Tensor) -> dict[str, Tensor]:
        """`loss`, and the metrics that are means over the samples, as 0-dim tensors.

        Figures of several batches add up to those of all by a mean weighted with the batch sizes.
        """
        return {"loss": self.criterion.mean(*self.shaped(scores, targets))}

    def meters(self, outputs: int) -> Mapping[str, Meter]:
        """By name, the metrics that are no means over samples; what they take is what `metered` gives."""
        return {}

    def metered(self, scores: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Predictions and targets as the meters take them."""
        return scores, targets

    def baseline(self, train: NDArray[Any], validation: NDArray[Any], outputs: int) -> dict[str, float]:
        """`loss` and metrics on the targets `validation` of the best guess that looks at no input.

        The guess is made from the targets `train`. A metric that means nothing for a guess may be left out.
        """
        raise NotImplementedError


def means_of(figures: Mapping[str, Tensor]) -> dict[str, float]:
    """Figures as floats."""
    return {name: float(value) for name, value in figures.items()}
