"""The train curve: each update's loss, gathered on the device and written in windows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import torch
from torch import Tensor

from tui_trainer.engine.ending import Diverged
from tui_trainer.engine.figures import rounded
from tui_trainer.engine.plan import Plan
from tui_trainer.runs.events import EventWriter


@dataclass
class Window:
    """Updates that make one point of the curve: `steps` of them so far."""

    first: int
    position: float  # of the first, in epochs
    steps: int = 0
    total: float = 0.0
    low: float = math.inf
    high: float = -math.inf
    rate: float | None = None  # the learning rate of its last update, where that follows a schedule

    def add(self, loss: float, rate: float | None) -> None:
        # One after the other: the sum must not depend on when the buffer was read.
        self.steps += 1
        self.total += loss
        self.low = min(self.low, loss)
        self.high = max(self.high, loss)
        self.rate = rate


class Recorder:
    """Turns the losses of the updates into `train` events.

    The loop appends to `losses` what stays on the device, and to `rates` the learning rates where they follow a
    schedule. `write` reads both, which waits for the device, so it is called at most 20 times a second. Windows are
    aligned to update 0, so that equal runs write equal windows.
    """

    def __init__(self, events: EventWriter, plan: Plan, stride: int, step: int) -> None:
        self.losses: list[Tensor] = []
        self.rates: list[float] = []  # as many as losses, or none
        self.stride = stride
        self._events = events
        self._plan = plan
        self._step = step  # the update that the first of `losses` belongs to
        self._open: Window | None = None

    def write(self, seconds: float, *, partial: bool = False) -> bool:
        """Writes the windows that are full; `partial`: also the last, which is written again once it is full.

        Returns whether there were any. Raises Diverged at the first loss that is not finite, once those before it are
        written.
        """
        losses = torch.stack(self.losses).tolist() if self.losses else []
        rates: list[float | None] = [*self.rates] or [None] * len(losses)
        self.losses.clear()
        self.rates.clear()
        bad = next((i for i, loss in enumerate(losses) if not math.isfinite(loss)), None)
        windows = self._fill(losses[:bad], rates[:bad])
        if self._open and (partial or bad is not None):
            windows.append(self._open)
        if windows:
            self._write(windows, seconds)
        if bad is not None:
            raise Diverged("the loss", self._step, losses[bad])
        return bool(windows)

    def replan(self, plan: Plan, stride: int, seconds: float) -> None:
        """Goes on by another plan: the window that is open ends here."""
        self.write(seconds, partial=True)
        self._open = None
        self._plan, self.stride = plan, stride

    def state(self) -> list[Any] | None:
        """The open window, for a checkpoint."""
        it = self._open
        return [it.first, it.position, it.steps, it.total, it.low, it.high, it.rate] if it else None

    def restore(self, state: list[Any] | None) -> None:
        """Continues the window that was open when the checkpoint was made."""
        self._open = Window(*state) if state else None

    def _fill(self, losses: list[float], rates: Sequence[float | None]) -> list[Window]:
        """Adds losses to the open window; the windows that became full."""
        full = []
        for loss, rate in zip(losses, rates, strict=True):
            window = self._open = self._open or Window(self._step, self._plan.position_at(self._step))
            window.add(loss, rate)
            self._step += 1
            if self._step % self.stride == 0:
                full.append(window)
                self._open = None
        return full

    def _write(self, windows: list[Window], seconds: float) -> None:
        """One line for windows of `stride` updates each, at even distances; only the last of a line may have fewer."""
        end = self._plan.step_at(self._plan.epoch + 1)  # updates are of another length behind the epoch that was cut

        def piece(window: Window) -> int:
            return (window.first >= end) + (window.first + window.steps > end)

        for _, together in groupby(windows, piece):
            line: list[Window] = []
            for window in together:
                line.append(window)
                if window.steps != self.stride:
                    self._write_line(line, seconds)
                    line = []
            if line:
                self._write_line(line, seconds)

    def _write_line(self, windows: list[Window], seconds: float) -> None:
        first, last = windows[0], windows[-1]
        end = last.first + last.steps
        position = self._plan.position_at(end)
        loss = {"mean": [rounded(window.total / window.steps) for window in windows]}
        if self.stride > 1:
            loss["min"] = [rounded(window.low) for window in windows]
            loss["max"] = [rounded(window.high) for window in windows]
        rates = [window.rate for window in windows]
        fields: dict[str, Any] = {"step": end, "epoch": position, "first": first.first, "stride": self.stride}
        if last.steps != self.stride:
            fields["last"] = last.steps
        if any(rate is not None for rate in rates):
            fields["lr"] = [None if rate is None else rounded(rate) for rate in rates]
        epochs = [first.position, position]
        self._events.write("train", **fields, epochs=epochs, train={"loss": loss}, seconds=round(seconds, 3))
