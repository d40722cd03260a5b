"""Architectures, one file each."""

from tui_trainer.choices.models.base import Model, ModelError
from tui_trainer.choices.models.linear import Linear
from tui_trainer.choices.models.mlp import Mlp

__all__ = ["Linear", "Mlp", "Model", "ModelError"]
