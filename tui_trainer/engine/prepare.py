"""From a data set on disk to tensors on a device: loaded, checked, split, scaled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from tui_trainer.choices.data import DataError, DataSet, Samples
from tui_trainer.choices.tasks import TASKS, Task
from tui_trainer.engine import scaling
from tui_trainer.engine.scaling import Preprocessing
from tui_trainer.engine.seeds import derive
from tui_trainer.engine.split import Split, split
from tui_trainer.experiment.schema import Experiment


@dataclass(frozen=True)
class Part:
    """Samples on the training device: inputs (samples, *shape) of float32, targets (samples,)."""

    x: Tensor
    y: Tensor

    def __len__(self) -> int:
        return len(self.y)

    def first(self, samples: int) -> Part:
        return Part(self.x[:samples], self.y[:samples])


@dataclass(frozen=True)
class Data:
    """A data set, split, before it is scaled and moved."""

    samples: Samples
    split: Split
    task: Task

    @property
    def counts(self) -> dict[str, int]:
        return {"train": len(self.split.train), "validation": len(self.split.validation)}

    def baseline(self) -> dict[str, float]:
        """What a guess that looks at no input gets on the validation part."""
        y = self.samples.y
        return self.task.baseline(y[self.split.train], y[self.split.validation], self.samples.outputs)

    def preprocessing(self, data: DataSet) -> Preprocessing:
        """Fitted on the samples that train."""
        fitted = scaling.fit(self.samples, self.split.train, data.scaling)
        return replace(fitted, target=self.task.target_scaling())

    def parts(self, preprocessing: Preprocessing, device: torch.device) -> tuple[Part, Part]:
        """The samples that train and those that validate, scaled, on `device`."""

        def part(indices: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Part:
            x = torch.from_numpy(preprocessing.apply(self.samples.x[indices]))
            return Part(x.to(device), torch.from_numpy(self.task.targets(self.samples.y[indices])).to(device))

        return part(self.split.train), part(self.split.validation)


def prepare(experiment: Experiment) -> Data:
    """Loads, checks and splits the data of an experiment. Raises DataError."""
    samples = _load(experiment.data, experiment.seed)
    parts = split(samples, experiment.data, experiment.seed)
    return Data(samples, parts, TASKS[samples.task].fitted(samples.y[parts.train]))


def _load(data: DataSet, seed: int) -> Samples:
    # Somebody who edits an experiment has it described again and again: what is done with the samples (the fields
    # that all data sets share) does not change which they are, and must not read them anew.
    shared = {name: info.default for name, info in DataSet.model_fields.items() if name != "kind"}
    return _load_once(data.model_copy(update=shared), seed)


@lru_cache(maxsize=2)
def _load_once(data: DataSet, seed: int) -> Samples:
    samples = data.load(derive(seed, "data"))
    _check(samples)
    return samples


def forget() -> None:
    """Lets go of data that was kept for the next description."""
    _load_once.cache_clear()


def _check(samples: Samples) -> None:
    """Raises DataError at what no network can be trained on."""
    if not len(samples.y) or not samples.x[0].size:
        raise DataError("there are no samples")
    if not np.isfinite(samples.y).all():
        row = int(np.argmin(np.isfinite(samples.y)))
        raise DataError(f"sample {row + 1:,} has {samples.y[row]} as target; every target must be a finite number")
    rows = samples.x.reshape(len(samples.x), -1)
    finite = np.isfinite(rows).all(axis=1)
    if not finite.all():
        row = int(np.argmin(finite))
        column = int(np.argmin(np.isfinite(rows[row])))
        name = repr(samples.features[column]) if samples.features else f"number {column + 1}"
        raise DataError(
            f"sample {row + 1:,} has {rows[row, column]} as input {name}; every input must be a finite number"
        )
