"""Why training is over before its plan is done."""

from __future__ import annotations

import math
from typing import Any


class Ended(Exception):
    """Training ends here: `state` is the type of the event that says so."""

    def __init__(self, state: str, reason: str, answer: dict[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.state = state
        self.reason = reason
        self.answer = answer or {}


class Diverged(Exception):
    """A figure, named by `what`, is no longer finite since update number `step`."""

    def __init__(self, what: str, step: int, value: float = math.nan) -> None:
        became = "NaN" if math.isnan(value) else "infinite"
        super().__init__(f"diverged: {what} became {became} at step {step:,}")
        self.step = step
