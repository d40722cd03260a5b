"""The family of models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from tui_trainer.choices.base import Choice
from tui_trainer.choices.given import UNKNOWN, Given, Sample

if TYPE_CHECKING:
    from torch import nn

    from tui_trainer.choices.activations import Activation
    from tui_trainer.modules.parts import Parts
    from tui_trainer.modules.signature import Signature


class ModelError(Exception):
    """A model cannot be built for that data: the message says why and what would be right; `field` is the field to
    mend, such as `blocks.2.kernel`."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Model(Choice):
    """An architecture: layers from the inputs to the outputs."""

    family = "model"
    activated: ClassVar[bool] = True  # whether it has hidden units, for an activation to act on
    task: ClassVar[str] = ""  # the task that it sets itself, whatever the data is for
    takes: ClassVar[tuple[Sample, ...]] = ("features", "image", "sequence")  # the samples that it can be given
    needs: ClassVar[str] = "numbers"  # what all these are, in a word

    def misses(self, given: Given) -> str:
        return self.needs if given.sample and given.sample not in self.takes else ""

    def check(self, signature: Signature) -> None:
        """Raises ModelError if it cannot be built for that."""

    def check_code(self) -> None:
        """Raises ModelError if it runs code of the person's own, which the command line does not allow."""

    def build(self, parts: Parts, signature: Signature) -> nn.Module:
        """The network, built of `parts`: from a batch (batch, *inputs) to scores (batch, outputs), or to scores
        (batch, positions, outputs) where they are asked for positions.

        The signature is one that `check` lets pass. Raises ModelError for what only building can tell.
        """
        raise NotImplementedError

    def inner_activation(self, picked: Activation) -> Activation:
        """What its hidden units apply: what was picked, unless it brings its own."""
        return picked

    def shape(self, given: Given = UNKNOWN) -> str:
        """The architecture in a few characters, such as "6 × 100": what counts with that data."""
        return ""

    def shapes(self, inputs: tuple[int, ...]) -> tuple[str, ...]:
        """What comes out behind each row of its table for a sample of that shape, such as "16×14×14"; none behind a
        row that does not fit."""
        return ()


def refuse_text(kind: str, signature: Signature) -> None:
    """Raises ModelError where samples are texts, for a model that takes numbers only."""
    if signature.is_text:
        raise ModelError(f"{kind} takes numbers, and this data is text; pick rnn or transformer")


def refuse_positions(kind: str, signature: Signature) -> None:
    """Raises ModelError where an answer is asked for at each position, for a model that gives one a sample."""
    if signature.positions:
        raise ModelError(
            f"{kind} gives one answer for a sample, and this data asks for one at each of {signature.positions} "
            "positions; pick rnn or transformer"
        )


def in_words(signature: Signature) -> str:
    """A sample in a few words: "an image of 1x8x8", "a sequence of 20 x 3 numbers"."""
    sizes = [f"{size:,}" for size in signature.inputs]
    if signature.is_text:
        return f"a text of {sizes[0]} tokens"
    if signature.is_image:
        return f"an image of {'x'.join(sizes)}"
    return f"a sequence of {' x '.join(sizes)} numbers" if signature.is_sequence else f"{' x '.join(sizes)} numbers"


def sizes_in_words(sizes: Sequence[int]) -> str:
    """The sizes of layers in a few characters: `6 × 100`, `256-128`."""
    if len(sizes) > 1 and len(set(sizes)) == 1:
        return f"{len(sizes)} × {sizes[0]}"
    return "-".join(map(str, sizes))
