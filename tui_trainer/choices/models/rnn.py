"""The recurrent network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.activations import Activation, Tanh
from tui_trainer.choices.base import setting
from tui_trainer.choices.given import UNKNOWN, Given
from tui_trainer.choices.models.base import Model, ModelError, in_words

if TYPE_CHECKING:
    from torch import nn

    from tui_trainer.modules.parts import Parts
    from tui_trainer.modules.signature import Signature

READ_EVERYWHERE = "a network that writes is read at each place"


class Rnn(Model):
    """Recurrent network: reads a sequence step by step and keeps a state of what it has read.

    It reads sequences of numbers, images row by row, and the letters of a text, and is judged by its state at the end,
    by the mean of all its states, or, writing a text, at every step. A vanilla cell (Elman, "Finding Structure in
    Time", 1990) makes its state anew at each step, and forgets; an LSTM (Hochreiter and Schmidhuber, "Long Short-Term
    Memory", 1997) keeps it behind gates; a GRU (Cho et al., 2014) does with fewer of them. The cells bring their own
    activations: tanh, and sigmoids as gates. An LSTM's forget gates begin open, or no gradient would reach what came
    long ago (Jozefowicz et al., 2015). Dropout and norms act between the layers and before the output.
    """

    kind: Literal["rnn"] = "rnn"
    takes = ("image", "sequence", "text")
    needs = "sequences"
    activated = False

    cell: Literal["vanilla", "lstm", "gru"] = setting(
        "lstm",
        help="What a unit does at each step: vanilla (a new state from the input and the last state), lstm (gates "
        "decide what is kept, taken in and shown), gru (two gates, a quarter fewer weights).",
    )
    hidden: int = setting(
        64,
        ge=1,
        le=8192,
        unit="units",
        ladder=(1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024),
        help="Units of each layer: how much it can keep in mind.",
        low="Not enough to keep what matters.",
        high="Weights grow with its square: slower, and it learns sequences by heart.",
    )
    layers: int = setting(
        1,
        ge=1,
        le=32,
        unit="layers",
        ladder=(1, 2, 3, 4, 6, 8),
        help="Layers, each of which reads the states of the one before it.",
        low="One is enough for most short sequences.",
        high="Slow, and gradients have a longer way back.",
    )
    bidirectional: bool = setting(
        False,
        help="Read in both directions, with as many units again. Not for writing, which must not look ahead.",
    )
    forget_bias: float = setting(
        1.0,
        ge=-10,
        le=10,
        ladder=(-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0),
        help="How open an lstm's forget gates are before anything is learned; vanilla and gru have none. At 1 three "
        "quarters of what is remembered stay at each step, at 3 a twentieth is lost.",
        low="It forgets within a few steps, so that no gradient tells it what it should have kept.",
        high="It keeps everything, and must learn to forget.",
    )
    readout: Literal["last", "mean"] = setting(
        "last",
        help="What the output reads: the last state, or the mean of the states at all steps. A network that writes is "
        "read at each step.",
    )

    def unused(self, given: Given) -> Mapping[str, str]:
        found = {} if self.cell == "lstm" else {"forget_bias": f"a {self.cell} cell has no forget gate"}
        return found | ({"readout": READ_EVERYWHERE} if given.is_written else {})

    def inner_activation(self, picked: Activation) -> Activation:
        return Tanh()

    def check(self, signature: Signature) -> None:
        refuse_table(self.kind, signature)
        if self.bidirectional and signature.positions:
            raise ModelError("a network that writes cannot read ahead; turn bidirectional off", "bidirectional")

    def build(self, parts: Parts, signature: Signature) -> nn.Module:
        from tui_trainer.modules.recurrent import Recurrent

        return Recurrent(
            parts,
            signature,
            cell=self.cell,
            hidden=self.hidden,
            layers=self.layers,
            bidirectional=self.bidirectional,
            forget_bias=self.forget_bias,
            readout=self.readout,
        )

    def shape(self, given: Given = UNKNOWN) -> str:
        both = " both ways" if self.bidirectional else ""
        return f"{self.cell} {self.layers} × {self.hidden}{both}"


def refuse_table(kind: str, signature: Signature) -> None:
    """Raises ModelError where samples have no order, for a model that reads one step after the other."""
    if not (signature.is_text or signature.is_sequence or signature.is_image):
        raise ModelError(
            f"{kind} reads sequences, images or text, and a sample here is {in_words(signature)} in no order; pick mlp"
        )
