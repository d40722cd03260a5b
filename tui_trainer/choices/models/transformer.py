"""The Transformer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationInfo, field_validator

from tui_trainer.choices.base import setting
from tui_trainer.choices.given import UNKNOWN, Given
from tui_trainer.choices.models.base import Model
from tui_trainer.choices.models.rnn import READ_EVERYWHERE, refuse_table

if TYPE_CHECKING:
    from torch import nn

    from tui_trainer.modules.parts import Parts
    from tui_trainer.modules.signature import Signature


class Transformer(Model):
    """Transformer: every place of a sequence looks at all others at once, and takes from those that matter to it.

    Which parts it has depends on what it is asked. An encoder reads sequences, the rows of images or texts, and tells
    their class; a decoder, in which no place sees a later one, writes a text letter by letter; both together make one
    sequence of another. A layer is attention, then two dense layers with the activation between them; each adds to what
    it was given. Layer norm comes before each of them and once more at the end (pre-norm), which keeps gradients even
    from the first step on: Xiong et al., 2020. Embeddings are multiplied by the square root of d_model, and dropout
    acts on them and on what each part adds. Vaswani et al., "Attention Is All You Need", 2017.
    """

    kind: Literal["transformer"] = "transformer"
    takes = ("image", "sequence", "text")
    needs = "sequences"

    d_model: int = setting(
        64,
        ge=1,
        le=8192,
        unit="numbers",
        ladder=(4, 8, 16, 32, 48, 64, 96, 128, 192, 256, 384, 512),
        help="Size of the vector at each place (d_model). The heads share it out among them, so it must be a multiple "
        "of their number.",
        low="No room for what must be told apart.",
        high="Weights grow with its square: slow, and more data is needed.",
    )
    heads: int = setting(
        4,
        ge=1,
        le=256,
        unit="heads",
        ladder=(1, 2, 4, 8, 16),
        help="How many things each place can look for at once. d_model must be a multiple of it.",
        low="One look, so one thing, in each layer.",
        high="Each head has few numbers to compare by.",
    )
    encoder_layers: int = setting(
        2,
        ge=1,
        le=64,
        unit="layers",
        ladder=(1, 2, 3, 4, 6, 8, 12),
        help="Layers that read. A network that only writes a text has none, whatever stands here.",
        low="What a place sees is not combined again.",
        high="Slow, and harder to train.",
    )
    decoder_layers: int = setting(
        2,
        ge=1,
        le=64,
        unit="layers",
        ladder=(1, 2, 3, 4, 6, 8, 12),
        help="Layers that write. A network that tells classes or numbers has none, whatever stands here.",
        low="What a place sees is not combined again.",
        high="Slow, and harder to train.",
    )
    d_ff: int = setting(
        128,
        ge=1,
        le=65_536,
        unit="units",
        ladder=(8, 16, 32, 64, 128, 192, 256, 384, 512, 768, 1024, 2048),
        help="Units of the dense layer in each layer (d_ff); two to four times d_model is usual.",
        low="Places exchange what they know and make little of it.",
        high="Most of the weights are here: slow, and overfitting.",
    )
    positions: Literal["sinusoidal", "learned", "none"] = setting(
        "sinusoidal",
        help="How it is told what stands where: sinusoidal (a fixed pattern of waves), learned (a vector for each "
        "place) or none: then it sees a bag without an order, but for the order of writing.",
    )
    readout: Literal["mean", "last", "first"] = setting(
        "mean",
        help="What the output reads of a sequence that is told a class or number: the mean of all places, the last or "
        "the first one. A network that writes is read at each place.",
    )

    @field_validator("heads")
    @classmethod
    def _heads_share_out_the_model(cls, heads: int, info: ValidationInfo) -> int:
        d_model = info.data.get("d_model")  # missing if it is wrong itself
        if d_model is not None and d_model % heads:
            below, above = d_model - d_model % heads, d_model + heads - d_model % heads
            near = " or ".join(str(size) for size in (below, above) if size)
            fitting = ", ".join(str(count) for count in range(1, min(d_model, 32) + 1) if d_model % count == 0)
            raise ValueError(
                f"{heads} heads cannot share out a d_model of {d_model} evenly (heads {fitting}, or d_model {near})"
            )
        return heads

    def unused(self, given: Given) -> Mapping[str, str]:
        if given.is_read:
            return {"decoder_layers": "a decoder writes, and nothing is to be written"}
        found = {"readout": READ_EVERYWHERE} if given.is_written else {}
        if given.task == "language":
            found["encoder_layers"] = "a text is written by a decoder alone"
        return found

    def check(self, signature: Signature) -> None:
        refuse_table(self.kind, signature)

    def build(self, parts: Parts, signature: Signature) -> nn.Module:
        from tui_trainer.modules.transformer import Transformer as Module

        return Module(
            parts,
            signature,
            d_model=self.d_model,
            heads=self.heads,
            encoder_layers=self.encoder_layers,
            decoder_layers=self.decoder_layers,
            d_ff=self.d_ff,
            positions=self.positions,
            readout=self.readout,
        )

    def shape(self, given: Given = UNKNOWN) -> str:
        stacks = [name for name in ("encoder_layers", "decoder_layers") if name not in self.unused(given)]
        layers = "+".join(str(getattr(self, name)) for name in stacks)
        return f"{layers} × {self.d_model}, {self.heads} heads"
