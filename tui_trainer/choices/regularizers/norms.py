"""Normalizations: the sums of hidden units are kept at a healthy size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.regularizers.base import Regularizer

if TYPE_CHECKING:
    from tui_trainer.choices.regularizers.base import Live
    from tui_trainer.modules.parts import Parts
    from tui_trainer.modules.signature import Signature


class BatchNorm(Regularizer):
    """Batch normalization: brings each hidden unit's sums over a batch to mean 0 and deviation 1, before the
    activation.

    Each unit then learns a scale and a shift of its own. It keeps signals at a healthy size in deep networks and allows
    higher learning rates; that a sample's sums depend on the batch it came in adds a little noise, which regularizes.
    In evaluation, running averages over the batches so far take the place of the batch. Ioffe and Szegedy, "Batch
    Normalization", 2015.
    """

    kind: Literal["batch_norm"] = "batch_norm"
    learns = True
    excludes = ("layer_norm",)

    momentum: float = setting(
        0.1,
        gt=0,
        le=1,
        ladder=(0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0),
        help="Weight of the newest batch in the running mean and variance that evaluation uses.",
        low="The averages lag behind the weights: evaluation looks worse than training, most of all in short runs.",
        high="They follow single batches: evaluation figures jump. 1 uses the last batch alone.",
    )

    @classmethod
    def misfit(cls, task: str, signature: Signature) -> str:
        if not signature.positions:
            return ""
        return "mixes the places of a text, so that a place sees what comes after it; layer_norm does not"

    def layers(self, parts: Parts, live: Live) -> None:
        from tui_trainer.modules.batch_norm import BatchNorm as Module

        parts.norm = lambda features: Module(features, momentum=self.momentum)


class LayerNorm(Regularizer):
    """Layer normalization: brings a layer's sums for each sample alone to mean 0 and deviation 1.

    It stands before the activation. It does for a sample what batch normalization does for a batch: training and
    evaluation are the same, and batches may be as small as one, which is why sequences use it. Each unit learns a scale
    and a shift of its own. Ba, Kiros and Hinton, "Layer Normalization", 2016.
    """

    kind: Literal["layer_norm"] = "layer_norm"
    learns = True
    excludes = ("batch_norm",)

    def layers(self, parts: Parts, live: Live) -> None:
        from tui_trainer.modules.layer_norm import LayerNorm as Module

        parts.norm = Module
