"""Losses: what training makes small."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from tui_trainer.choices.base import Choice, setting
from tui_trainer.choices.given import Given

if TYPE_CHECKING:
    from torch import Tensor

CLASSES = ("classification", "language", "translation")
NUMBERS = ("regression", "reconstruction")
"""Tasks whose networks score classes, or the tokens of a text; and those whose networks predict numbers."""


class Loss(Choice):
    """How far a network's output is from what it should be: the figure whose gradient moves the weights."""

    family = "loss"
    tasks: ClassVar[tuple[str, ...]] = ()  # by name, those that it can judge
    title: ClassVar[str] = ""  # its name in a sentence
    single_score: ClassVar[bool] = False  # two classes share one score

    def misses(self, given: Given) -> str:
        if not given.task or given.task in self.tasks:
            return ""
        if given.task in NUMBERS:
            return "classes"
        return "numbers" if set(self.tasks) <= set(NUMBERS) else "two classes"

    def for_task(self, task: str) -> Loss:
        """Itself, or what it stands for where a task of that name is learned."""
        return self

    def each(self, scores: Tensor, targets: Tensor) -> Tensor:
        """The loss of each sample (samples,); of predicted numbers, of each number, in the shape of `targets`.

        Scores of classes are (samples, scores) and targets their indices (samples,); predicted numbers have the shape
        of their targets.
        """
        raise NotImplementedError

    def mean(self, scores: Tensor, targets: Tensor) -> Tensor:
        """The mean loss, 0-dim."""
        return self.each(scores, targets).mean()


class Auto(Loss):
    """The loss that suits what is predicted: cross entropy for classes and for the next token of a text, mean squared
    error for numbers.

    Both are what maximum likelihood asks for, with one probability for each class and with normal noise around a
    number. Bishop, "Pattern Recognition and Machine Learning", 2006, section 5.2.
    """

    kind: Literal["auto"] = "auto"
    tasks = (*CLASSES, *NUMBERS)

    def for_task(self, task: str) -> Loss:
        return CrossEntropy() if task in CLASSES else MeanSquaredError()


class CrossEntropy(Loss):
    """Cross entropy: minus the logarithm of the probability that the network gives to the right class.

    The scores become probabilities by the softmax. A confident mistake costs much, a confident hit nearly nothing, so
    the gradient is large just where the network is wrong. Bridle, "Probabilistic Interpretation of Feedforward
    Classification Network Outputs", 1990.
    """

    kind: Literal["cross_entropy"] = "cross_entropy"
    tasks = CLASSES
    title = "cross entropy"

    def each(self, scores: Tensor, targets: Tensor) -> Tensor:
        from torch.nn import functional

        return functional.cross_entropy(scores, targets, reduction="none")

    def mean(self, scores: Tensor, targets: Tensor) -> Tensor:
        from torch.nn import functional

        return functional.cross_entropy(scores, targets)


class BinaryCrossEntropy(Loss):
    """Binary cross entropy: for two classes, one output whose sigmoid is the probability of the second class.

    It measures just what cross entropy does with half as many output weights: a single sigmoid neuron trained with it
    is logistic regression (Cox, "The Regression Analysis of Binary Sequences", 1958). For two classes only.
    """

    kind: Literal["binary_cross_entropy"] = "binary_cross_entropy"
    tasks = ("classification",)
    title = "binary cross entropy"
    single_score = True

    def each(self, scores: Tensor, targets: Tensor) -> Tensor:
        from torch.nn import functional

        return functional.binary_cross_entropy_with_logits(
            scores.squeeze(1), targets.to(scores.dtype), reduction="none"
        )


class MeanSquaredError(Loss):
    """Mean squared error: the square of how far a predicted number is off.

    Errors count by their square, so that a few large ones (outliers, typing errors in the data) may decide what is
    learned. The best guess under it is the mean. Legendre, 1805, and Gauss, 1809.
    """

    kind: Literal["mse"] = "mse"
    tasks = NUMBERS
    title = "mean squared error"

    def each(self, scores: Tensor, targets: Tensor) -> Tensor:
        return (scores - targets).square()


class MeanAbsoluteError(Loss):
    """Mean absolute error: how far a predicted number is off.

    A large error counts for no more than several small ones of the same sum, so outliers hardly matter: the best guess
    under it is the median. Its gradient has the same size however near the prediction is, which makes the end of
    training restless unless the learning rate falls.
    """

    kind: Literal["mae"] = "mae"
    tasks = NUMBERS
    title = "mean absolute error"

    def each(self, scores: Tensor, targets: Tensor) -> Tensor:
        return (scores - targets).abs()


class Huber(Loss):
    """Huber loss: half the square of small errors, and a straight line for those beyond `delta`.

    Smooth near the target as the squared error is, and as calm about outliers as the absolute error. Huber, "Robust
    Estimation of a Location Parameter", 1964.
    """

    kind: Literal["huber"] = "huber"
    tasks = NUMBERS
    title = "Huber loss"

    delta: float = setting(
        1.0,
        gt=0,
        le=1000,
        ladder=(0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 2.0, 3.0, 10.0),
        help="Errors beyond this count linearly; 1 is a standard deviation of the training targets.",
        low="Nearly the absolute error.",
        high="Nearly half the squared error: outliers count by their square again.",
    )

    def each(self, scores: Tensor, targets: Tensor) -> Tensor:
        from torch.nn import functional

        return functional.huber_loss(scores, targets, delta=self.delta, reduction="none")
