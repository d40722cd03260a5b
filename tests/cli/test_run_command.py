"""`run` and `resume`: real workers, real signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.cli.conftest import TUI_TRAINER, Call
from tui_trainer.experiment.parse import parse
from tui_trainer.runs import view as views
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.store import Store

FIGURES = {"loss", "accuracy", "macro_f1"}
ENDLESS = ("--set", "training.epochs=100000")


def _only_run(store: Store) -> RunFolder:
    (folder,) = store.folders()
    return folder


def _until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def test_a_run_ends_with_what_is_found_and_what_comes_next(call_program: Call, store: Store) -> None:
    settings = ("--set", "training.epochs=3", "--set", "optimizer={kind: sgd, lr: 100}")
    result = call_program("run", "digits-mlp", *settings)
    *_, found, cure, following = result.out.splitlines()
    assert found.startswith("found       ")
    assert " --set " in cure
    assert following == f"next        tui-trainer show {_only_run(store).id}"


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """`start("digits-mlp", …)` runs it in the background, until its first evaluation is written."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*TUI_TRAINER, "run", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        assert process.stdout
        lines = iter(process.stdout.readline, "")
        assert any(line.startswith("epoch 0 ") for line in lines), process.stderr and process.stderr.read()
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_run_to_its_end(call_program: Call, store: Store) -> None:
    result = call_program("run", "digits-mlp", "--set", "training.epochs=2", "--set", "training.pace=1", "--json")
    assert (result.code, result.err) == (0, "")
    first, *evaluations, last = result.out.splitlines()
    folder = _only_run(store)
    assert first == f"run {folder.id}"
    assert [line.split()[1] for line in evaluations] == ["0", "1", "2"]
    results: dict[str, Any] = json.loads(last)
    assert results["run"] == folder.id
    assert results["state"] == "finished"
    assert results["reason"] == "epochs"
    assert results["epochs"] == 2
    assert results["steps"] == 90
    assert results["parameters"] == 64 * 100 + 100 + 100 * 100 + 100 + 100 * 10 + 10
    assert results["device"] == "cpu"
    assert results["seconds"] > 0
    assert results["steps_per_second"] > 0
    assert set(results["train"]) == set(results["validation"]) == FIGURES
    assert set(results["best"]) == {"epoch"} | FIGURES
    assert 0.5 < results["validation"]["accuracy"] <= 1
    assert folder.experiment().training.pace == "full"
    assert f"{results['validation']['accuracy']:.4f}" in evaluations[-1]


def test_a_run_that_diverges_fails(call_program: Call, store: Store) -> None:
    result = call_program("run", "digits-mlp", "--set", "optimizer.lr=1000", "--set", "training.epochs=3")
    assert result.code == 1
    assert "failed" in result.out
    assert "diverged: the loss became NaN at step " in result.err
    assert "layer" in result.err
    assert "worker.log" not in result.err
    assert "Traceback" not in _only_run(store).log_file.read_text()
    assert "Traceback" not in result.out + result.err


def test_what_only_the_worker_finds_is_bad_input_too(call_program: Call, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(f"name: mine\ndata:\n  kind: mnist\n  folder: {tmp_path}\n")
    result = call_program("run", str(file))
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"{file}:4: data.folder: ")
    assert not store.folders()


def test_everything_that_is_wrong_is_said_at_once(call_program: Call, store: Store) -> None:
    wrong = ("optimizer.lr=-1", "modle.hidden=3", "training.epochs=few", "seed", "regularization.l2=[1]")
    result = call_program("run", "digits-mlp", *(argument for text in wrong for argument in ("--set", text)))
    assert (result.code, result.out) == (2, "")
    assert len(result.err.splitlines()) == len(wrong)
    assert all(line.startswith("--set: ") for line in result.err.splitlines())
    assert not store.folders()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_cleanly_and_keeps_the_run(
    number: signal.Signals, start: Callable[..., subprocess.Popen[str]], store: Store, call_program: Call
) -> None:
    process = start("digits-mlp", *ENDLESS, "--json")
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    folder = _only_run(store)
    results = json.loads(out.splitlines()[-1])
    assert (results["state"], results["run"]) == ("interrupted", folder.id)
    assert views.read(folder).state == "interrupted"
    assert [path for path in folder.checkpoints.iterdir() if path.name.isdigit()]


def test_an_interrupted_run_goes_on(start: Callable[..., subprocess.Popen[str]], store: Store, call: Call) -> None:
    process = start("digits-mlp", "--set", "training.epochs=150")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    folder = _only_run(store)
    before = views.read(folder)
    assert before.state == "interrupted"
    result = call("resume", folder.id[:-2], "--json")
    assert result.code == 0
    results = json.loads(result.out.splitlines()[-1])
    assert results["epochs"] == 150
    assert results["steps"] == 150 * 45


def test_a_finished_run_is_extended(call: Call, store: Store) -> None:
    assert call("run", "digits-mlp", "--set", "training.epochs=1").code == 0
    folder = _only_run(store)
    result = call("resume", folder.id, "--epochs", "2", "--json")
    assert result.code == 0
    assert json.loads(result.out.splitlines()[-1])["epochs"] == 3


