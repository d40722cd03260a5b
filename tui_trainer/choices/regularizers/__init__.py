"""Regularizers: what keeps a network from learning its training samples by heart. They combine freely.

They act in the order in which they are named here, so that gradients are clipped once all penalties are in them.
"""

# ruff: noqa: I001 - kinds stand in the order in which they are defined
from tui_trainer.choices.regularizers.base import Regularizer
from tui_trainer.choices.regularizers.penalties import L1, L2, WeightDecay
from tui_trainer.choices.regularizers.noise import Dropout, InputNoise, LabelSmoothing
from tui_trainer.choices.regularizers.augmentation import Augmentation
from tui_trainer.choices.regularizers.norms import BatchNorm, LayerNorm
from tui_trainer.choices.regularizers.clipping import GradientClipping
from tui_trainer.choices.regularizers.early_stopping import EarlyStopping

__all__ = [
    "L1",
    "L2",
    "Augmentation",
    "BatchNorm",
    "Dropout",
    "EarlyStopping",
    "GradientClipping",
    "InputNoise",
    "LabelSmoothing",
    "LayerNorm",
    "Regularizer",
    "WeightDecay",
]
