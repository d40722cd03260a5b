"""The plan of a run: which samples each update trains on, how many updates there are, and how they are recorded."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

WINDOWS = 4096
"""The train curve of a run has between this many and twice as many points, unless it has fewer updates."""


@dataclass(frozen=True)
class Plan:
    """Batches are cut one after the other from each epoch's permutation; the last of an epoch may be smaller.

    A plan holds from update number `step` on; before it, training is `cursor` samples into the epoch number `epoch`,
    both counted from 0. Changing the batch size makes a new plan from there.
    """

    samples: int
    batch_size: int
    epochs: int
    step: int = 0
    epoch: int = 0
    cursor: int = 0
    position: float = 0.0  # in epochs

    @property
    def updates_per_epoch(self) -> int:
        return math.ceil(self.samples / self.batch_size)

    @property
    def steps(self) -> int:
        """Updates of the whole run, those before this plan counted in."""
        return self.step_at(self.epochs)

    def step_at(self, epoch: int) -> int:
        """The update with which epoch number `epoch` begins, or the first of this plan if it has begun before."""
        if epoch <= self.epoch:
            return self.step
        return self.step + self._first_updates + (epoch - self.epoch - 1) * self.updates_per_epoch

    def place(self, step: int) -> tuple[int, int]:
        """The epoch and the samples into it, before update number `step`, which must not lie before this plan."""
        done = step - self.step
        if done < self._first_updates:
            return self.epoch, self.cursor + done * self.batch_size
        epochs, updates = divmod(done - self._first_updates, self.updates_per_epoch)
        return self.epoch + 1 + epochs, updates * self.batch_size

    def position_at(self, step: int) -> float:
        """The same in epochs; each update of an epoch counts alike, so that the positions between two are linear."""
        done = step - self.step
        if done < self._first_updates:
            return self.position + (self.epoch + 1 - self.position) * done / self._first_updates
        return self.epoch + 1 + (done - self._first_updates) / self.updates_per_epoch

    def changed(self, step: int, *, batch_size: int | None = None, epochs: int | None = None) -> Plan:
        """The plan from update number `step` on."""
        epoch, cursor = self.place(step)
        return replace(
            self,
            batch_size=batch_size or self.batch_size,
            epochs=epochs or self.epochs,
            step=step,
            epoch=epoch,
            cursor=cursor,
            position=self.position_at(step),
        )

    @property
    def _first_updates(self) -> int:
        """Updates from the start of this plan to the end of its first epoch."""
        return math.ceil((self.samples - self.cursor) / self.batch_size)


def stride(steps: int, old: int | None = None) -> int:
    """Updates in a point of the train curve, for a run of so many.

    A plan that grows doubles the stride it had, so that the windows of before fit into those that follow.
    """
    if old is None:
        return max(1, steps // WINDOWS)
    while steps // old >= 2 * WINDOWS:
        old *= 2
    return old
