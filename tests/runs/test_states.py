"""The state of a run from its log, its lock and the clock."""

from __future__ import annotations

import pytest

from tui_trainer.runs.lock import LockState
from tui_trainer.runs.states import State, Told, explain, judge

NOTHING = Told()
RUNNING = Told(started=True, last_time=100.0)
PAUSED = Told(started=True, paused=True, last_time=100.0)
FINISHED = Told(started=True, ending="finished", last_time=100.0)
FAILED_EARLY = Told(ending="failed", last_time=100.0)
ELSEWHERE = Told(started=True, elsewhere=True, last_time=100.0)

NO_LOCK = LockState()
CREATED = LockState(None, age_seconds=5.0)
CREATED_LONG_AGO = LockState(None, age_seconds=300.0)
DROPPED = LockState(None, age_seconds=5.0, taken=50.0)
DROPPED_LONG_AGO = LockState(None, age_seconds=300.0, taken=50.0)
HELD = LockState(7, age_seconds=1.0, taken=50.0)
HELD_SILENTLY = LockState(7, age_seconds=30.0, taken=50.0)
HELD_ANEW = LockState(8, age_seconds=1.0, taken=200.0)
RUNNING_IN_THE_PAST = Told(started=True, last_time=100.0, pid=8)
HELD_UNSEEN = LockState(0, age_seconds=1.0, taken=50.0)


@pytest.mark.parametrize(
    ("told", "lock", "state"),
    [
        (NOTHING, CREATED, "starting"),
        (NOTHING, CREATED_LONG_AGO, "died"),  # no worker ever came
        (NOTHING, NO_LOCK, "died"),
        (NOTHING, HELD, "starting"),
        (NOTHING, HELD_SILENTLY, "stalled"),
        (NOTHING, DROPPED, "died"),  # a worker came and went without a word
        (RUNNING, HELD, "running"),
        (RUNNING, HELD_UNSEEN, "running"),
        (RUNNING, HELD_SILENTLY, "stalled"),
        (RUNNING, DROPPED, "died"),
        (RUNNING, NO_LOCK, "died"),
        (RUNNING, HELD_ANEW, "starting"),  # a second worker has not written yet
        (RUNNING_IN_THE_PAST, HELD_ANEW, "running"),  # the clock was set back after the lock was taken
        (PAUSED, HELD, "paused"),
        (PAUSED, HELD_SILENTLY, "stalled"),
        (PAUSED, DROPPED, "died"),
        (FINISHED, DROPPED, "finished"),
        (FINISHED, NO_LOCK, "finished"),
        (FINISHED, HELD, "finished"),  # its worker is about to end
        (FINISHED, HELD_SILENTLY, "finished"),
        (FINISHED, HELD_ANEW, "starting"),  # it is being extended
        (FAILED_EARLY, HELD, "failed"),
        (FAILED_EARLY, DROPPED, "failed"),
        (ELSEWHERE, HELD, "running"),
        (ELSEWHERE, DROPPED, "running"),  # its lock may not be visible from here
        (ELSEWHERE, DROPPED_LONG_AGO, "died"),
    ],
)
def test_state(told: Told, lock: LockState, state: State) -> None:
    assert judge(told, lock) == state


def test_died_says_how_far_it_came() -> None:
    assert "no worker ever" in explain("died", NOTHING, CREATED_LONG_AGO)
    assert "before training began" in explain("died", NOTHING, DROPPED)
    assert "without saying why" in explain("died", RUNNING, DROPPED)
    assert "no sign of life" in explain("stalled", RUNNING, HELD_SILENTLY)
    assert explain("running", RUNNING, HELD) == ""
