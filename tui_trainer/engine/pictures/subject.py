"""What is drawn: a network at one moment, and the samples that it is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from tui_trainer.engine.evaluate import CHUNK_ROWS, MOST_TRAIN_ROWS
from tui_trainer.engine.pictures.reading import Reader
from tui_trainer.engine.prepare import Part

if TYPE_CHECKING:
    from tui_trainer.engine.loop import Trainer


class NotFinite(Exception):
    """The network's output is not finite: there is nothing to see."""


class Subject:
    """A network at one moment, with all that a picture of it may need."""

    def __init__(
        self, trainer: Trainer, reader: Reader, target: str, epoch: float, look_up: Callable[[], None]
    ) -> None:
        self.network = trainer.network
        self.model = trainer.network.model
        self.task = trainer.task
        self._whole_train = trainer.train_part
        self.validation = trainer.validation_part
        self.device = trainer.device
        self.seed = trainer.experiment.seed
        self.reader = reader
        self.preprocessing = reader.preprocessing
        self.target = target
        self.epoch = epoch
        self.look_up = look_up

    @cached_property
    def train(self) -> Part:
        """The samples of the training part that figures are taken on."""
        return self._whole_train.first(MOST_TRAIN_ROWS)

    def outputs(self, inputs: Tensor) -> Tensor:
        """What the network gives for inputs on its device, in chunks."""
        made = []
        for x in inputs.split(CHUNK_ROWS):
            self.look_up()
            made.append(self.model(x))
        return torch.cat(made)

    def scores_of(self, part: Part) -> Tensor:
        """What the network gives for all samples of a part. Raises NotFinite."""
        made = []
        for x, _ in part.chunks(CHUNK_ROWS):
            self.look_up()
            made.append(self.model(x))
        return finite(torch.cat(made))

    @cached_property
    def scores(self) -> Tensor:
        """What the network gives for the validation part. Raises NotFinite."""
        return self.scores_of(self.validation)

    def first(self, samples: int) -> Tensor:
        """Inputs of the first samples of the validation part."""
        return rows(self.validation, torch.arange(min(samples, len(self.validation))))


def rows(part: Part, chosen: Tensor) -> Tensor:
    """The inputs of some samples of a part."""
    return part.x[chosen.to(part.x.device)]


def finite(values: Tensor) -> Tensor:
    """These values. Raises NotFinite."""
    if not values.isfinite().all():
        raise NotFinite
    return values


def spread(count: int, most: int) -> Tensor:
    """At most so many indices, evenly over `count`: samples that validate may be in the order of their classes."""
    return torch.linspace(0, count - 1, min(count, most)).round().long()


def few(value: float) -> float:
    """With as many digits as a picture shows."""
    return float(f"{value:.5g}")


def heat(values: Tensor) -> tuple[list[int], float]:
    """Signed values from -100 to 100 in shares of the largest one, and that; all of `values` in their order."""
    scale = float(finite(values).abs().max()) if values.numel() else 0.0
    return (values.flatten() * (100 / (scale or 1.0))).round().int().clamp(-100, 100).tolist(), few(scale)
