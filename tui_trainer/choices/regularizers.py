"""Regularizers: what keeps a network from learning its training samples by heart. They combine freely.

A regularizer fills the hooks that it needs and leaves the others as they are; the training loop calls the ones that
are filled, in the order in which they stand here, and knows no regularizer by name. `live` holds, by field name, the
present values of the fields that may change while training, as 0-dim tensors on the training device.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from tui_trainer.choices.base import Choice, setting

if TYPE_CHECKING:
    from torch import Tensor, nn
    from torch.nn import Parameter

    from tui_trainer.modules.parts import Parts

    Live = Mapping[str, Tensor]


class Regularizer(Choice):
    """Something that holds a network back from fitting its training samples too closely."""

    family = "regularization"
    main_field: ClassVar[str | None] = None  # the field that a bare number in an experiment stands for

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
        """The term whose gradient it adds: reported as a series of its own, never part of the plotted loss."""
        return None

    def stop(self, history: Sequence[float], epochs: Sequence[float]) -> str | None:
        """Why training should end now, if it should. `history`: validation loss at each evaluation, at `epochs`."""
        return None

    def fills(self, hook: str) -> bool:
        """Whether this class fills the hook of that name."""
        return getattr(type(self), hook) is not getattr(Regularizer, hook)


class L2(Regularizer):
    """Weight decay: adds strength x weight to the gradient of each weight; biases are left alone.

    It pulls every weight towards zero in proportion to its size, so that large weights must pay for themselves. Its
    penalty is strength / 2 times the sum of the squared weights. Weights become small, seldom exactly zero.
    """

    kind: Literal["l2"] = "l2"
    main_field = "strength"

    strength: float = setting(
        0.01,
        ge=0,
        le=100,
        live=True,
        ladder=(0.0, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0),
        help="Strength (lambda): how hard every weight is pulled towards zero.",
        low="Nothing changes: the network still overfits.",
        high="The weights vanish and both curves get worse: underfitting.",
    )

    @classmethod
    def off(cls) -> Self:
        return cls(strength=0.0)

    def gradients(self, parameters: Sequence[Parameter], live: Live) -> None:
        import torch

        gradients = [parameter.grad for parameter in parameters if parameter.ndim >= 2]
        weights = [parameter.detach() for parameter in parameters if parameter.ndim >= 2]
        torch._foreach_add_(gradients, torch._foreach_mul(weights, live["strength"]))

    def penalty(self, model: nn.Module, live: Live) -> Tensor:
        weights = [parameter for parameter in model.parameters() if parameter.ndim >= 2]
        total: Tensor = sum(weight.detach().square().sum() for weight in weights) * live["strength"] / 2  # type: ignore[assignment]
        return total
