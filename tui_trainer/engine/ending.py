"""Why training is over before its plan is done."""

from __future__ import annotations

from typing import Any


class Ended(Exception):
    """Training ends here: `state` is the type of the event that says so."""

    def __init__(self, state: str, reason: str, answer: dict[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.state = state
        self.reason = reason
        self.answer = answer or {}


class Diverged(Exception):
    """A figure is no longer finite since update number `step`."""

    def __init__(self, what: str, step: int, epoch: float) -> None:
        super().__init__(f"diverged: {what} at step {step:,} (epoch {epoch:.4g})")
        self.step = step
