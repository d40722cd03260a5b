"""What the network sees, drawn for people: while somebody looks, and when a run pauses or ends."""

from tui_trainer.engine.pictures.drawing import Pictures

__all__ = ["Pictures"]
