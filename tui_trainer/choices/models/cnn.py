"""The convolutional network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from tui_trainer.choices.base import Row, setting
from tui_trainer.choices.given import UNKNOWN, Given
from tui_trainer.choices.models.base import Model, ModelError, in_words, refuse_positions, sizes_in_words

if TYPE_CHECKING:
    from torch import nn

    from tui_trainer.modules.parts import Parts
    from tui_trainer.modules.signature import Signature

Shape = tuple[int, int, int]
"""Channels, height and width."""


class Block(Row):
    """A convolution with its activation, and a pooling behind it: `16` alone is a block of 16 filters."""

    filters: int = setting(
        16,
        ge=1,
        le=4096,
        unit="filters",
        ladder=(1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512),
        help="Filters, each of which looks for one pattern all over the image and makes a channel of it.",
        low="Too few patterns to tell the classes apart: underfitting.",
        high="Slower, and enough to learn single images by heart: overfitting.",
    )
    kernel: int = setting(
        3,
        ge=1,
        le=64,
        unit="pixels",
        ladder=(1, 2, 3, 4, 5, 7, 9, 11),
        help="Side of the square that a filter sees at once.",
        low="It sees no more than a few pixels; 1 only mixes the channels.",
        high="Weights grow with its square, and a filter learns whole images instead of patterns in them.",
    )
    stride: int = setting(
        1,
        ge=1,
        le=64,
        unit="pixels",
        ladder=(1, 2, 3, 4),
        help="How far a filter moves on at a time.",
        low="1 looks everywhere.",
        high="Channels become as much smaller, and fine patterns fall through.",
    )
    padding: Literal["same", "valid"] | Annotated[int, Field(ge=0, le=64)] = setting(
        "same",
        unit="pixels",
        ladder=(0, 1, 2, 3, 4, 5),
        help="Zeros put around the image: same (as many as keep its size; with stride 1), valid (none), or so many.",
        low="The border is seen less than the middle, and the image shrinks with every block.",
        high="Filters see zeros more than image.",
    )
    pooling: Literal["none", "max", "average"] = setting(
        "max", help="What becomes of neighbouring values of a channel: their largest, their average, or nothing."
    )
    window: int = setting(
        2,
        ge=1,
        le=64,
        unit="pixels",
        ladder=(1, 2, 3, 4),
        help="Side of the squares that pooling makes one value of.",
        low="1 pools nothing.",
        high="Little is left of where something was seen.",
    )

    def unused(self, given: Given) -> Mapping[str, str]:
        return {"window": "nothing is pooled"} if self.pooling == "none" else {}

    @property
    def pools(self) -> bool:
        """Whether something is pooled."""
        return self.pooling != "none" and self.window > 1


@dataclass(frozen=True)
class BlockShapes:
    """What a block makes of an image: the shape behind its convolution, and behind its pooling."""

    convolution: Shape
    output: Shape


class Cnn(Model):
    """Convolutional network: small filters that slide over the image, then layers of units that read what they found.

    A filter has few weights and uses them everywhere, so a pattern is learned once and found wherever it is; pooling
    makes the image smaller and forgives small shifts. Each block is a convolution, the norm if there is one, the
    activation, pooling and dropout. Norms and dropout take a channel's places as a dense layer's units: a norm has a
    scale and a shift for each channel, and dropout leaves out single places behind the pooling, so that one rate acts
    alike everywhere. Leaving out whole channels would take much more from a small network. LeCun, Bottou, Bengio and
    Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998.
    """

    kind: Literal["cnn"] = "cnn"
    takes = ("image",)
    needs = "images"

    blocks: tuple[Block, ...] = setting(
        (Block(filters=16), Block(filters=32)),
        strict=False,
        min_length=1,
        max_length=50,
        help="The blocks of filters, from the input on. A number alone is a block of so many filters.",
    )
    hidden: tuple[Annotated[int, Field(ge=1, le=65_536)], ...] = setting(
        (64,),
        strict=False,
        max_length=50,
        unit="units",
        ladder=(1, 2, 4, 8, 16, 32, 50, 64, 100, 128, 200, 256, 512, 1024),
        help="Units of each dense layer behind the blocks; none connects the blocks straight to the output.",
        low="Too few to combine what the filters found: underfitting.",
        high="Most of the weights are here: overfitting, and slower.",
    )

    def check(self, signature: Signature) -> None:
        if not signature.is_image:
            raise ModelError(
                f"cnn takes images, and a sample here is {in_words(signature)}; pick {_fitting(signature)}"
            )
        refuse_positions(self.kind, signature)
        block_shapes(self.blocks, signature.inputs)

    def build(self, parts: Parts, signature: Signature) -> nn.Module:
        from tui_trainer.modules.cnn import Cnn as Module

        shapes = block_shapes(self.blocks, signature.inputs)
        return Module(parts, signature.inputs[0], self.blocks, shapes[-1].output, self.hidden, signature.outputs)

    def shape(self, given: Given = UNKNOWN) -> str:
        filters = sizes_in_words([block.filters for block in self.blocks])
        return f"{filters} · {sizes_in_words(self.hidden)}" if self.hidden else filters

    def shapes(self, inputs: tuple[int, ...]) -> tuple[str, ...]:
        found: list[str] = []
        shape = inputs
        while len(shape) == 3 and len(found) < len(self.blocks):
            try:
                (behind,) = block_shapes(self.blocks[len(found) : len(found) + 1], shape)
            except ModelError:
                break
            shape = behind.output
            found.append("×".join(map(str, shape)))
        return tuple(found)


def block_shapes(blocks: Sequence[Block], image: Sequence[int]) -> list[BlockShapes]:
    """The shapes behind each block for images of the shape (channels, height, width), found without building any.

    Raises ModelError that names the first block which does not fit what is left of the image.
    """
    shapes: list[BlockShapes] = []
    height, width = image[1:]
    for index, block in enumerate(blocks):
        sides = [_convolved(block, index, side, (height, width)) for side in (height, width)]
        pooled = [_pooled(block, index, side, (sides[0], sides[1])) for side in sides]
        height, width = pooled
        shapes.append(BlockShapes((block.filters, sides[0], sides[1]), (block.filters, height, width)))
    return shapes


def _convolved(block: Block, index: int, side: int, image: tuple[int, int]) -> int:
    """The side of a channel behind the convolution of a side that long."""
    field = f"blocks.{index}"
    if block.padding == "same":
        if block.stride > 1:
            raise ModelError(
                f"block {index + 1}: padding same keeps the size, and stride {block.stride} cannot "
                f"(write padding {(block.kernel - 1) // 2}, or stride 1)",
                f"{field}.padding",
            )
        return side
    padding = 0 if block.padding == "valid" else block.padding
    if block.kernel > side + 2 * padding:
        padded = f" padded by {padding}" if padding else ""
        raise ModelError(
            f"block {index + 1}: a {_square(block.kernel)} kernel does not fit a {_sides(image)} input{padded} "
            f"(at most {min(image) + 2 * padding}, more padding, or less pooling before it)",
            f"{field}.kernel",
        )
    return (side + 2 * padding - block.kernel) // block.stride + 1


def _pooled(block: Block, index: int, side: int, channel: tuple[int, int]) -> int:
    """The side of a channel behind the pooling of a side that long."""
    if not block.pools:
        return side
    if block.window > side:
        raise ModelError(
            f"block {index + 1}: a {_square(block.window)} pooling window does not fit {_sides(channel)} channels "
            f"(at most {min(channel)}, or pooling none)",
            f"blocks.{index}.window",
        )
    return side // block.window


def _square(side: int) -> str:
    return f"{side}x{side}"


def _sides(sides: tuple[int, int]) -> str:
    return "x".join(map(str, sides))


def _fitting(signature: Signature) -> str:
    """The models that take such samples."""
    if signature.is_text:
        return "rnn or transformer"
    return "rnn, transformer or mlp" if signature.is_sequence else "mlp"
