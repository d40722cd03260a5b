"""Numbers that may change while training."""

from __future__ import annotations

import torch


class LiveValue:
    """A number that may change while training, held twice.

    Device code reads `tensor`, a 0-dim float32 tensor that is changed in place, so that a compiled or captured step
    sees the new value. Python reads `value`, the same number as a float, which never waits for the device.
    """

    def __init__(self, value: float, device: torch.device | str | None = None) -> None:
        self.value = float(value)
        self.tensor = torch.tensor(self.value, dtype=torch.float32, device=device)

    def set(self, value: float) -> None:
        """Changes the number; the next step uses it."""
        self.value = float(value)
        self.tensor.fill_(self.value)
