"""The family of regularizers.

A regularizer fills the hooks that it needs and leaves the others as they are. The training loop calls those that are
filled, in the order in which the hooks stand here, and knows no regularizer by name.

`live` holds, by field name, the fields that may change while training, each as a `LiveValue`: a 0-dim tensor on the
training device and the same number as a float; and as `lr` the present learning rate, which a regularizer only reads.
The loop makes one per live field, hands the same mapping to every hook of that regularizer, and calls `LiveValue.set`
when a person changes the field; that is all it takes for the change to reach the hooks and the layers that `layers`
made. While `is_idle` says that it does nothing, its hooks are not called, so what `off()` gives may always be there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Self

from tui_trainer.choices.base import Choice

if TYPE_CHECKING:
    from torch import Tensor, nn
    from torch.nn import Parameter

    from tui_trainer.modules.live import LiveValue
    from tui_trainer.modules.parts import Parts
    from tui_trainer.modules.signature import Signature

    Live = Mapping[str, LiveValue]


class Regularizer(Choice):
    """Something that holds a network back from fitting its training samples too closely."""

    family = "regularization"
    main_field: ClassVar[str | None] = None  # the field that a bare number in an experiment stands for
    strong: ClassVar[float | None] = None  # the main field's value beyond which it often holds back too much
    learns: ClassVar[bool] = False  # whether it has parameters of its own: then it can come or go only with new weights
    excludes: ClassVar[tuple[str, ...]] = ()  # kinds that do the same in another way: one of them must go

    @classmethod
    def off(cls) -> Self | None:
        """The setting at which it does nothing but can be turned up while training; None if it cannot be."""
        return None

    @classmethod
    def misfit(cls, task: str, signature: Signature) -> str:
        """Why it means nothing for that task and what the network is given; empty if it does."""
        return ""

    def is_idle(self, live: Live) -> bool:
        """Whether it does nothing at the present values of its fields."""
        main = live.get(self.main_field or "")
        return main is not None and main.value == 0

    def layers(self, parts: Parts, live: Live) -> None:
        """Changes the parts that a model is built from."""

    def batch(self, x: Tensor, y: Tensor, live: Live) -> tuple[Tensor, Tensor]:
        """Changes a training batch: inputs (batch, ...) and targets (batch, ...)."""
        return x, y

    def objective(self, scores: Tensor, targets: Tensor, loss: Tensor, live: Live) -> Tensor:
        """What training makes small, 0-dim, in the place of the batch's mean `loss`, which stays what is plotted."""
        return loss

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
