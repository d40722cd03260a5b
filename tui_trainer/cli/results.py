"""What a run came to, for a person and for a program."""

from __future__ import annotations

from typing import Any

from tui_trainer.cli.figures import finite, metrics, rate, span
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.summary import RunSummary, epochs, in_epochs


def as_mapping(run: RunSummary) -> dict[str, Any]:
    """Plain data for JSON. A figure that is not finite, or not known, is null."""
    return {
        "run": run.id,
        "name": run.name,
        "state": run.state,
        "reason": run.reason or run.problem,
        "started": run.started_time,
        "epochs": finite(run.epoch),
        "steps": run.step,
        "parameters": run.parameters,
        "device": run.device,
        "seconds": finite(run.seconds),
        "steps_per_second": finite(run.steps_per_second),
        "train": finite(run.train),
        "validation": finite(run.validation),
        "best": {"epoch": finite(run.best.epoch), **finite(run.best.validation)} if run.best else None,
        "differences": run.differences,
        "parent": run.origin.parent or None,
        "forked_at_step": run.origin.from_step,
        "forked_at_epoch": finite(run.origin.from_epoch),
        "comparison": run.origin.comparison or None,
        "arm": run.origin.arm or None,
        "folder": str(run.folder.path),
    }


def outcome(state: str, reason: str) -> str:
    """The state of a run and why: `finished: all epochs`."""
    reason = "all epochs" if reason == "epochs" else reason
    return state if reason in ("", state) else f"{state}: {reason}"


def whence(origin: Origin) -> str:
    """Where a run comes from: `fork of RUN at epoch 30`, `l2 0.01 of COMPARISON`; empty if it began by itself."""
    said = []
    if origin.comparison:
        said.append(f"{origin.arm or '?'} of {origin.comparison}")
    if origin.parent:
        at = "" if origin.from_epoch is None else f" at epoch {epochs(origin.from_epoch)}"
        said.append(f"fork of {origin.parent}{at}")
    return ", ".join(said)


def as_lines(run: RunSummary) -> list[str]:
    """How a run ended, how long it took, and its figures."""
    if not run.planned_epochs:
        return [f"{run.state}: it did not begin"]
    speed = f"{span(run.seconds)} at {rate(run.steps_per_second)} updates/s on {run.device or '?'}"
    updates = f"{run.step:,} update{'' if run.step == 1 else 's'}"
    lines = [f"{outcome(run.state, run.reason)}, after {in_epochs(run.epoch)}, {updates}, {speed}"]
    if run.train:
        lines.append(f"train       {metrics(run.train)}")
    if run.validation:
        lines.append(f"validation  {metrics(run.validation)}")
    if run.best:
        lines.append(f"best        {metrics(run.best.validation)}  at epoch {epochs(run.best.epoch)}")
    return lines
