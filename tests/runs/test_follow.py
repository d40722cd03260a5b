"""Following a run from a thread."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import recorded
from tests.recorded import Recording
from tests.runs.processes import lock_holder, until
from tui_trainer.runs.events import EventWriter
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.follow import Follower
from tui_trainer.runs.lines import LineReader
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import RunReader, RunView

INTERVAL = 0.01


class Screen:
    """Keeps the views that a follower hands out."""

    def __init__(self, folder: RunFolder) -> None:
        self.views: list[RunView] = []
        self.follower = Follower(folder, self.views.append, INTERVAL)

    def waits_for(self, state: str, step: int | None = None) -> RunView:
        until(lambda: bool(self.views) and self.views[-1].state == state and step in (None, self.views[-1].step))
        return self.views[-1]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def recording(store: Store) -> Iterator[Recording]:
    made = recorded.running(store, epochs=2)
    yield made
    made.release_lock()


def folder_of(recording: Recording) -> RunFolder:
    assert recording.folder
    return recording.folder


def test_it_sees_what_is_there_and_what_comes(recording: Recording) -> None:
    screen = Screen(folder_of(recording))
    screen.waits_for("running", step=20)
    recording.train(1)
    assert len(screen.waits_for("running", step=30).evaluations) == 3
    recording.pause()
    screen.waits_for("paused")
    recording.resume().train().end().release_lock()
    assert screen.waits_for("finished").progress == 1.0
    screen.follower.stop()
    screen.follower.join(20)


def test_a_worker_that_is_killed_shows_as_died(store: Store) -> None:
    folder = Recording(store, start_time=4e9).train(1).folder
    assert folder
    with lock_holder(folder.lock_file) as worker:
        screen = Screen(folder)
        screen.waits_for("running")
        worker.kill()
        view = screen.waits_for("died")
    assert view.reason == "its worker ended without saying why"
    assert len(view.evaluations) == 1
    screen.follower.stop()


def test_silence_shows_as_stalled_without_any_event(recording: Recording) -> None:
    screen = Screen(folder_of(recording))
    screen.waits_for("running")
    os.utime(folder_of(recording).lock_file, (0, 0))
    screen.waits_for("stalled")
    os.utime(folder_of(recording).lock_file)
    screen.waits_for("running")
    screen.follower.stop()


def test_two_dashboards_see_the_same(recording: Recording) -> None:
    one, two = Screen(folder_of(recording)), Screen(folder_of(recording))
    recording.train(1)
    assert one.waits_for("running", step=30) == two.waits_for("running", step=30)
    recording.change("optimizer.lr", 0.01)
    recording.end("stopped", "by a person").release_lock()
    assert one.waits_for("stopped") == two.waits_for("stopped")
    one.follower.stop()
    two.follower.stop()


def test_where_nothing_happens_nothing_is_read_and_nothing_said(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = RunReader(folder_of(recording))
    assert reader.read_new()
    monkeypatch.setattr(LineReader, "_read", lambda *given: pytest.fail("the log was read again"))
    assert not any(reader.read_new() for _ in range(10))


def test_a_stopped_follower_says_nothing_more(recording: Recording) -> None:
    screen = Screen(folder_of(recording))
    screen.waits_for("running")
    screen.follower.stop()
    screen.follower.join(20)
    seen = len(screen.views)
    recording.train(1)
    assert len(screen.views) == seen


def test_it_keeps_no_program_alive(recording: Recording) -> None:
    before = {thread for thread in threading.enumerate() if not thread.daemon}
    screen = Screen(folder_of(recording))
    assert {thread for thread in threading.enumerate() if not thread.daemon} == before
    screen.follower.stop()


def test_stopping_from_inside_the_callback(recording: Recording) -> None:
    follower: list[Follower] = []
    called = threading.Event()

    def on_view(view: RunView) -> None:
        until(lambda: bool(follower))
        follower[0].stop()
        called.set()

    follower.append(Follower(folder_of(recording), on_view, INTERVAL))
    follower[0].join(20)
    assert called.is_set()


def test_a_disk_that_fails_for_a_moment_ends_nothing(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    read = os.pread
    failing = [True] * 3

    def fail(descriptor: int, count: int, offset: int) -> bytes:
        if count > 1000 and failing:
            failing.pop()
            raise OSError(errno.EIO, "Input/output error")
        return read(descriptor, count, offset)

    monkeypatch.setattr(os, "pread", fail)
    screen = Screen(folder_of(recording))
    screen.waits_for("running", step=20)
    assert not failing
    screen.follower.stop()


def test_a_folder_that_vanishes_shows_as_died(recording: Recording, tmp_path: Path) -> None:
    screen = Screen(folder_of(recording))
    screen.waits_for("running")
    folder_of(recording).path.rename(tmp_path / "elsewhere")
    screen.waits_for("died")
    screen.follower.stop()


def test_a_newer_log_is_refused_with_a_word(store: Store) -> None:
    folder = recorded.died(store).folder
    assert folder
    with folder.events_file.open("a") as log:
        log.write('{"v":7,"type":"started","time":1}\n')
    screen = Screen(folder)
    assert "version 7, newer than this program knows" in screen.waits_for("failed").problem
    screen.follower.stop()


def test_torn_lines_are_counted_and_the_rest_is_seen(recording: Recording) -> None:
    screen = Screen(folder_of(recording))
    screen.waits_for("running", step=20)
    with folder_of(recording).events_file.open("a") as log:
        log.write('{"v":1,"type":"tra')
    EventWriter(folder_of(recording).events_file).write("paused", step=21, epoch=2.1)
    assert screen.waits_for("paused").damaged_lines == 1
    screen.follower.stop()


def test_the_experiment_is_known_before_the_worker_has_said_it(store: Store) -> None:
    folder = store.create(Recording(experiment={"name": "soon", "optimizer": "adam"}).experiment)
    reader = RunReader(folder)
    assert reader.read_new()
    view = reader.view()
    assert (view.state, view.name) == ("starting", "soon")
    assert view.present
    assert view.present.optimizer.kind == "adam"


def test_the_run_remembers_what_a_person_set_and_what_was_default(store: Store) -> None:
    recording = Recording(store, {"optimizer": "adam"})
    reader = RunReader(folder_of(recording))
    reader.read_new()
    present = reader.view().present
    assert present
    assert "lr" not in present.optimizer.model_fields_set
