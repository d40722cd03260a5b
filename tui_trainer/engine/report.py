"""The first and the last event of a worker."""

from __future__ import annotations

import os
import platform
import socket
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import torch

from tui_trainer import __version__
from tui_trainer.engine.describe import Foundation, facts
from tui_trainer.engine.ending import Ended
from tui_trainer.engine.facts import data_facts
from tui_trainer.engine.figures import rounded
from tui_trainer.experiment.dump import to_mapping

if TYPE_CHECKING:
    from tui_trainer.engine.loop import Trainer


def say_started(
    trainer: Trainer, foundation: Foundation, threads: int, begun_from: Mapping[str, Any] | None = None
) -> None:
    """What is trained, on what, by whom, and from whose weights if not from random ones."""
    task = foundation.data.task
    trainer.say(
        "started",
        experiment=to_mapping(trainer.experiment, full=True),
        versions={"tui_trainer": __version__, "torch": torch.__version__, "python": platform.python_version()},
        **_worker(threads),
        **facts(trainer.experiment, foundation, trainer.network),
        task={
            "name": task.name,
            "loss": task.loss,
            "metrics": [asdict(metric) for metric in task.metrics],
            "guess": task.guess,
        },
        stride=trainer.recorder.stride,
        **({"warm_start": begun_from} if begun_from else {}),
        facts=data_facts(foundation.data),
    )


def say_resumed(trainer: Trainer, threads: int, problems: list[str]) -> None:
    """From where the run goes on, and why not from a newer checkpoint."""
    trainer.say(
        "resumed",
        from_step=trainer.step,
        **_worker(threads),
        device=str(trainer.device),
        planned_steps=trainer.plan.steps,
        planned_epochs=trainer.plan.epochs,
        updates_per_epoch=trainer.plan.updates_per_epoch,
        stride=trainer.recorder.stride,
        seconds=round(trainer.clock.read(), 3),
        warnings=problems,
    )


def ending_fields(trainer: Trainer | None, ending: Ended) -> dict[str, Any]:
    """What the last event says: how the run ended, and a summary."""
    fields: dict[str, Any] = {"reason": ending.reason, **ending.answer}
    if trainer is None:
        return {"step": 0, "epoch": 0.0, **fields}
    return {**trainer.place(), **fields, "summary": _summary(trainer)}


def _summary(trainer: Trainer) -> dict[str, Any]:
    seconds, evaluation, best = trainer.clock.read(), trainer.evaluation, trainer.best
    epochs = trainer.plan.position_at(trainer.step)
    figures = evaluation.to_mapping() if evaluation else {}
    return {
        "epochs": int(epochs) if epochs == int(epochs) else epochs,
        "steps": trainer.step,
        "seconds": round(seconds, 3),
        "steps_per_second": rounded(trainer.step / seconds) if seconds else None,
        "train": figures.get("train"),
        "validation": figures.get("validation"),
        "best": best.evaluation.to_mapping() if best else None,
        "parameters": trainer.network.parameter_count,
        "device": str(trainer.device),
    }


def _worker(threads: int) -> dict[str, Any]:
    return {"host": socket.gethostname(), "pid": os.getpid(), "threads": threads}
