"""The worker as a real process: its talk, its signals, its parent, its mailbox, its end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.engine.laboratory import SMALL, create, events, figures, small, train
from tests.runs.processes import until
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.mailbox import send
from tui_trainer.runs.view import read
from tui_trainer.runs.workers import COMMAND, Worker

ENDLESS = {"epochs": 1_000_000, "evaluate_every": 1000}


@pytest.fixture
def pids() -> Iterator[list[int]]:
    """Processes to end with the test."""
    started: list[int] = []
    yield started
    for pid in started:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def begin(experiment: Experiment, pids: list[int], **options: Any) -> RunFolder:
    folder = create(experiment)
    pids.append(Worker().run(folder, **options))
    return folder


def is_state(folder: RunFolder, *states: str) -> bool:
    return read(folder).state in states


def answered(folder: RunFolder, *commands: str) -> bool:
    return set(commands) <= read(folder).acknowledged


def past_step(folder: RunFolder, step: int) -> bool:
    return read(folder).step >= step


def test_talk() -> None:
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    assert json.loads(process.stdout.readline())["ready"] is True

    def ask(question: object) -> dict[str, Any]:
        process.stdin.write((question if isinstance(question, str) else json.dumps(question)) + "\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
        return json.loads(process.stdout.readline())  # type: ignore[union-attr, no-any-return]

    answer = ask({"id": 7, "describe": SMALL})
    assert (answer["id"], answer["description"]["parameters"]) == (7, 92)
    answer = ask({"id": 8, "describe": {"optimizer": {"lr": "quick"}}})
    assert (answer["id"], answer["errors"][0]["path"]) == (8, "optimizer.lr")
    assert "what to describe" in ask({"id": 9})["errors"][0]["message"]
    assert "what to describe" in ask("no JSON")["errors"][0]["message"]
    assert "cannot be read" in ask({"id": 10, "run": "/nowhere/at/all"})["errors"][0]["message"]
    finished = train(small(training={"epochs": 1}))
    assert "is finished" in ask({"id": 11, "run": str(finished.path)})["errors"][0]["message"]
    too_far = ask({"id": 13, "run": str(finished.path), "extend": 10_000_000})
    assert "training.epochs: 10000001 does not fit" in too_far["errors"][0]["message"]
    finished.events_file.rename(finished.path / "moved")
    finished.events_file.symlink_to(finished.path / "moved")
    assert "symbolic links" in ask({"id": 14, "run": str(finished.path)})["errors"][0]["message"]
    assert ask({"id": 12, "describe": SMALL})["description"]["parameters"] == 92
    process.stdin.close()
    assert process.wait(60) == 0


def test_equal_experiments_have_equal_figures_in_any_process(pids: list[int]) -> None:
    experiment = small(regularization={"dropout": 0.3, "batch_norm": True}, training={"epochs": 40})
    folders = [begin(experiment, pids) for _ in range(2)]
    for folder in folders:
        until(lambda folder=folder: is_state(folder, "finished"))  # type: ignore[misc]
    assert figures(folders[0]) == figures(folders[1]) == figures(train(experiment))


def test_a_killed_worker_shows_as_died_and_the_run_goes_on_from_its_checkpoint(pids: list[int]) -> None:
    # The pace keeps it from being finished before it is killed, on a machine on which that takes its time.
    plan = {"epochs": 1000, "evaluate_every": 100, "pace": 1000.0}
    folder = begin(small(training=plan), pids)
    until(lambda: bool(read(folder).checkpoints) and past_step(folder, 1000))
    os.kill(pids[0], signal.SIGKILL)
    until(lambda: is_state(folder, "died"))
    view = read(folder)
    assert view.step >= 1000
    assert view.damaged_lines == 0
    assert view.last
    pids.append(Worker().run(folder))
    until(lambda: is_state(folder, "running"))
    send(folder, "set", path="training.pace", value="full")
    until(lambda: is_state(folder, "finished"))
    from_step = events(folder, "resumed")[0]["from_step"]
    assert from_step % (100 * 7) == 0
    assert from_step > 0
    assert read(folder).step == 7_000


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_interrupts_with_a_checkpoint(number: signal.Signals, pids: list[int]) -> None:
    folder = begin(small(training=ENDLESS), pids)
    until(lambda: past_step(folder, 100))
    os.kill(pids[0], number)
    until(lambda: is_state(folder, "interrupted"))
    view = read(folder)
    assert view.reason == "interrupted"
    assert (folder.checkpoints / str(view.step) / "manifest.json").exists()


def test_two_people_may_command_one_run_and_both_see_what_happened(pids: list[int]) -> None:
    folder = begin(small(training={**ENDLESS, "pace": 200.0}), pids)
    until(lambda: past_step(folder, 5))
    mine = send(folder, "set", path="optimizer.lr", value=0.02)
    other = RunFolder(folder.path)  # as another dashboard sees it
    theirs = send(other, "set", path="regularization.l2.strength", value=0.5)
    wrong = send(other, "set", path="optimizer.lr", value="quick")
    until(lambda: answered(folder, mine, theirs, wrong) and answered(other, mine, theirs, wrong))
    view = read(folder)
    assert [(change.path, change.new) for change in view.changes] == [
        ("optimizer.lr", 0.02),
        ("regularization.l2.strength", 0.5),
    ]
    assert "does not fit" in view.refusals[wrong]
    pause = send(folder, "pause")
    until(lambda: answered(other, pause))
    assert read(other).state == "paused"
    before = read(folder).step
    step = send(other, "step")
    until(lambda: answered(folder, step))
    assert (read(folder).step, read(folder).state) == (before + 1, "paused")
    epoch = send(folder, "epoch")
    until(lambda: answered(other, epoch) and is_state(other, "paused"))
    assert read(folder).epoch == int(read(folder).epoch)
    more = send(folder, "extend", epochs=5)
    faster = send(folder, "set", path="training.pace", value="full")
    until(lambda: answered(folder, more, faster))
    assert read(folder).planned_epochs == ENDLESS["epochs"] + 5
    send(other, "resume")
    until(lambda: past_step(other, before + 500))
    stop = send(folder, "stop")
    until(lambda: is_state(other, "stopped"))
    assert answered(folder, stop)
    assert events(folder)[-1]["type"] == "stopped"


def test_a_run_has_one_worker_and_another_does_not_obey_what_was_meant_for_the_first(pids: list[int]) -> None:
    folder = begin(small(training={**ENDLESS, "pace": 100.0}), pids)
    until(lambda: past_step(folder, 1))
    with pytest.raises(ExperimentError, match=f"has a worker already .process {pids[0]}."):
        Worker().run(folder)
    os.kill(pids[0], signal.SIGSTOP)
    stops = [send(folder, "stop"), send(folder, "stop")]
    os.kill(pids[0], signal.SIGCONT)
    until(lambda: is_state(folder, "stopped"))
    stopped_at = read(folder).step
    pids.append(Worker().run(folder))
    until(lambda: is_state(folder, "running") and past_step(folder, stopped_at + 3))
    assert answered(folder, stops[0])
    assert not answered(folder, stops[1])


_PARENT = """
import sys
from pathlib import Path
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.workers import Worker
print(Worker().run(RunFolder(Path(sys.argv[1])), detached=sys.argv[2] == "detached"), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("how", ["attached", "detached", "detached later"])
def test_a_run_outlives_its_parent_only_if_it_was_told_to(how: str, pids: list[int]) -> None:
    folder = create(small(training=ENDLESS))
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(folder.path), how], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdout
    pids.append(int(parent.stdout.readline()))
    until(lambda: past_step(folder, 10))
    if how == "detached later":
        detach = send(folder, "detach")
        until(lambda: answered(folder, detach))
    parent.kill()
    parent.wait()
    if how == "attached":
        until(lambda: is_state(folder, "interrupted"))
        assert read(folder).reason == "the program that started it is gone"
    else:
        step = read(folder).step
        until(lambda: past_step(folder, step + 2000))
        os.kill(pids[0], signal.SIGHUP)  # what the end of a session sends
        until(lambda: past_step(folder, step + 4000))
        assert is_state(folder, "running")


def test_a_worker_whose_run_was_deleted_ends(pids: list[int]) -> None:
    folder = begin(small(training=ENDLESS), pids)
    until(lambda: past_step(folder, 10))
    shutil.rmtree(folder.path)
    until(lambda: not alive(pids[0]))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_crash_leaves_its_last_words(pids: list[int]) -> None:
    folder = begin(small(training=ENDLESS), pids)
    until(lambda: past_step(folder, 10))
    os.kill(pids[0], signal.SIGSEGV)
    until(lambda: is_state(folder, "died"))
    assert "Segmentation fault" in folder.log_file.read_text()


def test_what_fails_says_so_and_keeps_its_traceback_in_the_log(pids: list[int]) -> None:
    folder = create(small(data={"train_samples": 1000}))
    pids.append(Worker().run(folder))
    until(lambda: is_state(folder, "failed"))
    assert "1,000 of 100 training samples" in read(folder).reason
    assert "Traceback" in folder.log_file.read_text()
    assert "Traceback" not in folder.events_file.read_text()
