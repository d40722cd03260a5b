"""A small app for the tests of the driver; it writes what it lives through to a file, a JSON object a line.

Usage: python driver_app.py LOG [no-mouse] [slow-leave] [broken-leave] [ignore-hangup] [no-stderr]
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static

from tui_trainer.ui.terminal.driver import SteadyDriver

LINES = 20
FINAL = [f"final line {number}" for number in range(LINES)]


class DriverApp(App[None]):
    CSS = "Screen { layout: vertical } #field { height: 20; width: 100% }"
    BINDINGS = [
        ("c", "churn", "Churn"),
        ("s", "settle", "Settle"),
        ("b", "block", "Block"),
        ("w", "work", "Work"),
        ("ctrl+c", "quit", "Quit"),
        ("ctrl+z", "suspend_process", "Suspend"),
    ]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, log: Path, options: set[str]) -> None:
        super().__init__(driver_class=SteadyDriver)
        self._log_file = log.open("a", buffering=1, encoding="utf-8")
        self._options = options
        self._generation = 0
        self._churning = False

    def say(self, event: str, **more: Any) -> None:
        self._log_file.write(json.dumps({"event": event, **more}) + "\n")

    def compose(self) -> ComposeResult:
        yield Static("top of the screen", markup=False)
        yield Static("", id="field", markup=False)
        yield Static("bottom of the screen", markup=False)

    def on_mount(self) -> None:
        self.set_interval(1 / 30, self._tick)
        self.call_after_refresh(self.say, "ready")

    def _tick(self) -> None:
        self._generation += 1
        assert isinstance(self._driver, SteadyDriver)
        self.say("tick", lagging=self._driver.lagging)
        if self._churning:
            self._show([f"{self._generation * 7919 + number:08d}" * 9 for number in range(LINES)])

    def _show(self, lines: list[str]) -> None:
        self.query_one("#field", Static).update("\n".join(lines))

    def action_churn(self) -> None:
        self._churning = True

    def action_settle(self) -> None:
        self._churning = False
        self._show(FINAL)
        self.say("settled")

    def action_block(self) -> None:
        self.say("blocking")
        time.sleep(300)

    def action_work(self) -> None:
        self.run_worker(lambda: time.sleep(300), thread=True)
        self.say("working")

    def on_key(self, event: events.Key) -> None:
        self.say("key", key=event.key)

    def on_paste(self, event: events.Paste) -> None:
        self.say("paste", text=event.text)

    def on_resize(self, event: events.Resize) -> None:
        self.say("resize", width=event.size.width, height=event.size.height)

    def leave(self, signum: int) -> None:
        self.say("leave", signum=signum)
        if "slow-leave" in self._options:
            time.sleep(300)
        if "broken-leave" in self._options:
            raise RuntimeError("nothing can be saved")


def main() -> None:
    log, options = Path(sys.argv[1]), set(sys.argv[2:])
    if "ignore-hangup" in options:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if "no-stderr" in options:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    app = DriverApp(log, options)
    app.run(mouse="no-mouse" not in options)
    app.say("end", return_code=app.return_code)
    sys.exit(app.return_code)


if __name__ == "__main__":
    main()
