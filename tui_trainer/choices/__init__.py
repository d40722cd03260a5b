"""What can be picked. Each choice is one class: its fields are its form, its docstring its explanation."""

from tui_trainer.choices import activations, data, initializations, models, optimizers, regularizers, tasks, training

__all__ = ["activations", "data", "initializations", "models", "optimizers", "regularizers", "tasks", "training"]
