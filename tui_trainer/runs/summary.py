"""A run in a list: read from the head and the tail of its log only, so that a thousand of them open at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from tui_trainer.experiment.diff import from_defaults
from tui_trainer.experiment.diff import summary as in_a_few_words
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.text import clean
from tui_trainer.runs import parsing
from tui_trainer.runs.events import ENDINGS, NewerVersion, is_event
from tui_trainer.runs.files import read_plain
from tui_trainer.runs.fold import RunFold
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.lines import decode
from tui_trainer.runs.origin import NOWHERE, Origin
from tui_trainer.runs.records import Change, Evaluation, Figures, without
from tui_trainer.runs.states import ALIVE, State

HEAD_BYTES = (1 << 14, 1 << 22)
"""How much to read for the first line: as a rule, and where that line is a long one."""
TAIL_BYTES = (1 << 12, 1 << 18)
"""How much to read at the end: for a run that has ended, and for the last evaluation of one that has not."""

MIDDLE_BYTES = 1 << 20
"""How much of what is before the end is searched for changes: all but the log of a very long run."""

FORK_BYTES = 1 << 24
"""The same for a run that was forked: what it trains stands behind all that it has of its parent."""

_CHANGES = (b'"type":"changed"', b'"type":"resumed"', b'"type":"forked"')
_PREPARING = b'"type":"preparing"'
_TOO_DETAILED = ("layers", "checkpoint")


@dataclass(frozen=True)
class BestSummary:
    """The best evaluation of a run."""

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
    origin: Origin = NOWHERE
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
    best: BestSummary | None = None  # in `summarize`, known once the run has ended
    changes: tuple[Change, ...] = ()  # made while it trained
    own_changes: tuple[Change, ...] = ()  # of these, those that were made in itself, not before it was forked
    fork_changes: tuple[Change, ...] = ()  # with which it goes on from its parent's checkpoint
    present: Experiment | None = None  # with these changes; None if it cannot be read
    experiment_mapping: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def id(self) -> str:
        return self.folder.id

    @property
    def alive(self) -> bool:
        return self.state in ALIVE

    def with_best(self, best: Evaluation | None) -> RunSummary:
        """The same with its best evaluation so far, which only all of its log tells."""
        return replace(self, best=BestSummary(best.step, best.epoch, best.train, best.validation)) if best else self

    @cached_property
    def experiment(self) -> Experiment | None:
        """The experiment that it was started with; None if it cannot be read."""
        try:
            return parse(self.experiment_mapping) if self.experiment_mapping else self.folder.experiment()
        except ExperimentError:
            return None

    @cached_property
    def what(self) -> str:
        """The experiment as it is now, in a few words."""
        experiment = self.present or self.experiment
        return clean(in_a_few_words(experiment)) if experiment else ""

    @cached_property
    def differences(self) -> str:
        """What differs from the defaults."""
        return clean(", ".join(map(str, from_defaults(self.experiment)))) if self.experiment else ""


def epochs(count: float) -> str:
    """A number of epochs as a person reads it: `30`, `12.5`."""
    return f"{count:.1f}".removesuffix(".0")


def in_epochs(count: float) -> str:
    """The same with its unit: `1 epoch`, `12.5 epochs`."""
    said = epochs(count)
    return f"{said} epoch{'' if said == '1' else 's'}"


def summarize(folder: RunFolder) -> RunSummary:
    """The run in `folder`, whatever its log holds."""
    lock, origin = folder.lock_state(), folder.origin()
    run = RunFold(folder.id)
    started: Mapping[str, Any] = {}
    try:
        for event in _telling_events(folder.events_file, MIDDLE_BYTES if origin.from_step is None else FORK_BYTES):
            if event["type"] not in _TOO_DETAILED:
                run.apply(event)
            if event["type"] == "forked" or (event["type"] == "started" and not started):
                started = event
    except NewerVersion as error:
        run.problem = str(error)
    view = run.view(lock)
    last = view.last
    mapping = started.get("experiment")
    return RunSummary(
        folder=folder,
        name=folder.own_name() or view.name if started else folder.display_name(),
        state=view.state,
        origin=origin,
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
        changes=view.changes,
        own_changes=tuple(without(view.inherited, view.changes)),
        fork_changes=_fork_changes(started),
        present=view.present,
        experiment_mapping=mapping if isinstance(mapping, Mapping) else {},
    )


def _telling_events(path: Path, most: int) -> list[dict[str, Any]]:
    """The first event, the changes, and the last events: at least the ending, or what has happened of late.

    `most`: bytes of what is before the end that are searched for changes.
    """
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
        end = begin if begin == head_end else begin + len(lines[0]) + 1
        changes = _changes(path, max(head_end, end - most), end)
    except OSError:
        return []
    return [*head, *changes, *tail]


def _changes(path: Path, begin: int, end: int) -> list[dict[str, Any]]:
    """The events between two offsets that say what was changed; the others are not even decoded."""
    if begin >= end:
        return []
    middle = read_plain(path, end - begin, begin)
    if not any(sign in middle for sign in _CHANGES):
        return []
    lines = [line for line in middle.split(b"\n") if any(sign in line for sign in _CHANGES)]
    return [event for event in map(decode, lines) if event is not None and is_event(event, path)]


def _head(path: Path) -> tuple[list[dict[str, Any]], int]:
    """The first event, but for what tells how far a download was, and the offset behind it."""
    for limit in HEAD_BYTES:
        end = 0
        *lines, _ = read_plain(path, limit).split(b"\n")
        for line in lines:
            end += len(line) + 1
            if _PREPARING not in line:
                event = decode(line)
                return ([event] if event is not None and is_event(event, path) else []), end
    return [], 0


def _figures(summary: Mapping[str, Any], part: str) -> Figures:
    try:
        return parsing.figures(summary.get(part))
    except ValueError:
        return {}


def _fork_changes(started: Mapping[str, Any]) -> tuple[Change, ...]:
    try:
        return tuple(parsing.changes(started.get("changes"), 0, 0.0))
    except (ValueError, KeyError):
        return ()


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
