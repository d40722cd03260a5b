"""Noise in training: what the network sees, and what it is told, is a little wrong each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from tui_trainer.choices.base import setting
from tui_trainer.choices.losses import CLASSES
from tui_trainer.choices.regularizers.base import Regularizer

if TYPE_CHECKING:
    from torch import Tensor

    from tui_trainer.choices.regularizers.base import Live
    from tui_trainer.modules.parts import Parts
    from tui_trainer.modules.signature import Signature


class Dropout(Regularizer):
    """Dropout: in every training step, each hidden unit is left out at random, with the probability `rate`.

    No unit can rely on another one being there, so they learn more robust features. Training gets noisier and takes
    longer; in evaluation all units take part, which is why the train loss of a batch may lie above the validation loss.
    Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014.
    """

    kind: Literal["dropout"] = "dropout"
    main_field = "rate"
    strong = 0.3

    rate: float = setting(
        0.2,
        ge=0,
        le=0.99,
        live=True,
        ladder=(0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
        help="Share of the hidden units that are left out at each step.",
        low="Nothing changes: the network still overfits. 0 is off.",
        high="Too little of the network is left to learn: both curves get worse, and learning slows down.",
    )

    @classmethod
    def off(cls) -> Self:
        return cls(rate=0.0)

    def layers(self, parts: Parts, live: Live) -> None:
        from tui_trainer.modules.dropout import Dropout as Module

        parts.dropout = lambda: Module(live["rate"])


class InputNoise(Regularizer):
    """Input noise: adds normal noise to the inputs of every training step.

    A network that sees each sample a little different every time cannot learn its exact values by heart, and answers
    alike for inputs that are alike. For small noise it is a penalty on how fast the outputs change with the inputs.
    Bishop, "Training with Noise is Equivalent to Tikhonov Regularization", 1995.
    """

    kind: Literal["input_noise"] = "input_noise"
    main_field = "std"
    strong = 0.5

    std: float = setting(
        0.1,
        ge=0,
        le=100,
        live=True,
        ladder=(0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0),
        help="Standard deviation of the noise, in the units of the scaled inputs: 1 is as large as they spread.",
        low="Nothing changes: the network still overfits. 0 is off.",
        high="The inputs drown in noise: both curves get worse.",
    )

    @classmethod
    def off(cls) -> Self:
        return cls(std=0.0)

    @classmethod
    def misfit(cls, task: str, signature: Signature) -> str:
        return "adds noise to numbers, and the inputs are tokens" if signature.is_text else ""

    def batch(self, x: Tensor, y: Tensor, live: Live) -> tuple[Tensor, Tensor]:
        import torch

        return x + live["std"].tensor * torch.randn_like(x), y


class LabelSmoothing(Regularizer):
    """Label smoothing: the right class shall get a probability of a little less than 1, the others share the rest.

    Without it the loss can always be made smaller by larger scores. With it the network stops at scores that are sure
    enough: it is less overconfident where it is wrong. What is plotted is the loss without it. Szegedy et al.,
    "Rethinking the Inception Architecture for Computer Vision", 2015.
    """

    kind: Literal["label_smoothing"] = "label_smoothing"
    main_field = "share"
    strong = 0.3

    share: float = setting(
        0.1,
        ge=0,
        le=0.99,
        live=True,
        ladder=(0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5),
        help="Share of the probability that is spread evenly over all classes.",
        low="Nothing changes: scores grow without end. 0 is off.",
        high="All classes are nearly alike: little is left to learn.",
    )

    @classmethod
    def off(cls) -> Self:
        return cls(share=0.0)

    @classmethod
    def misfit(cls, task: str, signature: Signature) -> str:
        return "" if task in CLASSES else "spreads probability over classes, and numbers are predicted here"

    def objective(self, scores: Tensor, targets: Tensor, loss: Tensor, live: Live) -> Tensor:
        from torch.nn import functional

        # A single score is that of the second class, against 0 for the first.
        every = functional.pad(scores, (1, 0)) if scores.shape[-1] == 1 else scores
        even = -every.log_softmax(dim=-1).mean()
        share = live["share"].tensor
        return (1 - share) * loss + share * even
