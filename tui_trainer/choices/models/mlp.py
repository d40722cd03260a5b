"""The multilayer perceptron."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from tui_trainer.choices.base import setting
from tui_trainer.choices.given import UNKNOWN, Given
from tui_trainer.choices.models.base import Model, refuse_positions, refuse_text

if TYPE_CHECKING:
    from torch import nn

    from tui_trainer.modules.parts import Parts
    from tui_trainer.modules.signature import Signature


class Mlp(Model):
    """Multilayer perceptron: layers of units, each connected to all units of the layer before it.

    A hidden unit adds up its weighted inputs and applies the activation; the output layer turns the last hidden layer
    into one score per class. With enough units it can draw any boundary (Cybenko, 1989), which does not mean that
    training finds it. Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", 1986.
    """

    kind: Literal["mlp"] = "mlp"

    hidden: tuple[Annotated[int, Field(ge=1, le=65_536)], ...] = setting(
        (100,),
        strict=False,
        min_length=1,
        max_length=200,
        unit="units",
        ladder=(1, 2, 3, 4, 8, 16, 32, 50, 64, 100, 128, 200, 256, 512, 1024, 2048),
        help="Units of each hidden layer, from the input to the output.",
        low="Too few to bend the decision boundary as the data needs: underfitting.",
        high="Enough to learn each sample by heart: overfitting, and slower.",
    )

    def check(self, signature: Signature) -> None:
        refuse_text(self.kind, signature)
        refuse_positions(self.kind, signature)

    def build(self, parts: Parts, signature: Signature) -> nn.Module:
        from tui_trainer.modules.mlp import Mlp as Module

        return Module(parts, signature.inputs, self.hidden, signature.outputs)

    def shape(self, given: Given = UNKNOWN) -> str:
        if len(set(self.hidden)) == 1:
            return f"{len(self.hidden)} × {self.hidden[0]}"
        return "-".join(map(str, self.hidden))
