"""Regularizers: what keeps a network from learning its training samples by heart. They combine freely.

A regularizer fills the hooks that it needs and leaves the others as they are. The training loop calls those that are
filled, in the order in which the hooks stand here, and knows no regularizer by name.

`live` holds, by field name, the fields that may change while training, each as a `LiveValue`: a 0-dim tensor on the
training device and the same number as a float. The loop makes one per live field, hands the same mapping to every hook
of that regularizer, and calls `LiveValue.set` when a person changes the field; that is all it takes for the change to
reach the hooks and the layers that `layers` made. At strength or rate 0 the hooks return at once, so what `off()` gives
may always be there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from tui_trainer.choices.base import Choice, setting

if TYPE_CHECKING:
    from torch import Tensor, nn
    from torch.nn import Parameter

    from tui_trainer.modules.live import LiveValue
    from tui_trainer.modules.parts import Parts

    Live = Mapping[str, LiveValue]

STRENGTH_LADDER = (0.0, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0)


class Regularizer(Choice):
    """Something that holds a network back from fitting its training samples too closely."""

    family = "regularization"
    main_field: ClassVar[str | None] = None  # the field that a bare number in an experiment stands for
    strong: ClassVar[float | None] = None  # the main field's value beyond which it often holds back too much
    learns: ClassVar[bool] = False  # whether it has parameters of its own: then it can come or go only with new weights

    @classmethod
    def off(cls) -> Self | None:
        """The setting at which it does nothing but can be turned up while training; None if it cannot be."""
        return None

    def layers(self, parts: Parts, live: Live) -> None:
        """Changes the parts that a model is built from."""

    def batch(self, x: Tensor, y: Tensor, live: Live) -> tuple[Tensor, Tensor]:
        """Changes a training batch: inputs (batch, ...) and targets (batch)."""
        return x, y

    def gradients(self, parameters: Sequence[Parameter], live: Live) -> None:
        """Changes the gradients in place, between the backward pass and the update."""

    def weights(self, parameters: Sequence[Parameter], live: Live) -> None:
        """Changes the weights in place, after the update."""

    def penalty(self, model: nn.Module, live: Live) -> Tensor | None:
        """The term whose gradient it adds, a 0-dim tensor: reported as a series of its own, never part of the plotted
        loss. None if there is none."""
        return None

    def stop(self, history: Sequence[float], epochs: Sequence[float]) -> str | None:
        """Why training should end now, if it should. `history`: validation loss at each evaluation, at `epochs`."""
        return None

    def restores_best(self) -> bool:
        """Whether the weights of the best evaluation are put back when training ends."""
        return False

    def fills(self, hook: str) -> bool:
        """Whether this class fills the hook of that name."""
        return getattr(type(self), hook) is not getattr(Regularizer, hook)


class _WeightPenalty(Regularizer):
    """A penalty on the size of the weights, times a strength; biases and scales are left alone."""

    main_field = "strength"
    strength: float

    @classmethod
    def off(cls) -> Self:
        return cls.model_validate({"strength": 0.0})

    def gradients(self, parameters: Sequence[Parameter], live: Live) -> None:
        strength = live["strength"]
        if strength.value == 0:
            return
        import torch

        weights, gradients = _weights_and_gradients(parameters)
        with torch.no_grad():
            torch._foreach_add_(gradients, torch._foreach_mul(self.slope(weights), strength.tensor))

    def penalty(self, model: nn.Module, live: Live) -> Tensor | None:
        strength = live["strength"]
        if strength.value == 0:
            return None
        import torch

        return strength.tensor * torch.stack([self.size(weight.detach()) for weight in _weights(model)]).sum()

    def size(self, weight: Tensor) -> Tensor:
        """What is penalized of a weight matrix, 0-dim."""
        raise NotImplementedError

    def slope(self, weights: list[Tensor]) -> list[Tensor] | tuple[Tensor, ...]:
        """The derivative of `size` for each weight matrix."""
        raise NotImplementedError


class L1(_WeightPenalty):
    """L1 penalty: adds strength x the sign of each weight to its gradient; biases are left alone.

    It pulls every weight towards zero with the same force, however small the weight already is, so that many end within
    one step of zero: the network uses few of its inputs. Its penalty is strength times the sum of the absolute weights.
    Tibshirani, "Regression Shrinkage and Selection via the Lasso", 1996.
    """

    kind: Literal["l1"] = "l1"
    strong = 0.001

    strength: float = setting(
        1e-4,
        ge=0,
        le=100,
        live=True,
        ladder=STRENGTH_LADDER,
        help="Strength (lambda): the constant force that pulls every weight towards zero.",
        low="Nothing changes: the network still overfits. 0 is off.",
        high="Nearly all weights become zero and both curves get worse: underfitting.",
    )

    def size(self, weight: Tensor) -> Tensor:
        return weight.abs().sum()

    def slope(self, weights: list[Tensor]) -> list[Tensor] | tuple[Tensor, ...]:
        import torch

        return torch._foreach_sign(weights)


class L2(_WeightPenalty):
    """Weight decay: adds strength x weight to the gradient of each weight; biases are left alone.

    It pulls every weight towards zero in proportion to its size, so that large weights must pay for themselves.
    Weights become small, seldom exactly zero. Its penalty is strength / 2 times the sum of the squared weights. Krogh
    and Hertz, "A Simple Weight Decay Can Improve Generalization", 1991.
    """

    kind: Literal["l2"] = "l2"
    strong = 0.03

    strength: float = setting(
        0.01,
        ge=0,
        le=100,
        live=True,
        ladder=STRENGTH_LADDER,
        help="Strength (lambda): how hard every weight is pulled towards zero, in proportion to its size.",
        low="Nothing changes: the network still overfits. 0 is off.",
        high="The weights vanish and both curves get worse: underfitting.",
    )

    def size(self, weight: Tensor) -> Tensor:
        return weight.square().sum() / 2

    def slope(self, weights: list[Tensor]) -> list[Tensor] | tuple[Tensor, ...]:
        return weights


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


class BatchNorm(Regularizer):
    """Batch normalization: brings each hidden unit's sums over a batch to mean 0 and deviation 1, before the
    activation.

    Each unit then learns a scale and a shift of its own. It keeps signals at a healthy size in deep networks and allows
    higher learning rates; that a sample's sums depend on the batch it came in adds a little noise, which regularizes.
    In evaluation, running averages over the batches so far take the place of the batch. Ioffe and Szegedy, "Batch
    Normalization", 2015.
    """

    kind: Literal["batch_norm"] = "batch_norm"
    learns = True

    momentum: float = setting(
        0.1,
        gt=0,
        le=1,
        ladder=(0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0),
        help="Weight of the newest batch in the running mean and variance that evaluation uses.",
        low="The averages lag behind the weights: evaluation looks worse than training, most of all in short runs.",
        high="They follow single batches: evaluation figures jump. 1 uses the last batch alone.",
    )

    def layers(self, parts: Parts, live: Live) -> None:
        from tui_trainer.modules.batch_norm import BatchNorm as Module

        parts.norm = lambda features: Module(features, momentum=self.momentum)


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


def _weights_and_gradients(parameters: Sequence[Parameter]) -> tuple[list[Tensor], list[Tensor]]:
    """The weight matrices that have a gradient, and their gradients; biases and scales (1-dim) are left out."""
    weights: list[Tensor] = []
    gradients: list[Tensor] = []
    for parameter in parameters:
        if parameter.ndim >= 2 and parameter.grad is not None:
            weights.append(parameter)
            gradients.append(parameter.grad)
    return weights, gradients


def _weights(model: nn.Module) -> list[Parameter]:
    return [parameter for parameter in model.parameters() if parameter.ndim >= 2]
