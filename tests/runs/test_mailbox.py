"""Commands to a run's worker."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from tests.recorded import Recording, running
from tests.runs.processes import lock_holder
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.mailbox import MailboxReader, NoWorker, kill, send
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import read


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return Store(tmp_path).create(Experiment())


def test_commands_arrive_in_their_order_with_ids_and_offsets(folder: RunFolder) -> None:
    with lock_holder(folder.lock_file):
        first = send(folder, "pause")
        second = send(folder, "set", path="optimizer.lr", value=0.01)
    reader = MailboxReader(folder.mailbox_file)
    (one, middle), (two, end) = reader.read_new()
    assert one == {"id": first, "command": "pause"}
    assert two == {"id": second, "command": "set", "path": "optimizer.lr", "value": 0.01}
    assert end == folder.mailbox_file.stat().st_size
    assert reader.read_new() == []
    assert MailboxReader(folder.mailbox_file, middle).read_new() == [(two, end)]
    assert first != second


def test_a_run_without_a_worker_takes_no_command(folder: RunFolder) -> None:
    with pytest.raises(NoWorker):
        send(folder, "stop")
    assert not folder.mailbox_file.exists()
    with lock_holder(folder.lock_file) as worker:
        send(folder, "stop")
        worker.kill()
        worker.wait()
        with pytest.raises(NoWorker):
            send(folder, "stop")
    assert len(MailboxReader(folder.mailbox_file).read_new()) == 1


def test_a_command_must_be_one(folder: RunFolder) -> None:
    with pytest.raises(ValueError, match="no command"):
        send(folder, "explode")


def test_what_is_no_command_is_left_out(folder: RunFolder) -> None:
    folder.mailbox_file.write_text(
        '{"command":"stop"}\n{"id":5,"command":"stop"}\nnonsense\n{"id":"a","command":"fly"}\n'
        + json.dumps({"id": "b" * 100_000, "command": "stop"})
        + "\n"
        + json.dumps({"id": "c", "command": "set", "path": "d" * 100_000})
        + "\n"
    )
    assert [command for command, _ in MailboxReader(folder.mailbox_file).read_new()] == [{"id": "a", "command": "fly"}]


def test_two_may_command_one_run(tmp_path: Path) -> None:
    recording = running(Store(tmp_path))
    assert recording.folder
    here, there = RunFolder(recording.folder.path), RunFolder(recording.folder.path)
    one, two = send(here, "pause"), send(there, "set", path="optimizer.lr", value=0.5)
    assert recording.obey() == ["pause", "set"]
    view = read(there)
    assert view.acknowledged == {one, two}
    assert view.state == "paused"
    assert view.present
    assert view.present.optimizer.lr == 0.5
    recording.release_lock()


def test_a_worker_that_does_not_listen_can_be_killed(folder: RunFolder) -> None:
    with lock_holder(folder.lock_file) as worker:
        assert kill(folder) == worker.pid
        assert worker.wait() == -signal.SIGKILL
    with pytest.raises(NoWorker):
        kill(folder)
    assert read(folder).state == "died"


def test_nobody_kills_itself(tmp_path: Path) -> None:
    recording: Recording = running(Store(tmp_path))
    assert recording.folder
    with pytest.raises(NoWorker):
        kill(recording.folder)
    recording.release_lock()
