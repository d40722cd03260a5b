"""Make-believe runs for tests: event logs such as a worker writes, without one.

    recording = Recording(store)             # a run's folder with `started` in its log
    recording.train(epochs=12)               # losses, evaluations, layer figures, checkpoints
    recording.hold_lock()                    # makes it alive: running
    recording.pause()
    recording.obey()                         # answers what lies in the mailbox, as the worker would

`running`, `paused`, `stalled`, `finished`, `overfit`, `failed`, `stopped`, `interrupted` and `died` make runs that are
there already. Without a store a recording has no folder, only `events` and `view()`. A lock that is held belongs to
the test's process; `release_lock` lets the run go on as if its worker was gone.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import os
import random
import socket
import time
from collections.abc import Callable
from typing import Any

from tui_trainer.choices.tasks import CLASSIFICATION
from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.overrides import set_value
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.schema import Experiment, value_at
from tui_trainer.runs.events import VERSION
from tui_trainer.runs.fold import fold
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.lines import LineWriter
from tui_trainer.runs.lock import Lock, LockState
from tui_trainer.runs.mailbox import MailboxReader
from tui_trainer.runs.records import RunView
from tui_trainer.runs.store import Store

START = 1_750_000_000.0
TRAIN_SAMPLES, VALIDATION_SAMPLES = 300, 899
SECONDS_PER_STEP = 0.001
_FRESH = 3600.0
"""Seconds for which the sign of life of a make-believe worker holds."""

Curves = Callable[[float], dict[str, dict[str, float]]]
"""From the share of the plan that is done, 0 to 1, to the metrics of both parts."""


def learning(done: float) -> dict[str, dict[str, float]]:
    """Both curves improve until the end."""
    left = math.exp(-8 * done)
    return {
        "train": {"loss": 0.03 + 2.27 * left, "accuracy": 0.99 - 0.89 * left},
        "validation": {"loss": 0.11 + 2.19 * left, "accuracy": 0.965 - 0.865 * left},
    }


def overfitting(done: float) -> dict[str, dict[str, float]]:
    """Train goes on to perfection; validation turns at a sixth of the plan."""
    left = math.exp(-16 * done)
    lost = max(0.0, done - 1 / 6)
    return {
        "train": {"loss": 0.0008 + 2.3 * left, "accuracy": 1.0 - 0.9 * left},
        "validation": {"loss": 0.36 + 2.0 * left + 0.9 * lost, "accuracy": 0.915 - 0.815 * left - 0.02 * lost},
    }


def diverging(done: float) -> dict[str, dict[str, float]]:
    """The loss grows until it is no number any more."""
    loss = 2.3 * math.exp(40 * done) if done < 0.5 else math.nan
    return {part: {"loss": loss, "accuracy": 0.1} for part in ("train", "validation")}


class Recording:
    """A run whose log is written by the test. Equal arguments write equal logs."""

    def __init__(
        self,
        store: Store | None = None,
        experiment: dict[str, Any] | Experiment | None = None,
        curves: Curves = learning,
        *,
        start_time: float = START,
        **started: Any,
    ) -> None:
        made = experiment if isinstance(experiment, Experiment) else parse({"name": "recorded", **(experiment or {})})
        self.experiment = made
        self.present = made
        self.folder: RunFolder | None = store.create(made) if store else None
        self.events: list[dict[str, Any]] = []
        self.step = 0
        self.updates_per_epoch = math.ceil(TRAIN_SAMPLES / made.training.batch_size)
        self.planned_epochs = made.training.epochs
        self.time = self._start_time = start_time
        self.seconds = 0.0
        self._curves = curves
        self._random = random.Random(made.seed)
        self._best: dict[str, Any] | None = None
        self._lock: Lock | None = None
        self._writer = LineWriter(self.folder.events_file) if self.folder else None
        self._mailbox = MailboxReader(self.folder.mailbox_file) if self.folder else None
        self._start(started)

    @property
    def epoch(self) -> float:
        return self.step / self.updates_per_epoch

    @property
    def planned_steps(self) -> int:
        return self.planned_epochs * self.updates_per_epoch

    def view(self, lock: LockState | None = None) -> RunView:
        """The run as a dashboard sees it; `lock` defaults to a living worker's."""
        return fold(self.events, lock or LockState(os.getpid(), 0.0, self._start_time))

    def write(self, type: str, **fields: Any) -> None:
        """Adds any event at the present step."""
        event = {"v": VERSION, "time": self.time, "type": type, "step": self.step, "epoch": round(self.epoch, 6)}
        self.events.append(event | fields)
        if self._writer:
            self._writer.write(self.events[-1])

    def train(self, epochs: int | None = None) -> Recording:
        """Trains whole epochs; all that are left if no number is given."""
        left = self.planned_epochs - int(self.epoch)
        interval = self.present.training.evaluation_interval()
        for _ in range(left if epochs is None else epochs):
            self._train_epoch()
            if round(self.epoch) % interval == 0 or self.step == self.planned_steps:
                self.evaluate()
        return self

    def evaluate(self) -> None:
        figures = self._figures()
        self.time += 0.004
        l2 = self.present.regularization.get("l2")
        self.write(
            "evaluation",
            **figures,
            **({"penalty": 1.5} if l2 else {}),
            lr=self.present.optimizer.lr,
            seconds=round(self.seconds, 6),
            evaluation_seconds=0.004,
        )
        self.write("layers", layers=self._layers())
        accuracy = figures["validation"]["accuracy"] or 0.0
        if self._best is None or accuracy > self._best["validation"]["accuracy"]:
            self._best = {"step": self.step, "epoch": self.epoch, **figures}

    def checkpoint(self, *reasons: str) -> None:
        self.write("checkpoint", folder=str(self.step), reasons=list(reasons or ("last",)), bytes=250_000)

    def pause(self, **answer: Any) -> Recording:
        self.write("paused", **answer)
        return self

    def resume(self, **answer: Any) -> Recording:
        self.write("resumed", **answer)
        return self

    def change(self, path: str, new: Any, **answer: Any) -> None:
        """A live change, such as `change("optimizer.lr", 0.01)`."""
        old = value_at(self.present, path)
        self.present = parse(set_value(to_mapping(self.present), path, new))
        self.write("changed", path=path, old=old, new=new, **answer)

    def extend(self, epochs: int, **answer: Any) -> None:
        old, self.planned_epochs = self.planned_epochs, self.planned_epochs + epochs
        self.present = parse(set_value(to_mapping(self.present), "training.epochs", self.planned_epochs))
        plan = {"planned_steps": self.planned_steps, "planned_epochs": self.planned_epochs, "stride": 1}
        self.write("changed", path="training.epochs", old=old, new=self.planned_epochs, **plan, **answer)

    def take_up(self, from_step: int) -> Recording:
        """Another worker goes on from a checkpoint."""
        self.step = from_step
        plan = {"planned_steps": self.planned_steps, "planned_epochs": self.planned_epochs, "stride": 1}
        self.write("resumed", from_step=from_step, seconds=self.seconds, **plan, **_worker())
        return self

    def end(self, type: str = "finished", reason: str = "epochs", **fields: Any) -> Recording:
        """The last event, with its summary."""
        self.checkpoint("last")
        figures = self._figures()
        summary = {
            "epochs": self.epoch,
            "steps": self.step,
            "seconds": self.seconds,
            "steps_per_second": self.step / self.seconds if self.seconds else None,
            **figures,
            "best": self._best,
            "parameters": 58_010,
            "device": "cpu",
        }
        self.write(type, reason=reason, summary=summary, **fields)
        return self

    def hold_lock(self, age: float = 0.0) -> Recording:
        """Gives the run a living worker, this process, which gave its last sign of life `age` seconds ago.

        Without an age it stays fresh, however long the test takes.
        """
        assert self.folder
        self._lock = Lock(self.folder.lock_file)
        self._lock.take()
        descriptor = self._lock._descriptor
        assert descriptor is not None
        os.pwrite(descriptor, f"{os.getpid()} {self._start_time:.3f}\n".encode(), 0)
        os.utime(descriptor, (time.time() - age if age else time.time() + _FRESH,) * 2)
        return self

    def release_lock(self) -> None:
        """Its worker is gone."""
        if self._lock:
            self._lock.release()
            self._lock = None

    def obey(self) -> list[str]:
        """Answers the commands that have come, as a worker would; their names."""
        assert self._mailbox
        obeyed = []
        for command, offset in self._mailbox.read_new():
            self._obey(command, {"id": command["id"], "mailbox": offset})
            obeyed.append(command["command"])
        return obeyed

    def _obey(self, command: dict[str, Any], answer: dict[str, Any]) -> None:
        match command["command"]:
            case "pause":
                self.pause(**answer)
            case "resume":
                self.resume(**answer)
            case "detach":
                self.write("detached", **answer)
            case "step" | "epoch":
                self._train_epoch(1 if command["command"] == "step" else None)
                self.pause(**answer)
            case "set":
                self.change(command["path"], command["value"], **answer)
            case "extend":
                self.extend(command["epochs"], **answer)
            case "stop":
                self.end("stopped", "by a person", **answer)
                self.release_lock()
            case "checkpoint":
                self.write("checkpoint", folder=str(self.step), reasons=["last"], bytes=250_000, **answer)

    def _start(self, fields: dict[str, Any]) -> None:
        mlp = getattr(self.experiment.model, "hidden", ())
        sizes = [64, *mlp, 10]
        self._sizes = sizes
        shapes = [
            {"name": f"layer {i + 1}", "output": [units], "parameters": (inputs + 1) * units}
            for i, (inputs, units) in enumerate(itertools.pairwise(sizes))
        ]
        started = {
            "experiment": to_mapping(self.experiment, full=True),
            "versions": {"tui_trainer": "0.1.0", "torch": "2.13.0", "python": "3.11.9"},
            **_worker(),
            "parameters": sum(shape["parameters"] for shape in shapes),
            "layers": shapes,
            "samples": {"train": TRAIN_SAMPLES, "validation": VALIDATION_SAMPLES},
            "classes": [str(digit) for digit in range(10)],
            "features": [],
            "task": {
                "name": CLASSIFICATION.name,
                "loss": CLASSIFICATION.loss,
                "metrics": [dataclasses.asdict(metric) for metric in CLASSIFICATION.metrics],
            },
            "baseline": {"accuracy": 0.102, "loss": 2.3026},
            "updates_per_epoch": self.updates_per_epoch,
            "planned_steps": self.planned_steps,
            "planned_epochs": self.planned_epochs,
            "stride": 1,
            "warnings": [],
        }
        self.write("started", **started | fields)

    def _train_epoch(self, updates: int | None = None) -> None:
        first, begin = self.step, self.epoch
        losses = []
        for _ in range(updates or self.updates_per_epoch):
            loss = self._curves(self.step / self.planned_steps)["train"]["loss"]
            losses.append(_rounded(loss * (1 + self._random.uniform(-0.15, 0.15))))
            self.step += 1
        took = len(losses) * SECONDS_PER_STEP
        self.seconds += took
        self.time += took
        epochs = [round(begin, 6), round(self.epoch, 6)]
        self.write(
            "train",
            first=first,
            stride=1,
            train={"loss": {"mean": losses}},
            epochs=epochs,
            seconds=round(self.seconds, 6),
        )

    def _figures(self) -> dict[str, dict[str, float | None]]:
        metrics = self._curves(self.step / self.planned_steps)
        return {part: {name: _rounded(value) for name, value in of.items()} for part, of in metrics.items()}

    def _layers(self) -> list[dict[str, Any]]:
        left = math.exp(-8 * self.step / self.planned_steps)
        depth = len(self._sizes) - 1
        return [
            {
                "name": f"layer {i + 1}",
                "gradient_norm": _rounded(0.01 + left * 0.5 ** (depth - i)),
                "update_ratio": _rounded(0.0002 + 0.002 * left),
                "weight_norm": _rounded(9.0 + i + 2 * (1 - left)),
                "zero_share": 0.0,
                "dead_share": None if i == depth - 1 else _rounded(0.08 * (1 - left)),
            }
            for i in range(depth)
        ]


