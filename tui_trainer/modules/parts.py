"""What a model is built from. Regularizers change the parts; models never know which of them did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from torch import nn


@dataclass
class Parts:
    """Makers of the layers of a block, in the order in which a model uses them: linear, norm, activation, dropout."""

    activation: Callable[[], nn.Module]
    linear: Callable[[int, int], nn.Module] = nn.Linear
    norm: Callable[[int], nn.Module | None] = field(default=lambda features: None)
    dropout: Callable[[], nn.Module | None] = field(default=lambda: None)


@runtime_checkable
class Beginning(Protocol):
    """A module some of whose parameters begin with values of their own."""

    def begin(self) -> None:
        """Sets them, once all weights have their initial values and all biases are zero."""
