"""A run in a list: read from the head and the tail of its log only, so that a thousand of them open at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tui_trainer.experiment.diff import from_defaults
from tui_trainer.experiment.diff import summary as in_a_few_words
from tui_trainer.experiment.load import parse
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.text import clean
from tui_trainer.runs import parsing
from tui_trainer.runs.events import ENDINGS, NewerVersion, is_event
from tui_trainer.runs.files import read_plain
from tui_trainer.runs.fold import RunFold
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.lines import decode
from tui_trainer.runs.records import Figures
from tui_trainer.runs.states import ALIVE, State

HEAD_BYTES = (1 << 14, 1 << 22)
"""How much to read for the first line: as a rule, and where that line is a long one."""
TAIL_BYTES = (1 << 12, 1 << 18)
"""How much to read at the end: for a run that has ended, and for the last evaluation of one that has not."""

_TOO_DETAILED = ("layers", "checkpoint")


@dataclass(frozen=True)
class BestSummary:
    """The best evaluation of a run that has ended."""

    step: int
    epoch: float
    train: Figures
    validation: Figures


@dataclass(frozen=True)
class RunSummary:
    """A run in a list."""

    folder: RunFolder
    name: str
    state: State
    reason: str = ""
    problem: str = ""  # why its log cannot be read; empty if it can
    started_time: float | None = None  # unix seconds
    last_time: float | None = None
    epoch: float = 0.0
    step: int = 0
    planned_epochs: int = 0
    seconds: float = 0.0  # of training
    steps_per_second: float | None = None
    parameters: int | None = None
    device: str = ""
    host: str = ""
    metric: str = "accuracy"  # the primary one
    train: Figures = field(default_factory=dict)
    validation: Figures = field(default_factory=dict)
    best: BestSummary | None = None  # known once the run has ended
    experiment_mapping: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def id(self) -> str:
        return self.folder.id

    @property
    def alive(self) -> bool:
        return self.state in ALIVE

    @cached_property
    def experiment(self) -> Experiment | None:
        """The experiment that it was started with; None if it cannot be read."""
        try:
            return parse(self.experiment_mapping) if self.experiment_mapping else self.folder.experiment()
        except ExperimentError:
            return None

    @cached_property
    def what(self) -> str:
        """The experiment in a few words."""
        return clean(in_a_few_words(self.experiment)) if self.experiment else ""

    @cached_property
    def differences(self) -> str:
        """What differs from the defaults."""
        return clean(", ".join(map(str, from_defaults(self.experiment)))) if self.experiment else ""


def summarize(folder: RunFolder) -> RunSummary:
    """The run in `folder`, whatever its log holds."""
    lock = folder.lock_state()
    run = RunFold(folder.id)
    started: Mapping[str, Any] = {}
    try:
        for event in _head_and_tail(folder.events_file):
            if event["type"] not in _TOO_DETAILED:
                run.apply(event)
            started = started or (event if event["type"] == "started" else {})
    except NewerVersion as error:
        run.problem = str(error)
    view = run.view(lock)
    last = view.last
    mapping = started.get("experiment")
    return RunSummary(
        folder=folder,
        name=folder.own_name() or view.name if started else folder.display_name(),
        state=view.state,
        reason=view.reason,
        problem=view.problem,
        started_time=view.started_time,
        last_time=view.last_time,
        epoch=view.epoch,
        step=view.step,
        planned_epochs=view.planned_epochs,
        seconds=view.seconds,
        steps_per_second=view.steps_per_second,
        parameters=view.parameters,
        device=view.device,
        host=view.host,
        metric=view.task.primary.name,
        train=_figures(run.summary, "train") or (last.train if last else {}),
        validation=_figures(run.summary, "validation") or (last.validation if last else {}),
        best=_best(run.summary),
        experiment_mapping=mapping if isinstance(mapping, Mapping) else {},
    )


def _head_and_tail(path: Path) -> list[dict[str, Any]]:
    """The first event and the last ones: at least the ending, or what has happened of late."""
    try:
        size = path.stat().st_size
        head, head_end = _head(path)
        for limit in TAIL_BYTES:
            begin = max(head_end, size - limit)
            lines = read_plain(path, size - begin, begin).split(b"\n")
            whole = lines[0 if begin == head_end else 1 : -1]
            tail = [event for event in map(decode, whole) if event is not None and is_event(event, path)]
            if begin == head_end or (tail and tail[-1]["type"] in ENDINGS):
                break
    except OSError:
        return []
    return [*head, *tail]


def _head(path: Path) -> tuple[list[dict[str, Any]], int]:
    """The first event, and the offset behind it."""
    for limit in HEAD_BYTES:
        line, end, _ = read_plain(path, limit).partition(b"\n")
        if end:
            event = decode(line)
            return ([event] if event is not None and is_event(event, path) else []), len(line) + 1
    return [], 0


def _figures(summary: Mapping[str, Any], part: str) -> Figures:
    try:
        return parsing.figures(summary.get(part))
    except ValueError:
        return {}


def _best(summary: Mapping[str, Any]) -> BestSummary | None:
    try:
        best = parsing.mapping(summary["best"])
        return BestSummary(
            parsing.whole(best["step"]),
            parsing.finite(best["epoch"]),
            parsing.figures(best.get("train")),
            parsing.figures(best.get("validation")),
        )
    except (KeyError, ValueError):
        return None
