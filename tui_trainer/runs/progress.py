"""How far a worker is with something that takes its time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from tui_trainer.runs import parsing


@dataclass(frozen=True)
class Progress:
    """What is being done, and how much of all: shares of 1, or bytes."""

    what: str = ""
    done: float = 0.0
    total: float = 0.0  # 0: unknown

    @property
    def share(self) -> float:
        """0 to 1."""
        return min(1.0, max(0.0, self.done / self.total)) if self.total > 0 else 0.0

    @classmethod
    def read(cls, said: Any) -> Self:
        """What makes no sense says nothing: whoever waits, waits for the answer."""
        if not isinstance(said, Mapping):
            return cls()
        try:
            return cls(parsing.text(said.get("what")), parsing.finite(said["done"]), parsing.finite(said["total"]))
        except (LookupError, ValueError):
            return cls()


Told = Callable[[Progress], None]
"""Called on the thread that asked."""
