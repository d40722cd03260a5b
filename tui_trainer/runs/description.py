"""What only a worker knows about an experiment, because only torch and scikit-learn do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tui_trainer.runs import parsing
from tui_trainer.runs.records import Figures, LayerShape
from tui_trainer.runs.structure import Step, read_steps


@dataclass(frozen=True)
class Description:
    """An experiment that has been built, but not trained."""

    parameters: int
    layers: tuple[LayerShape, ...] = ()
    steps: tuple[Step, ...] = ()
    samples: Mapping[str, int] = field(default_factory=dict)  # train, validation, available
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    shape: tuple[int, ...] = ()  # of one sample
    vocabulary: int = 0  # different tokens of a text; 0 where samples are numbers
    target: str = ""  # what is predicted, by name
    task: str = ""
    updates_per_epoch: int = 0
    planned_steps: int = 0
    bytes: Mapping[str, int] = field(default_factory=dict)  # weights, gradients, optimizer, activations, data, total
    device: str = ""
    device_name: str = ""
    devices: tuple[str, ...] = ()  # on which a run may train if its experiment leaves that open
    free: Mapping[str, int] = field(default_factory=dict)  # bytes on each, as far as they say
    threads: int | None = None
    baseline: Figures = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # what was guessed about the data, or left out
    warnings: tuple[str, ...] = ()

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> Self:
        """Raises ValueError if `answer` is no description."""
        return cls(
            parameters=parsing.whole(answer.get("parameters")),
            layers=parsing.layer_shapes(answer.get("layers")),
            steps=read_steps(answer.get("steps")),
            samples=parsing.counts(answer.get("samples")),
            classes=parsing.texts(answer.get("classes")),
            features=parsing.texts(answer.get("features")),
            shape=parsing.wholes(answer.get("shape")),
            vocabulary=parsing.whole(answer.get("vocabulary", 0)),
            target=parsing.text(answer.get("target")),
            task=parsing.text(answer.get("task")),
            updates_per_epoch=parsing.whole(answer.get("updates_per_epoch", 0)),
            planned_steps=parsing.whole(answer.get("planned_steps", 0)),
            bytes=parsing.counts(answer.get("bytes")),
            device=parsing.text(answer.get("device")),
            device_name=parsing.text(answer.get("device_name")),
            devices=parsing.texts(answer.get("devices")),
            free=parsing.counts(answer.get("free")),
            threads=parsing.optional_whole(answer.get("threads")),
            baseline=parsing.figures(answer.get("baseline")),
            notes=parsing.texts(answer.get("notes")),
            warnings=parsing.texts(answer.get("warnings")),
        )
