"""Small experiments, and runs of them inside the test's own process, where commands come at chosen updates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch

from tui_trainer.engine.checkpoints import load
from tui_trainer.engine.control import Command, Control
from tui_trainer.engine.run import train_run
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.events import EventReader
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import RunView, read

torch.set_num_threads(1)

SMALL: dict[str, Any] = {
    "data": {"kind": "moons", "samples": 125},
    "model": {"kind": "mlp", "hidden": [8, 6]},
    "optimizer": {"kind": "momentum", "lr": 0.05},
    "training": {"batch_size": 16, "epochs": 6},
    "device": "cpu",
}
"""100 samples train, in 7 updates an epoch, the last one on 4 samples; 42 updates in all."""


def small(**groups: Any) -> Experiment:
    """The small experiment with other values: `small(training={"epochs": 2})`."""
    merged = dict(SMALL)
    for name, value in groups.items():
        old = SMALL.get(name)
        alike = isinstance(value, Mapping) and isinstance(old, Mapping) and value.get("kind") in (None, old.get("kind"))
        merged[name] = {**old, **value} if alike else value
    return parse(merged)


class Script(Control):
    """Gives commands at chosen looks of the training thread, of which there is one before every update."""

    def __init__(self, commands: Mapping[int, list[Command]] | None = None, interrupt_at: float = math.inf) -> None:
        self.looks = 0
        self._script = commands or {}
        self._interrupt_at = interrupt_at
        super().__init__()

    @property
    def attention(self) -> bool:
        return True

    @attention.setter
    def attention(self, value: bool) -> None:
        pass

    @property
    def interruption(self) -> str:
        return "interrupted by a test" if self.looks >= self._interrupt_at else ""

    @interruption.setter
    def interruption(self, reason: str) -> None:
        pass

    def take(self) -> list[Command]:
        commands = self._script.get(self.looks, [])
        self.looks += 1
        return commands

    def wait(self, seconds: float) -> None:
        assert self.looks < 100_000, "waits for a command that never comes"


def command(name: str, **fields: Any) -> Command:
    """A command whose id is its name."""
    return Command(name, fields, {"id": name, "mailbox": 1})


def create(experiment: Experiment) -> RunFolder:
    return Store().create(experiment)


def train(experiment: Experiment, control: Control | None = None) -> RunFolder:
    """A run, trained to its end."""
    folder = create(experiment)
    train_run(folder, control or Script())
    return folder


def events(folder: RunFolder, type: str = "") -> list[dict[str, Any]]:
    return [event for event in EventReader(folder.events_file).read_new() if event["type"] == type or not type]


def figures(folder: RunFolder) -> dict[str, Any]:
    """Every figure of a run but times."""
    view: RunView = read(folder)
    loss = view.train_loss
    return {
        "steps": view.step,
        "train": (loss.mean, loss.low, loss.high),
        # How windows share lines depends on the clock; positions between are linear, up to the last bits.
        "epochs": [round(epoch, 9) for epoch in loss.epochs],
        "evaluations": [(it.step, it.epoch, it.train, it.validation, it.penalty, it.lr) for it in view.evaluations],
        "layers": view.layers,
        "best": view.best and (view.best.step, view.best.validation),
    }


def weights(folder: RunFolder, step: int | None = None) -> dict[str, torch.Tensor]:
    """The weights in the checkpoint of a step, or in the newest."""
    steps = [int(path.name) for path in folder.checkpoints.iterdir()]
    saved: dict[str, torch.Tensor] = load(folder.checkpoints / str(max(steps) if step is None else step))["model"]
    return saved


def same(a: Mapping[str, torch.Tensor], b: Mapping[str, torch.Tensor]) -> bool:
    """Whether two sets of weights are equal to the last bit."""
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)
