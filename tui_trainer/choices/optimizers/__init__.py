"""Optimizers: how the gradient moves the weights."""

# ruff: noqa: I001 - kinds stand in the order in which they are defined
from tui_trainer.choices.optimizers.base import Optimizer
from tui_trainer.choices.optimizers.descent import Momentum, Nesterov, Sgd
from tui_trainer.choices.optimizers.adaptive import Adagrad, RmsProp
from tui_trainer.choices.optimizers.adam import Adam, AdamW

__all__ = ["Adagrad", "Adam", "AdamW", "Momentum", "Nesterov", "Optimizer", "RmsProp", "Sgd"]
