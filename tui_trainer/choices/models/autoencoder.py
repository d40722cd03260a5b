"""The autoencoder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from tui_trainer.choices.base import setting
from tui_trainer.choices.given import UNKNOWN, Given
from tui_trainer.choices.models.base import Model, ModelError, refuse_text

if TYPE_CHECKING:
    from torch import nn

    from tui_trainer.modules.parts import Parts
    from tui_trainer.modules.signature import Signature


class Autoencoder(Model):
    """Autoencoder: learns to give back what it is given, through a place too narrow to let all of it pass.

    An encoder turns each input into a few numbers, the code, and a decoder makes the input of them again. It needs no
    classes: what is alike ends up close together in the code, and what is unlike everything it has seen comes back
    wrong, so that its error tells what is odd. With noise it must give back the clean input, and so find what is
    typical. Hinton and Salakhutdinov, "Reducing the Dimensionality of Data with Neural Networks", 2006; noise: Vincent
    et al., "Extracting and Composing Robust Features with Denoising Autoencoders", 2008.
    """

    kind: Literal["autoencoder"] = "autoencoder"
    task = "reconstruction"

    layers: Literal["dense", "convolutional"] = setting(
        "dense",
        help="What the encoder and decoder are made of: dense layers of units, for any numbers, or convolutions of "
        "filters that halve an image each.",
    )
    hidden: tuple[Annotated[int, Field(ge=1, le=65_536)], ...] = setting(
        (128, 64),
        strict=False,
        max_length=50,
        unit="units",
        ladder=(2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024),
        help="Units, or filters, of each layer between the input and the bottleneck; the decoder has the same ones in "
        "reverse. None of them: a linear code, which finds what principal component analysis finds.",
        low="A code that bends little: much is lost.",
        high="Slower, and the decoder may learn the training samples by heart.",
    )
    bottleneck: int = setting(
        2,
        ge=1,
        le=65_536,
        unit="numbers",
        ladder=(1, 2, 3, 4, 8, 16, 24, 32, 48, 64, 128, 256),
        help="Numbers of the code. With 2 it can be drawn as a map.",
        low="Only the coarsest comes through.",
        high="As wide as the input it copies, and learns nothing about it.",
    )
    noise: float = setting(
        0.0,
        ge=0,
        le=10,
        ladder=(0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 2.0),
        help="Deviation of the noise added, in training, to what it is given and not to what it shall give back; in "
        "units of the scaled inputs. 0 is none.",
        low="It copies what it sees.",
        high="Too little is left of the input to tell what it was.",
    )

    def check(self, signature: Signature) -> None:
        refuse_text(self.kind, signature)
        if self.layers == "convolutional" and not signature.is_image:
            raise ModelError("convolutional layers take images, and these samples are none; pick dense", "layers")
        if self.layers == "convolutional" and not self.hidden:
            raise ModelError("convolutional layers need at least one number of filters, such as 16", "hidden")

    def build(self, parts: Parts, signature: Signature) -> nn.Module:
        from tui_trainer.modules.autoencoder import ConvolutionalAutoencoder, DenseAutoencoder

        make = ConvolutionalAutoencoder if self.layers == "convolutional" else DenseAutoencoder
        return make(parts, signature.inputs, self.hidden, self.bottleneck, self.noise)

    def shape(self, given: Given = UNKNOWN) -> str:
        units = [*map(str, self.hidden), str(self.bottleneck)]
        return "-".join([*units, *units[-2::-1]])
