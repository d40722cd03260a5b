"""Calling the command line: in this process for what is quick, as a program for what needs one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tui_trainer.cli.failures import exit_code
from tui_trainer.cli.group import program
from tui_trainer.runs.store import Store

TUI_TRAINER = (sys.executable, "-m", "tui_trainer")


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


Call = Callable[..., Result]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """`call("runs", "--json")` in this process, without a terminal."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments: str) -> Result:
        code = exit_code(program, arguments)
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return call


@pytest.fixture
def call_program() -> Call:
    """`call_program("runs", "--json")` in a process of its own."""

    def call(*arguments: str, **environment: str) -> Result:
        done = subprocess.run(
            [*TUI_TRAINER, *arguments],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            env=os.environ | environment,
            timeout=120,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def store() -> Store:
    return Store()
