"""`doctor`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import recorded
from tests.cli.conftest import Call
from tui_trainer.runs.store import Store


def test_a_healthy_machine(call: Call, store: Store) -> None:
    stalled = recorded.stalled(store)
    recorded.died(store)
    result = call("doctor")
    assert result.code == 0, result.out
    facts = {line[2:].split("  ")[0]: line for line in result.out.splitlines() if line.startswith(("  ", "! "))}
    assert "torch" in facts
    assert "cpu" in facts["devices"]
    assert facts["stdout"].startswith("!")
    assert "1 died" in facts["runs"]
    assert stalled.folder
    assert f"stop --kill {stalled.folder.id}" in result.out
    assert str(store.root) in facts["home"]


def test_a_torch_that_hangs(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*arguments: Any, timeout: float, **options: Any) -> None:
        raise subprocess.TimeoutExpired("python", timeout)

    monkeypatch.setattr(subprocess, "run", hang)
    result = call("doctor")
    assert result.code == 1
    assert "! torch" in result.out


def test_a_torch_that_cannot_be_imported(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "Traceback\nImportError: libcudart\x1b[2J.so")

    monkeypatch.setattr(subprocess, "run", fail)
    result = call("doctor")
    assert result.code == 1
    assert "ImportError: libcudart" in result.out
    assert "\x1b" not in result.out


@pytest.fixture
def quick_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """A torch that answers at once."""
    found = {"torch": "2", "cuda": None, "threads": 1, "devices": ["cpu"], "auto": "cpu", "warnings": []}

    def answer(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 0, json.dumps(found), "")

    monkeypatch.setattr(subprocess, "run", answer)


@pytest.mark.usefixtures("quick_probe")
def test_a_home_that_cannot_be_used(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("TUI_TRAINER_HOME", str(file))
    result = call("doctor")
    assert result.code == 1
    assert "! home" in result.out
    monkeypatch.setenv("TUI_TRAINER_HOME", str(file / "below"))
    assert "! home" in call("doctor").out


@pytest.mark.usefixtures("quick_probe")
def test_a_home_that_others_can_read(call: Call, home: Path) -> None:
    home.chmod(0o755)
    assert "chmod 700" in call("doctor").out
