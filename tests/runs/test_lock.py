"""The lock, with real processes."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest

from tests.runs.processes import lock_holder, until
from tui_trainer.runs.lock import Lock, LockHeld, LockLost, LockState, look


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lock"


def test_others_see_who_holds_it_and_may_not_take_it(path: Path) -> None:
    with lock_holder(path) as holder:
        state = look(path)
        assert state.pid == holder.pid
        assert state.held
        assert state.age_seconds < 60
        assert state.taken is not None
        with pytest.raises(LockHeld, match=f"process {holder.pid}"):
            Lock(path).take()
        assert look(path).pid == holder.pid


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_it_is_free_as_soon_as_its_holder_is_gone(path: Path, end: signal.Signals) -> None:
    with lock_holder(path) as holder:
        holder.send_signal(end)
        holder.wait()
        state = look(path)
        assert not state.held
        assert state.taken is not None
        lock = Lock(path)
        lock.take()
        lock.release()


@pytest.mark.parametrize("how", ["removed", "replaced", "its folder removed"])
def test_its_holder_learns_that_others_cannot_see_it(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    lock = Lock(folder / "lock")
    lock.take()
    lock.touch()
    (folder / "lock").unlink()
    if how == "replaced":
        (folder / "lock").touch()
    elif how == "its folder removed":
        folder.rmdir()
    with pytest.raises(LockLost):
        lock.touch()
    lock.release()


def test_looking_from_the_holders_own_process_does_not_drop_it(path: Path) -> None:
    lock = Lock(path)
    lock.take()
    assert look(path).pid == os.getpid()
    with pytest.raises(LockHeld):
        Lock(path).take()
    # A record lock is not inherited: a forked process is another one, and must see it held.
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writes, str(look(path).pid).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert int(os.read(reads, 20)) == os.getpid()
    lock.release()
    assert not look(path).held


def test_touching_makes_it_young(path: Path) -> None:
    lock = Lock(path)
    lock.take()
    os.utime(path, (0, 0))
    assert look(path).age_seconds > 1e6
    lock.touch()
    assert look(path).age_seconds < 60
    lock.release()


def test_what_is_no_lock_is_held_by_nobody(path: Path, tmp_path: Path) -> None:
    assert look(path) == LockState()
    path.symlink_to(tmp_path / "elsewhere")
    assert look(path) == LockState()
    path.unlink()
    os.mkfifo(path)
    assert look(path) == LockState()


def test_a_lock_with_other_content_is_still_one(path: Path) -> None:
    path.write_bytes(b"\xff nonsense")
    state = look(path)
    assert not state.held
    assert state.taken is None


def test_looking_takes_nothing(path: Path) -> None:
    path.touch()
    with lock_holder(path) as holder:
        for _ in range(100):
            look(path)
        assert look(path).pid == holder.pid
    until(lambda: not look(path).held)


def test_only_its_owner_may_read_it(path: Path) -> None:
    lock = Lock(path)
    lock.take()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lock.release()
