"""What an experiment adds up to, without training it: what panels show before a run starts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from tui_trainer.choices.data import DataError, Samples
from tui_trainer.choices.data.lazy import LazyInputs
from tui_trainer.choices.models import ModelError
from tui_trainer.choices.optimizers import AdamW
from tui_trainer.choices.tasks import TaskError
from tui_trainer.engine.build import Network, build, misfits, optimizer_floats
from tui_trainer.engine.device import Device, DeviceError, choose, open_devices, thread_count
from tui_trainer.engine.figures import writable
from tui_trainer.engine.plan import Plan
from tui_trainer.engine.prepare import Data, prepare
from tui_trainer.engine.structure import structure
from tui_trainer.engine.warm_start import find_source, freeze, new_layers
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.store import Store

FLOAT_BYTES = 4

FEW_SAMPLES = 10
"""Figures of fewer samples say hardly anything."""


@dataclass(frozen=True)
class Foundation:
    """What an experiment stands on: its data and its device."""

    data: Data
    device: Device

    def plan(self, experiment: Experiment) -> Plan:
        return Plan(len(self.data.split.train), experiment.training.batch_size, experiment.training.epochs)

    def build(self, experiment: Experiment, device: torch.device) -> Network:
        """The network of the experiment. Raises ExperimentError if it cannot be built for that data."""
        signature, task = self.data.signature, self.data.task.name
        if problems := misfits(experiment, task, signature):
            raise ExperimentError(problems)
        try:
            network = build(experiment, signature, device, task)
        except ModelError as error:
            raise ExperimentError([Problem(f"model.{error.field}" if error.field else "model", str(error))]) from None
        freeze(network, experiment.warm_start.frozen)
        return network


def lay_foundation(experiment: Experiment, device_for_auto: str = "", *, outline: bool = False) -> Foundation:
    """Loads the data and chooses the device, which may be told where the experiment leaves it open.

    An `outline` is enough for a description where data is still to be downloaded.

    Raises ExperimentError with all that is wrong with either.
    """
    problems, data, device = [], None, None
    try:
        data = prepare(experiment, outline=outline)
    except DataError as error:
        problems.append(Problem(f"data.{error.field}" if error.field else "data", str(error)))
    except TaskError as error:
        problems.append(Problem("loss", str(error)))
    try:
        device = choose(device_for_auto if device_for_auto and experiment.device == "auto" else experiment.device)
    except DeviceError as error:
        problems.append(Problem("device", str(error)))
    if data is None or device is None:
        raise ExperimentError(problems)
    return Foundation(data, device)


def describe(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """The description of the experiment in `mapping`, as plain data. Raises ExperimentError with all that is wrong."""
    experiment = parse(mapping)
    foundation = lay_foundation(experiment, outline=True)
    network, bytes = measure(experiment, foundation)
    if source := find_source(experiment.warm_start, Store()):
        new_layers(network, source, foundation.data.samples, experiment)
    few = _few_samples(foundation.data)
    device, open_to = foundation.device, open_devices()
    free = device.free_bytes()
    tight = free is not None and bytes["total"] > free
    warnings = [f"training takes about {_gigabytes(bytes['total'])}, {_gigabytes(free or 0)} are free"] if tight else []
    return {
        **facts(experiment, foundation, network),
        "samples": {**foundation.data.counts, "available": foundation.data.split.available},
        "vocabulary": foundation.data.signature.vocabulary,
        "target": foundation.data.samples.target,
        "shape": list(foundation.data.samples.shape),
        "steps": structure(network.model, foundation.data.signature),
        "bytes": bytes,
        "threads": thread_count(device.torch, network.work, experiment.training.batch_size),
        "task": foundation.data.task.name,
        "devices": list(open_to),
        "free": {name: bytes for name, bytes in open_to.items() if bytes},
        "notes": [*_to_download(experiment), *foundation.data.samples.notes],
        "warnings": [*device.warnings, *warnings, *few, *_doubtful(experiment, foundation.plan(experiment))],
    }


def _few_samples(data: Data) -> list[str]:
    """Parts of so few samples that their figures say hardly anything; of a text each token counts."""
    if data.signature.vocabulary:
        return []
    does = {"train": "train", "validation": "validate", "test": "test"}
    return [
        f"only {count} samples {does[part]}: figures of so few are mostly chance"
        if count > 1
        else f"only 1 sample {does[part]}s: figures of one are chance, and some have no meaning (NaN)"
        for part, count in data.counts.items()
        if 0 < count < FEW_SAMPLES
    ]


def _doubtful(experiment: Experiment, plan: Plan) -> list[str]:
    """Settings that can be trained, and are hardly meant so."""
    said, warmup, optimizer = [], experiment.schedule.warmup, experiment.optimizer
    if warmup > plan.steps:
        said.append(
            f"the warm-up takes {warmup:,} updates and the run has {plan.steps:,}: "
            "the learning rate never reaches its full size"
        )
    if isinstance(optimizer, AdamW) and optimizer.weight_decay and "weight_decay" in experiment.regularization:
        said.append("the weights decay twice: by adamw's own weight decay and by the regularizer weight_decay")
    if experiment.warm_start.freeze and not experiment.warm_start.run:
        said.append("no layer is frozen: freeze needs a run to start from")
    return said


def _to_download(experiment: Experiment) -> list[str]:
    missing = experiment.data.missing()
    return [f"{missing.what} is downloaded first ({missing.bytes / 1e6:.0f} MB)"] if missing else []


def measure(experiment: Experiment, foundation: Foundation) -> tuple[Network, dict[str, int]]:
    """The network without its weights, and the bytes that training it takes.

    Raises ExperimentError if its device has no room for it: a system that runs out of memory ends processes without
    a word.
    """
    network = foundation.build(experiment, torch.device("meta"))
    bytes = _memory(experiment, foundation, network)
    needed = sum(bytes[name] for name in ("weights", "gradients", "optimizer"))
    free = foundation.device.free_bytes()
    if free is not None and needed > free:
        parameters = f"{network.parameter_count:,} parameters take {_gigabytes(needed)} in training"
        raise ExperimentError([Problem("model", f"{parameters}, and {_gigabytes(free)} are free; make it smaller")])
    return network, bytes


def facts(experiment: Experiment, foundation: Foundation, network: Network) -> dict[str, Any]:
    """What a description and the first event of a run both say."""
    data, device, plan = foundation.data, foundation.device, foundation.plan(experiment)
    return {
        "parameters": network.parameter_count,
        "layers": [
            {"name": layer.name, "output": list(layer.output), "parameters": layer.parameters}
            for layer in network.layers
        ],
        "samples": data.counts,
        "classes": list(data.samples.classes),
        "features": list(data.samples.features),
        "baseline": writable(data.baseline(experiment.data)),
        "device": str(device.torch),
        "device_name": device.name,
        "updates_per_epoch": plan.updates_per_epoch,
        "planned_steps": plan.steps,
        "planned_epochs": plan.epochs,
        "warnings": list(device.warnings),
    }


def _memory(experiment: Experiment, foundation: Foundation, network: Network) -> dict[str, int]:
    """Bytes that training takes on its device, roughly."""
    samples = foundation.data.samples
    values = math.prod(samples.shape)
    weights = sum(tensor.numel() for tensor in network.model.state_dict().values())
    batch = min(experiment.training.batch_size, len(foundation.data.split.train))
    parts = {
        "weights": weights,
        "gradients": network.parameter_count,
        "optimizer": optimizer_floats(experiment) * network.parameter_count,
        "activations": batch * (values + network.activation_floats),
        "data": sum(foundation.data.counts.values()) * (_kept_floats(samples) + 2),
    }
    bytes = {name: FLOAT_BYTES * floats for name, floats in parts.items()}
    return {**bytes, "total": sum(bytes.values())}


def _kept_floats(samples: Samples) -> int:
    """What of a sample's inputs is in memory all the time."""
    values = math.prod(samples.shape)
    if isinstance(samples.x, LazyInputs):
        return values // FLOAT_BYTES if samples.x.in_memory else 0
    return values


def _gigabytes(bytes: int) -> str:
    return f"{bytes / 1e9:,.1f} GB"
