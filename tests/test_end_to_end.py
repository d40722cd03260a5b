"""The whole program in a pseudo-terminal: start, press keys, read the screen, train for real, quit."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ui.pseudo_terminal import PseudoTerminal
from tui_trainer.runs.store import Store

COMMAND = [sys.executable, "-m", "tui_trainer"]
ENDLESS = ("digits-mlp", "--set", "training.epochs=1000000", "--set", "training.pace=200")

Open = Callable[..., PseudoTerminal]


@pytest.fixture
def open_dashboard(home: Path) -> Iterator[Open]:
    """Opens the program in a terminal; whatever it started is ended after the test."""
    opened: list[PseudoTerminal] = []

    def open_one(*arguments: str, columns: int = 120, rows: int = 36) -> PseudoTerminal:
        opened.append(PseudoTerminal([*COMMAND, *arguments], columns=columns, rows=rows, TUI_TRAINER_HOME=str(home)))
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.close()
    for folder in Store(home).folders():
        if pid := folder.lock_state().pid:
            subprocess.run(["kill", "-9", str(pid)], check=False)


def shown(terminal: PseudoTerminal) -> str:
    return "\n".join(terminal.screen.display)


def until_shown(terminal: PseudoTerminal, *texts: str) -> None:
    terminal.until(lambda: all(text in shown(terminal) for text in texts), f"{texts} on the screen")


def runs() -> list[dict[str, Any]]:
    done = subprocess.run([*COMMAND, "runs", "--json"], capture_output=True, text=True, check=True)
    listed: list[dict[str, Any]] = json.loads(done.stdout)
    return listed


def ended_well(terminal: PseudoTerminal) -> bool:
    """Whether the program ended with 0; says what it printed last if it did not."""
    status = terminal.wait()
    assert status == 0, bytes(terminal.output[-3000:]).decode(errors="replace")
    return True


def experiments(home: Path) -> list[str]:
    return [folder.experiment_file.read_text() for folder in Store(home).folders()]


def test_choose_train_watch(open_dashboard: Open, home: Path) -> None:
    terminal = open_dashboard("digits-mlp", "--set", "training.pace=full")
    until_shown(terminal, "1 Data", "digits", "relu")
    terminal.type(b" ")
    until_shown(terminal, "finished", "30/30")
    terminal.type(b"3")
    terminal.type(b"\x1b[C")
    until_shown(terminal, "leaky_relu")
    terminal.type(b" ")
    terminal.until(lambda: len(experiments(home)) == 2, "a second run")
    terminal.until(lambda: all(run["state"] == "finished" for run in runs()), "both runs finished")
    until_shown(terminal, "before")
    terminal.type(b"q")
    assert ended_well(terminal)
    assert len(runs()) == 2
    assert sum("leaky_relu" in text for text in experiments(home)) == 1
    assert terminal.modes[1049] is False


def test_a_run_that_is_told_to_go_on_outlives_the_dashboard_and_is_found_again(
    open_dashboard: Open, home: Path
) -> None:
    terminal = open_dashboard(*ENDLESS, "--start")
    until_shown(terminal, "training")
    terminal.type(b"q")
    until_shown(terminal, "eep")  # keep it running
    terminal.type(b"k")
    assert ended_well(terminal)
    (folder,) = Store(home).folders()
    assert folder.lock_state().pid
    again = open_dashboard()
    until_shown(again, "still running")
    again.type(b"\r")
    until_shown(again, "training")
    again.type(b"x")
    until_shown(again, "top")
    again.type(b"y")
    until_shown(again, "stopped")
    again.type(b"q")
    assert ended_well(again)


@pytest.mark.parametrize(("signum", "state"), [(signal.SIGTERM, "interrupted"), (signal.SIGHUP, "running")])
def test_signals_end_the_dashboard_and_keep_the_run(open_dashboard: Open, signum: int, state: str) -> None:
    terminal = open_dashboard(*ENDLESS, "--start")
    until_shown(terminal, "training")
    terminal.signal(signum)
    assert terminal.wait() == 128 + signum
    assert terminal.modes[1049] is False
    terminal.until(lambda: [run["state"] for run in runs()] == [state], state, reading=False)


def test_odd_bytes_and_sizes_do_not_end_it(open_dashboard: Open) -> None:
    terminal = open_dashboard()
    until_shown(terminal, "1 Data")
    terminal.type(b"\xff\xfe\x1b[200~\xc3\x28\x1b[201~\x1b[99999999u")
    terminal.resize(20, 5)
    terminal.until(lambda: "small" in shown(terminal), "a word that it is too small")
    terminal.resize(80, 24)
    until_shown(terminal, "1 Data")
    terminal.type(b"q")
    assert ended_well(terminal)


def test_bad_input_starts_nothing(home: Path) -> None:
    command = [*COMMAND, "digits-mlp", "--set", "optimizer.lrr=1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "did you mean lr?" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (home / "runs").exists()


def test_a_table_of_ones_own_is_looked_at_measured_and_trained(open_dashboard: Open, tmp_path: Path) -> None:
    rows = [f"{n},{n % 7},{'north' if n % 2 else 'south'},{3 * n + 20 * (n % 7)}" for n in range(200)]
    (tmp_path / "my.csv").write_text("\n".join(["size,rooms,district,price", *rows]))
    terminal = open_dashboard(str(tmp_path / "my.csv"))
    until_shown(terminal, "1 Data", "csv", "price")
    terminal.type(b"a")
    until_shown(terminal, "Data of my", "price: a number", "200")
    terminal.type(b"b")
    until_shown(terminal, "linear regression", "random forest", "the mean")
    terminal.type(b"\x1b")
    terminal.until(lambda: "Data of my" not in shown(terminal), "the main screen")
    terminal.type(b" ")
    until_shown(terminal, "forest", "validation", "epoch")
    terminal.until(lambda: any(run["state"] == "finished" for run in runs()), "a finished run")
    terminal.type(b"q")
    assert ended_well(terminal)
