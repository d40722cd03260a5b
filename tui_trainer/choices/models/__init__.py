"""Architectures, one file each."""

# ruff: noqa: I001  (in the order in which the picker shows them: from simple to intricate)
from tui_trainer.choices.models.base import Model, ModelError
from tui_trainer.choices.models.linear import Linear
from tui_trainer.choices.models.mlp import Mlp
from tui_trainer.choices.models.cnn import Cnn
from tui_trainer.choices.models.rnn import Rnn
from tui_trainer.choices.models.transformer import Transformer
from tui_trainer.choices.models.autoencoder import Autoencoder
from tui_trainer.choices.models.module import Module

__all__ = ["Autoencoder", "Cnn", "Linear", "Mlp", "Model", "ModelError", "Module", "Rnn", "Transformer"]
