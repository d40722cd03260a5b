"""From a data set on disk to tensors on a device: loaded, checked, split, scaled."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tui_trainer.choices.data import DataError, DataSet, Samples
from tui_trainer.choices.tasks import Task, task_for
from tui_trainer.engine import scaling
from tui_trainer.engine.idle import idle_columns
from tui_trainer.engine.scaling import Preprocessing
from tui_trainer.engine.seeds import derive
from tui_trainer.engine.split import Indices, Split, split
from tui_trainer.experiment.schema import Experiment
from tui_trainer.modules.signature import Signature

if TYPE_CHECKING:
    from tui_trainer.engine.streaming import Reader

BASELINE_ROWS, FEW_ROWS = 10_000, 256
"""Where inputs themselves are guessed, so many samples of each part are looked at; few if they are read from files."""

CACHE_BYTES = 1 << 20
DEVICE_BYTES = 64 << 20
"""Batches are gathered so many bytes at a time: on the CPU what its cache holds, elsewhere what keeps it busy."""


@dataclass(frozen=True)
class Part:
    """Samples on the training device: inputs (samples, *shape), and targets as the task's loss takes them."""

    x: Tensor
    y: Tensor
    labels: Tensor | None = None  # what the data says of each, where that is not the target

    def __len__(self) -> int:
        return len(self.y)

    def first(self, samples: int) -> Part:
        return Part(self.x[:samples], self.y[:samples], None if self.labels is None else self.labels[:samples])

    def chunks(self, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """All samples in their order, at most `size` at a time."""
        yield from zip(self.x.split(size), self.y.split(size), strict=True)

    def batches(self, order: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """The samples of `order`, `size` at a time but for the last ones."""
        x, y = self.x, self.y
        room = CACHE_BYTES if x.device.type == "cpu" else DEVICE_BYTES
        batch_bytes = size * max(1, x[0].nbytes)
        for rows in order.to(x.device).split(max(1, room // batch_bytes) * size):
            # One gathering for many batches, which then are views.
            yield from zip(x.index_select(0, rows).split(size), y.index_select(0, rows).split(size), strict=True)

    def close(self) -> None:
        """Lets go of what reads the samples, where they are not in memory."""


@dataclass(frozen=True)
class Data:
    """A data set, split, before it is scaled and moved."""

    samples: Samples
    split: Split
    task: Task

    @property
    def counts(self) -> dict[str, int]:
        """Samples of each part; the test part is only named where there is one."""
        parts = {"train": self.split.train, "validation": self.split.validation, "test": self.split.test}
        return {name: len(part) for name, part in parts.items() if len(part) or name != "test"}

    @property
    def signature(self) -> Signature:
        """What a network for it is given and asked."""
        return self.task.signature(self.samples)

    def baseline(self, data: DataSet) -> dict[str, float]:
        """What a guess that looks at no input gets on the validation part."""
        train, validation = self.split.train, self.split.validation
        if self.task.name == "reconstruction":
            apply = self.preprocessing(data).apply
            rows = BASELINE_ROWS if isinstance(self.samples.x, np.ndarray) else FEW_ROWS
            seen, asked = (apply(self.samples.x[part[:rows]]) for part in (train, validation))
            return self.task.baseline(seen, asked, self.samples.outputs)
        y = self.samples.y
        return self.task.baseline(y[train], y[validation], self.samples.outputs)

    def preprocessing(self, data: DataSet) -> Preprocessing:
        """Fitted on the samples that train."""
        fitted = scaling.fit(self.samples, self.split.train, data.scaling)
        return replace(fitted, task=self.task.name, target=self.task.target_scaling())

    def parts(self, preprocessing: Preprocessing, device: torch.device) -> tuple[Part, Part]:
        """The samples that train and those that validate, scaled, on `device`."""
        return self.part(self.split.train, preprocessing, device), self.part(
            self.split.validation, preprocessing, device
        )

    def part(self, indices: Indices, preprocessing: Preprocessing, device: torch.device) -> Part:
        """Some samples, scaled, on `device`."""
        if not isinstance(self.samples.x, np.ndarray):
            return self._streamed(indices, preprocessing, device)
        x, y = preprocessing.apply(self.samples.x[indices]), self.samples.y[indices]
        inputs = torch.from_numpy(x).to(device)
        targets = self.task.targets(x, y)
        if targets is x:
            return Part(inputs, inputs, torch.from_numpy(y).to(device))
        return Part(inputs, torch.from_numpy(targets).to(device))

    def _streamed(self, indices: Indices, preprocessing: Preprocessing, device: torch.device) -> Part:
        from tui_trainer.engine.streaming import StreamedInputs, StreamedPart, scale_on

        inputs = StreamedInputs(self._reader, indices, scale_on(device, preprocessing), device)
        nothing, y = np.empty(0, dtype=np.float32), self.samples.y[indices]
        targets = self.task.targets(nothing, y)
        if targets is nothing:
            return StreamedPart(inputs, inputs, torch.from_numpy(y).to(device))
        return StreamedPart(inputs, torch.from_numpy(targets).to(device))

    @cached_property
    def _reader(self) -> Reader:
        """One for all parts."""
        from tui_trainer.engine.streaming import Reader

        assert not isinstance(self.samples.x, np.ndarray)
        return Reader(self.samples.x)


def prepare(experiment: Experiment, *, outline: bool = False) -> Data:
    """Loads, checks and splits the data of an experiment. Raises DataError and TaskError.

    Where data can be downloaded and is not there yet, an `outline` of it does for who looks at no values.
    """
    data = experiment.data
    samples = data.outline() if outline and data.missing() else load(data, experiment.seed)
    task = task_for(samples, experiment.model, experiment.loss)
    parts = split(samples, experiment.data, experiment.seed)
    fitted = task.fitted(samples.y[parts.train])
    idle = idle_columns(samples, parts.train)
    said = [*_left_out(samples, parts), *_primary(samples, task, fitted, parts)]
    return Data(replace(samples, notes=(*idle, *samples.notes, *said)), parts, fitted)


def _left_out(samples: Samples, parts: Split) -> list[str]:
    """That what lies across the borders between parts is in none of them."""
    used = parts.available + len(parts.validation) + len(parts.test)
    left_out = len(samples.y) - used if samples.overlap else 0
    return [f"{left_out:,} windows that cross a border between parts are left out"] if left_out else []


def _primary(samples: Samples, task: Task, fitted: Task, parts: Split) -> list[str]:
    """That another metric than usual decides what is best, and why."""
    if fitted.primary == task.primary:
        return []
    counts = np.bincount(samples.y[parts.train])
    commonest = samples.classes[int(counts.argmax())]
    return [f"{counts.max() / counts.sum():.0%} are {commonest}: {fitted.primary.heading} decides what is best"]


def load(data: DataSet, seed: int) -> Samples:
    """All samples of a data set, checked. Raises DataError."""
    # Somebody who edits an experiment has it described again and again: what is done with the samples (the fields
    # that all data sets share) does not change which they are, and must not read them anew.
    shared = {name: info.default for name, info in DataSet.model_fields.items() if name != "kind"}
    return _load_once(data.model_copy(update=shared), seed if data.generated else 0, data.stamp())


@lru_cache(maxsize=2)
def _load_once(data: DataSet, seed: int, stamp: Hashable) -> Samples:
    samples = data.load(derive(seed, "data"))
    _check(samples)
    return samples


def forget() -> None:
    """Lets go of data that was kept for the next description."""
    _load_once.cache_clear()


def _check(samples: Samples) -> None:
    """Raises DataError at what no network can be trained on."""
    if not len(samples.y) or not math.prod(samples.shape):
        raise DataError("there are no samples")
    targets = samples.y.reshape(len(samples.y), -1)
    if bad := _first_bad(np.isfinite(targets)):
        row, column = bad
        raise DataError(
            f"sample {row + 1:,} has {targets[row, column]} as target; every target must be a finite number"
        )
    if isinstance(samples.x, np.ndarray) and not samples.vocabulary:
        _check_inputs(samples)


def _check_inputs(samples: Samples) -> None:
    rows = np.asarray(samples.x).reshape(len(samples.y), -1)
    if bad := _first_bad(np.isfinite(rows) if samples.fill == "refuse" else ~np.isinf(rows)):
        row, column = bad
        name = repr(samples.features[column]) if column < len(samples.features) else f"number {column + 1}"
        raise DataError(
            f"sample {row + 1:,} has {rows[row, column]} as input {name}; every input must be a finite number"
        )


def _first_bad(good: NDArray[np.bool_]) -> tuple[int, int] | None:
    """Row and column of the first that is not good."""
    whole = good.all(axis=1)
    if whole.all():
        return None
    row = int(np.argmin(whole))
    return row, int(np.argmin(good[row]))