def test_a_pace_is_not_kept_to(call: Call, store: Store) -> None:
    paced = parse({"data": "moons", "training": {"epochs": 40, "pace": 1}})
    folder = store.create(paced)
    os.utime(folder.lock_file, (0, 0))  # nobody took it up
    result = call("resume", folder.id, "--json")
    assert result.code == 0
    results = json.loads(result.out.splitlines()[-1])
    assert results["steps"] == 40 * 13  # more than eight minutes at its pace
    present = views.read(folder).present
    assert present
    assert present.training.pace == "full"


def test_a_worker_that_is_killed_is_a_failure(start: Callable[..., subprocess.Popen[str]], store: Store) -> None:
    process = start("digits-mlp", *ENDLESS)
    folder = _only_run(store)
    worker = folder.lock_state().pid
    assert worker
    os.kill(worker, signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "died" in out
    assert str(folder.log_file) in err


def test_a_second_ctrl_c_kills_a_worker_that_does_not_listen(
    start: Callable[..., subprocess.Popen[str]], store: Store
) -> None:
    process = start("digits-mlp", *ENDLESS)
    worker = _only_run(store).lock_state().pid
    assert worker
    os.kill(worker, signal.SIGSTOP)
    process.send_signal(signal.SIGINT)
    assert process.stderr
    assert any("Ctrl-C again" in line for line in iter(process.stderr.readline, ""))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert views.read(_only_run(store)).state == "died"


def test_ctrl_c_before_training_begins_leaves_nothing(
    call: Call, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow:
        def __enter__(self) -> Slow:
            return self

        def __exit__(self, *raised: object) -> None:
            pass

        def describe(self, mapping: object) -> None:
            os.kill(os.getpid(), signal.SIGINT)
            threading.Event().wait(60)

    monkeypatch.setattr("tui_trainer.cli.run.Worker", Slow)
    result = call("run", "digits-mlp")
    assert (result.code, result.out) == (130, "")
    assert not store.folders()


def test_a_closed_pipe_ends_the_run_quietly(start: Callable[..., subprocess.Popen[str]], store: Store) -> None:
    process = start("digits-mlp", *ENDLESS, "--set", "training.evaluate_every=1")
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(timeout=60) == 1
    _until(lambda: views.read(_only_run(store)).state == "interrupted")


def test_a_detached_run_outlives_the_command_and_can_be_stopped(call_program: Call, store: Store) -> None:
    result = call_program("run", "digits-mlp", *ENDLESS, "--detach")
    folder = _only_run(store)
    assert (result.code, result.out) == (0, f"run {folder.id}\n")
    _until(lambda: views.read(folder).step > 0)
    assert call_program("runs", "--json").out.count('"running"') == 1
    stopped = call_program("stop", folder.id)
    assert (stopped.code, views.read(folder).state) == (0, "stopped"), stopped.err


def test_someone_else_stops_the_run(
    start: Callable[..., subprocess.Popen[str]], store: Store, call_program: Call
) -> None:
    process = start("digits-mlp", *ENDLESS)
    assert call_program("stop", _only_run(store).id).code == 0
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopped" in out


def test_a_terminal_shows_one_line_that_moves(store: Store) -> None:
    environment = os.environ | {"TERM": "xterm", "LC_ALL": "C.UTF-8"}
    arguments = ["-m", "tui_trainer", "run", "digits-mlp", "--set", "training.epochs=40"]
    terminal = pexpect.spawn(TUI_TRAINER[0], arguments, env=environment, dimensions=(24, 100), encoding="utf-8")
    terminal.expect(pexpect.EOF, timeout=120)
    terminal.close()
    assert terminal.exitstatus == 0
    assert terminal.before
    bar = [part.removesuffix("\x1b[K") for part in terminal.before.split("\r") if "epoch " in part and "%" in part]
    assert bar[-1].rstrip("\n").startswith("epoch 40/40  ━")
    assert "100%" in bar[-1]
    assert max(map(len, bar)) < 100
    assert "\nepoch" not in terminal.before
    assert "finished: all epochs, after 40 epochs" in terminal.before


def test_a_terminal_without_unicode_or_abilities(store: Store) -> None:
    environment = os.environ | {"TERM": "dumb", "LC_ALL": "C"}
    arguments = ["-m", "tui_trainer", "run", "digits-mlp", "--set", "training.epochs=1"]
    terminal = pexpect.spawn(TUI_TRAINER[0], arguments, env=environment, encoding="utf-8")
    terminal.expect(pexpect.EOF, timeout=120)
    terminal.close()
    assert terminal.before
    assert terminal.before.isascii()
    assert "\x1b" not in terminal.before
    assert "\nepoch 1 " in terminal.before


def test_a_run_is_scored_on_the_samples_that_were_set_aside(call: Call) -> None:
    call("run", "xor-mlp", "--set", "data.test_share=0.2", "--set", "training.epochs=2")
    result = call("test", "latest")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("test        loss ")
    assert "(200 samples" in result.out
    assert "\ntest  " in call("show", "latest").out
