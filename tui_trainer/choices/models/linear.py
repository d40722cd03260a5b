"""The linear model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.given import UNKNOWN, Given
from tui_trainer.choices.models.base import Model, refuse_positions, refuse_text

if TYPE_CHECKING:
    from torch import nn

    from tui_trainer.modules.parts import Parts
    from tui_trainer.modules.signature import Signature


class Linear(Model):
    """Linear model: inputs connected straight to the outputs, without hidden layers and so without an activation.

    With the cross entropy loss this is softmax regression, the smooth relative of the perceptron. Its boundaries are
    straight: it separates what a line, plane or hyperplane can separate, and must fail on xor and on circles.
    Rosenblatt, "The perceptron", 1958; its limits: Minsky and Papert, "Perceptrons", 1969.
    """

    kind: Literal["linear"] = "linear"
    activated = False

    def check(self, signature: Signature) -> None:
        refuse_text(self.kind, signature)
        refuse_positions(self.kind, signature)

    def build(self, parts: Parts, signature: Signature) -> nn.Module:
        from tui_trainer.modules.mlp import Mlp

        return Mlp(parts, signature.inputs, (), signature.outputs)

    def shape(self, given: Given = UNKNOWN) -> str:
        return "no hidden layer"
