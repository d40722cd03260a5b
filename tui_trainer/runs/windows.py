"""The loss of the training batches, in windows of so many steps: what the train curve is drawn from."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MOST = 8192
"""Windows kept: a plan extended again and again, or a log that means ill, must not grow without end."""


@dataclass(frozen=True)
class LossWindows:
    """Train loss: for each window its end in epochs, the mean, lowest and highest loss of its steps, and the learning
    rate of the last of them; NaN where that followed no schedule."""

    epochs: tuple[float, ...] = ()
    mean: tuple[float, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    rate: tuple[float, ...] = ()

    def __len__(self) -> int:
        return len(self.epochs)


class WindowSeries:
    """Windows on a grid of `stride` steps from step 0; those that fall into one cell of it become one.

    The grid grows coarser as soon as a coarser window arrives, and when there are too many.
    """

    def __init__(self) -> None:
        self.stride = 1
        self._clear()

    def _clear(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []  # exclusive
        self._epochs: list[float] = []
        self._mean: list[float] = []
        self._low: list[float] = []
        self._high: list[float] = []
        self._rate: list[float] = []

    def append(
        self, start: int, end: int, epoch: float, mean: float, low: float, high: float, rate: float = math.nan
    ) -> None:
        """Adds the window of the steps from `start` up to `end`, which ends at `epoch`."""
        if self._ends and start < self._ends[-1]:
            self.cut(start)
        if self._starts and start // self.stride == self._starts[-1] // self.stride:
            self._merge(start, end, epoch, mean, low, high, rate)
        else:
            self._starts.append(start)
            self._ends.append(end)
            self._epochs.append(epoch)
            self._mean.append(mean)
            self._low.append(low)
            self._high.append(high)
            self._rate.append(rate)
            if len(self._starts) > MOST:
                self.coarsen(2 * self.stride)

    def coarsen(self, stride: int) -> None:
        """Changes to a grid of `stride` steps, if that is coarser."""
        if stride <= self.stride:
            return
        old = zip(*self._columns(), strict=True)
        self._clear()
        self.stride = stride
        for window in old:
            self.append(*window)

    def cut(self, step: int) -> None:
        """Drops the windows that end behind `step`."""
        keep = len(self._ends)
        while keep and self._ends[keep - 1] > step:
            keep -= 1
        for column in self._columns():
            del column[keep:]

    def snapshot(self) -> LossWindows:
        return LossWindows(
            tuple(self._epochs), tuple(self._mean), tuple(self._low), tuple(self._high), tuple(self._rate)
        )

    def _columns(self) -> tuple[list[Any], ...]:
        return self._starts, self._ends, self._epochs, self._mean, self._low, self._high, self._rate

    def _merge(self, start: int, end: int, epoch: float, mean: float, low: float, high: float, rate: float) -> None:
        old, new = self._ends[-1] - self._starts[-1], end - start
        self._mean[-1] = (self._mean[-1] * old + mean * new) / (old + new)
        self._low[-1] = _extreme(min, self._low[-1], low)
        self._high[-1] = _extreme(max, self._high[-1], high)
        self._rate[-1] = rate
        self._ends[-1] = end
        self._epochs[-1] = epoch


def _extreme(pick: Callable[[float, float], float], a: float, b: float) -> float:
    """The lower or higher of both; the other one where one is NaN."""
    return b if math.isnan(a) else a if math.isnan(b) else pick(a, b)
