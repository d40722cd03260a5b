"""A look at data before training, as plain data."""

from tui_trainer.engine.look.content import look

__all__ = ["look"]
