"""The program in a pseudo-terminal, for benchmarks: opened, driven by keys, and its run's log read meanwhile."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.ui.pseudo_terminal import PseudoTerminal

COMMAND = [sys.executable, "-m", "tui_trainer"]


@dataclass
class Dashboard:
    """A dashboard in a terminal, and the folder that it keeps its runs in."""

    terminal: PseudoTerminal
    home: Path

    def watch(self, seconds: float) -> int:
        """Reads the terminal for so long; the bytes that it got."""
        before = len(self.terminal.output)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.terminal.read(0.02)
        return len(self.terminal.output) - before

    def sees(self, text: str) -> bool:
        return any(text in line for line in self.terminal.screen.display)

    def until_seen(self, text: str) -> None:
        self.terminal.until(lambda: self.sees(text), repr(text))

    def events(self, type: str) -> list[dict[str, Any]]:
        """The events of that type in the newest run's log."""
        return events(self.home, type)


def events(home: Path, type: str) -> list[dict[str, Any]]:
    """The events of that type in the log of the newest run under `home`."""
    logs = sorted(home.glob("runs/*/events.jsonl"))
    if not logs:
        return []
    lines = logs[-1].read_text(encoding="utf-8").splitlines(keepends=True)
    found = [json.loads(line) for line in lines if line.endswith("\n")]
    return [event for event in found if event["type"] == type]


def speed(home: Path, since: float, until: float) -> float:
    """Updates a second of training time (evaluations aside) between two moments, unix seconds."""
    points = [event for event in events(home, "train") if since <= event["time"] <= until]
    first, last = points[0], points[-1]
    return float((last["step"] - first["step"]) / (last["seconds"] - first["seconds"]))


@contextmanager
def dashboard(*arguments: str, columns: int = 160, rows: int = 48) -> Iterator[Dashboard]:
    """Opens the program in a fresh home folder; ends it and its worker afterwards."""
    with tempfile.TemporaryDirectory(prefix="tui-trainer-bench-") as folder:
        terminal = PseudoTerminal(
            [*COMMAND, *arguments], columns=columns, rows=rows, TUI_TRAINER_HOME=folder, OMP_NUM_THREADS="1"
        )
        try:
            yield Dashboard(terminal, Path(folder))
        finally:
            terminal.close()
            _stop_runs(Path(folder))


def _stop_runs(home: Path) -> None:
    """A worker ends by itself once its parent is gone; wait for it, since its folder is about to go."""
    from tui_trainer.runs.store import Store

    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and any(folder.lock_state().pid for folder in Store(home).folders()):
        time.sleep(0.05)


def environment(home: str) -> dict[str, str]:
    """The environment of the command line in the same circumstances."""
    return {**os.environ, "TUI_TRAINER_HOME": home, "OMP_NUM_THREADS": "1"}