def running(store: Store, epochs: int = 12, **arguments: Any) -> Recording:
    """Alive, `epochs` of its epochs done."""
    return Recording(store, **arguments).hold_lock().train(epochs)


def paused(store: Store, epochs: int = 12, **arguments: Any) -> Recording:
    return running(store, epochs, **arguments).pause()


def stalled(store: Store, epochs: int = 12, **arguments: Any) -> Recording:
    """Its worker holds the lock, but has given no sign of life for half a minute."""
    return Recording(store, **arguments).hold_lock(age=30).train(epochs)


def finished(store: Store, **arguments: Any) -> Recording:
    return Recording(store, **arguments).train().end()


def overfit(store: Store, **arguments: Any) -> Recording:
    """Finished: six layers of 100 on 300 samples, validation at its best at a sixth of the plan."""
    experiment = {
        "name": "overfit",
        "data": {"train_samples": TRAIN_SAMPLES},
        "model": {"hidden": [100] * 6},
        "training": {"batch_size": 100, "epochs": 60},
    }
    return Recording(store, experiment, overfitting, **arguments).train().end()


def failed(store: Store, **arguments: Any) -> Recording:
    """The loss was not finite any more."""
    experiment = {"name": "diverged", "optimizer": {"lr": 10.0}}
    recording = Recording(store, experiment, diverging, **arguments).train(epochs=16)
    return recording.end("failed", "the loss is not finite since step 150", where="layer 1: gradient")


def stopped(store: Store, epochs: int = 12, **arguments: Any) -> Recording:
    return Recording(store, **arguments).train(epochs).end("stopped", "by a person")


def interrupted(store: Store, epochs: int = 12, **arguments: Any) -> Recording:
    return Recording(store, **arguments).train(epochs).end("interrupted", "SIGTERM")


def died(store: Store, epochs: int = 12, **arguments: Any) -> Recording:
    """Its worker is gone without a word."""
    recording = running(store, epochs, **arguments)
    recording.release_lock()
    return recording


def _worker() -> dict[str, Any]:
    return {"host": socket.gethostname(), "pid": os.getpid(), "device": "cpu", "device_name": "cpu", "threads": 1}


def _rounded(value: float) -> float | None:
    return float(f"{value:.7g}") if math.isfinite(value) else None
