"""The state of a run, seen from outside: from its log, its lock and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tui_trainer.runs.lock import LockState

State = Literal["starting", "running", "paused", "finished", "stopped", "interrupted", "failed", "died", "stalled"]
ALIVE: frozenset[State] = frozenset({"starting", "running", "paused", "stalled"})

STALLED_AFTER = 10.0
"""Seconds without a sign of life after which a worker that holds its lock is stalled."""
START_WITHIN = 60.0
"""Seconds that a worker may take to come up (importing torch on a cold disk) before the run counts as died."""
REMOTE_WITHIN = 60.0
"""Seconds after which a worker on another host, whose lock may not be seen from here, counts as died."""


@dataclass(frozen=True)
class Told:
    """What a run's log says about its state."""

    started: bool = False
    paused: bool = False
    ending: State | None = None  # the type of its last event, if that is an ending
    elsewhere: bool = False  # its worker is, or was, on another host
    last_time: float = 0.0  # of the last event, in unix seconds
    pid: int | None = None  # of its last worker that began to train


def judge(told: Told, lock: LockState) -> State:
    """The state of a run."""
    if lock.held:
        # Until a worker that takes up an old log has written to it, the log tells of its predecessor.
        silent = not told.started and not told.ending
        # Where the clock has been set back, that is told by the process.
        behind = silent or (lock.taken is not None and lock.taken > told.last_time and lock.pid != told.pid)
        if told.ending and not behind:
            return told.ending
        if lock.age_seconds > STALLED_AFTER:
            return "stalled"
        return "starting" if behind else _present(told)
    if told.ending:
        return told.ending
    if not told.started and lock.taken is None and lock.age_seconds <= START_WITHIN:
        return "starting"
    if told.started and told.elsewhere and lock.age_seconds <= REMOTE_WITHIN:
        return _present(told)
    return "died"


def may_live(lock: LockState) -> bool:
    """Whether a run may be alive, whatever its log says: for those that look at many."""
    return lock.held or lock.age_seconds <= max(START_WITHIN, REMOTE_WITHIN)


def explain(state: State, told: Told, lock: LockState) -> str:
    """Why a run is in a state that its log does not explain; empty for the others."""
    if state == "stalled":
        return f"its worker has given no sign of life for {STALLED_AFTER:.0f} seconds"
    if state != "died":
        return ""
    if told.started:
        return "its worker ended without saying why"
    return "no worker ever took it up" if lock.taken is None else "its worker was gone before training began"


def _present(told: Told) -> State:
    return "paused" if told.paused else "running"
