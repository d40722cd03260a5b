"""Changes to training images that leave what they show as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from tui_trainer.choices.base import setting
from tui_trainer.choices.regularizers.base import Regularizer

if TYPE_CHECKING:
    from torch import Tensor

    from tui_trainer.choices.regularizers.base import Live
    from tui_trainer.modules.signature import Signature


class Augmentation(Regularizer):
    """Image augmentation: in every training step each image is shifted, turned and flipped at random.

    The network hardly sees the same image twice, which is nearly as good as more images, as long as what is done to
    them leaves what they show as it is: a 6 turned by 180 degrees is a 9, and few letters can be flipped. It runs where
    the network trains. Simard, Steinkraus and Platt, "Best Practices for Convolutional Neural Networks", 2003.
    """

    kind: Literal["augmentation"] = "augmentation"
    main_field = "shift"
    strong = 0.2

    shift: float = setting(
        0.1,
        ge=0,
        le=0.5,
        live=True,
        ladder=(0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3),
        help="Shifted by up to this share of the side, in whole pixels, along both sides.",
        low="0 leaves images where they are.",
        high="What they show is pushed out of the frame.",
    )
    rotate: float = setting(
        0.0,
        ge=0,
        le=180,
        live=True,
        unit="degrees",
        ladder=(0.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 90.0, 180.0),
        help="Turned by up to this angle, to both sides.",
        low="0 leaves images upright.",
        high="What is turned too far may show something else.",
    )
    flip: float = setting(
        0.0,
        ge=0,
        le=1,
        live=True,
        ladder=(0.0, 0.25, 0.5, 1.0),
        help="Share of the images whose left and right are exchanged. Leave it at 0 for digits and letters.",
        low="0 flips none.",
        high="0.5 is as much as can be learned from; 1 flips all.",
    )

    @classmethod
    def off(cls) -> Self:
        return cls(shift=0.0, rotate=0.0, flip=0.0)

    @classmethod
    def misfit(cls, task: str, signature: Signature) -> str:
        return "" if signature.is_image else "moves images, and the inputs are none"

    def is_idle(self, live: Live) -> bool:
        return all(live[name].value == 0 for name in ("shift", "rotate", "flip"))

    def batch(self, x: Tensor, y: Tensor, live: Live) -> tuple[Tensor, Tensor]:
        from tui_trainer.modules.augmentation import move

        amounts = (live["shift"].value, live["rotate"].value, live["flip"].value)
        if y.shape != x.shape:
            return move(x, *amounts)[0], y
        moved = move(x, *amounts, y)  # what is to be reconstructed moves along
        return moved[0], moved[1]
