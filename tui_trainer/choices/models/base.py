"""The family of models."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tui_trainer.choices.base import Choice

if TYPE_CHECKING:
    from torch import nn

    from tui_trainer.modules.parts import Parts


class Model(Choice):
    """An architecture: layers from the inputs to the outputs."""

    family = "model"
    activated: ClassVar[bool] = True  # whether it has hidden units, for an activation to act on

    def build(self, parts: Parts, inputs: tuple[int, ...], outputs: int) -> nn.Module:
        """The network, built of `parts`: from a batch (batch, *inputs) to scores (batch, outputs)."""
        raise NotImplementedError

    def shape(self) -> str:
        """The architecture in a few characters, such as "6 × 100"."""
        return ""
