"""The driver on real pseudo-terminals, which read slowly, not at all, or vanish."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ui.driver_app import FINAL, LINES
from tests.ui.pseudo_terminal import PseudoTerminal
from tui_trainer.ui.terminal.driver import terminal_problem
from tui_trainer.ui.terminal.output import open_again

APP = Path(__file__).with_name("driver_app.py")

MOUSE = {1000, 1003, 1006, 1015, 1016}
SYNCHRONIZED_OUTPUT, SIZE_REPORTS, PASTE, FOCUS, ALTERNATE_SCREEN, CURSOR, WRAP = 2026, 2048, 2004, 1004, 1049, 25, 7
SUPPORTED = "\x1b[?{};2$y"
QUIT = b"\x11"


class RunningApp(PseudoTerminal):
    """`driver_app.py` on a terminal, and what it says."""

    def __init__(self, log: Path, *options: str) -> None:
        self._log = log
        super().__init__([sys.executable, str(APP), str(log), *options])
        self.until(lambda: self.said("ready"), "the app being ready")
        # The reaction to a key shows that the first paints are behind us.
        self.type(b"s")
        self.until(lambda: FINAL[-1] in self.text, "the first screen")

    def said(self, event: str) -> list[dict[str, Any]]:
        """The events of that name so far."""
        lines = self._log.read_text().splitlines(keepends=True) if self._log.exists() else []
        said = [json.loads(line) for line in lines if line.endswith("\n")]
        return [entry for entry in said if entry["event"] == event]

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    @property
    def lagging(self) -> bool:
        return bool(self.said("tick")[-1]["lagging"])

    def leave_unread(self) -> None:
        """Read no more, until the app drops frames."""
        self.type(b"c")
        self.until(lambda: self.lagging, "dropped frames", reading=False)

    def assert_restored(self) -> None:
        while self.read():
            pass
        switched_on = {mode for mode, on in self.modes.items() if on}
        assert switched_on == {CURSOR, WRAP}
        assert self.modes[ALTERNATE_SCREEN] is False
        assert self.keyboard_protocols == 0
        assert self.attributes == self.attributes_before


Start = Callable[..., RunningApp]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[RunningApp] = []

    def start_app(*options: str) -> RunningApp:
        started.append(RunningApp(tmp_path / "log.jsonl", *options))
        return started[-1]

    yield start_app
    for app in started:
        app.close()


# --- ordinary use ---


def test_quitting_restores_the_terminal(start: Start) -> None:
    app = start()
    app.type(QUIT)
    assert app.wait() == 0
    app.assert_restored()
    assert app.said("leave") == []


def test_what_a_capable_terminal_was_given_is_taken_back(start: Start) -> None:
    app = start()
    app.type(SUPPORTED.format(SYNCHRONIZED_OUTPUT).encode() + SUPPORTED.format(SIZE_REPORTS).encode())
    app.until(lambda: app.modes.get(SIZE_REPORTS) and app.modes.get(1016), "reports of size and mouse")
    app.type(b"c")
    app.until(lambda: app.output.count(b"\x1b[?2026h") >= 3, "frames in synchronized output")
    app.type(QUIT)
    assert app.wait() == 0
    app.assert_restored()


def test_without_a_mouse_the_terminal_keeps_its_own(start: Start) -> None:
    with_mouse, without_mouse = start(), start("no-mouse")
    assert {mode for mode in MOUSE if with_mouse.modes.get(mode)} == MOUSE - {1016}
    assert not any(without_mouse.modes.get(mode) for mode in MOUSE)


def test_a_resized_terminal_is_painted_anew(start: Start) -> None:
    app = start()
    app.resize(100, 30)
    app.until(lambda: app.said("resize")[-1] == {"event": "resize", "width": 100, "height": 30}, "the new size")
    app.until(lambda: "bottom of the screen" in app.text, "the new screen")


def test_the_screen_does_not_go_to_stderr(start: Start) -> None:
    app = start("no-stderr")
    app.type(QUIT)
    assert app.wait() == 0
    app.assert_restored()


def test_a_descriptor_of_our_own_leaves_the_given_one_blocking(terminal: io.TextIOWrapper) -> None:
    descriptor = open_again(terminal.fileno())
    assert not os.get_blocking(descriptor)
    assert os.get_blocking(terminal.fileno())
    assert os.ttyname(descriptor) == os.ttyname(terminal.fileno())
    os.close(descriptor)


# --- input ---


@pytest.mark.parametrize("data", [b"\xff\xfe", b"\x1b[200~\xff\x1b[201~", b"\x1b[99999999;1u", b"\x1b[1;1:1:1u"])
def test_no_bytes_end_the_app(start: Start, data: bytes) -> None:
    app = start()
    app.type(data)
    app.type(b"z")
    app.until(lambda: {"event": "key", "key": "z"} in app.said("key"), "the key behind the bad bytes")
    app.type(QUIT)
    assert app.wait() == 0


@pytest.mark.parametrize("key", [QUIT, b"\x1b[113;5u"])
def test_a_paste_without_an_end_does_not_lock_the_keyboard(start: Start, key: bytes) -> None:
    app = start()
    app.type(b"\x1b[200~lost")

    def press_until_it_ends() -> bool:
        app.type(key)
        return app.ended()

    app.until(press_until_it_ends, "the end of the app")
    assert app.wait() == 0
    app.assert_restored()


# --- endings ---


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signals_save_restore_and_end(start: Start, signum: int) -> None:
    app = start()
    app.signal(signum)
    assert app.wait() == 128 + signum
    assert app.said("leave") == [{"event": "leave", "signum": signum}]
    assert app.said("end") == [{"event": "end", "return_code": 128 + signum}]
    app.assert_restored()


def test_only_the_first_signal_counts(start: Start) -> None:
    app = start()
    for signum in (signal.SIGTERM, signal.SIGHUP, signal.SIGTERM):
        app.signal(signum)
    app.wait()
    assert len(app.said("leave")) == 1
    app.assert_restored()


def test_a_failure_to_save_does_not_keep_the_app(start: Start) -> None:
    app = start("broken-leave")
    app.signal(signal.SIGTERM)
    assert app.wait() == 128 + signal.SIGTERM
    assert len(app.said("end")) == 1
    app.assert_restored()


def test_impatience_at_the_end_is_harmless(start: Start) -> None:
    app = start()

    def press_until_it_ends() -> bool:
        app.type(b"\x03")  # a key at first, a signal as soon as the terminal is restored
        return app.ended()

    app.until(press_until_it_ends, "the end of the app")
    assert app.wait() in (0, -signal.SIGINT)  # Python's own last moments know no handlers
    assert app.said("end") == [{"event": "end", "return_code": 0}]
    assert b"Traceback" not in app.output
    app.assert_restored()


@pytest.mark.parametrize("options", [(), ("ignore-hangup",)])
def test_a_vanished_terminal_ends_the_app(start: Start, options: tuple[str, ...]) -> None:
    app = start(*options)
    app.hang_up()
    assert app.wait(reading=False) == 128 + signal.SIGHUP
    assert app.said("leave") == [{"event": "leave", "signum": signal.SIGHUP}]


def test_a_vanished_terminal_ends_an_app_that_is_stuck(start: Start) -> None:
    app = start("ignore-hangup")
    app.type(b"b")
    app.until(lambda: app.said("blocking"), "a blocked loop")
    app.hang_up()
    assert app.wait(reading=False) == 128 + signal.SIGHUP


@pytest.mark.parametrize(("key", "sign"), [(b"b", "blocking"), (b"w", "working")])
def test_an_app_that_is_stuck_is_ended_and_the_terminal_restored(start: Start, key: bytes, sign: str) -> None:
    app = start()
    app.type(key)
    app.until(lambda: app.said(sign), sign)
    app.signal(signal.SIGTERM)
    assert app.wait() == 128 + signal.SIGTERM
    app.assert_restored()


def test_saving_that_takes_too_long_is_cut_short(start: Start) -> None:
    app = start("slow-leave")
    app.signal(signal.SIGTERM)
    assert app.wait() == 128 + signal.SIGTERM
    assert app.said("end") == []
    app.assert_restored()


# --- a terminal that does not read ---


def test_an_unread_terminal_does_not_hold_up_the_app(start: Start) -> None:
    app = start()
    app.leave_unread()
    ticks = len(app.said("tick"))
    app.until(lambda: len(app.said("tick")) >= ticks + 20, "the app's timer", reading=False)
    app.type(b"z")
    app.until(lambda: {"event": "key", "key": "z"} in app.said("key"), "the reaction to a key", reading=False)


@pytest.mark.parametrize("synchronized", [False, True])
def test_once_the_terminal_reads_again_it_is_painted_once(start: Start, synchronized: bool) -> None:
    app = start()
    if synchronized:
        app.type(SUPPORTED.format(SYNCHRONIZED_OUTPUT).encode())
        app.until(lambda: app.said("tick"), "the answer's arrival")
    app.leave_unread()
    app.type(b"s")
    app.until(lambda: len(app.said("settled")) == 2, "the last change", reading=False)
    ticks, seen = len(app.said("tick")), len(app.output)
    app.until(lambda: len(app.said("tick")) >= ticks + 10, "the last frames, dropped", reading=False)

    app.until(lambda: FINAL[-1] in app.text, "the full repaint")
    ticks = len(app.said("tick"))
    app.until(lambda: len(app.said("tick")) >= ticks + 10, "anything more")
    assert [line.rstrip() for line in app.screen.display[: LINES + 2]] == [
        "top of the screen",
        *FINAL,
        "bottom of the screen",
    ]
    # The bottom line never changes: only a full paint brings it.
    assert app.output[seen:].count(b"bottom of the screen") == 1
    assert app.output.count(b"\x1b[?2026h") == app.output.count(b"\x1b[?2026l")
    assert (b"\x1b[?2026h" in app.output) is synchronized


@pytest.mark.parametrize("ending", ["quit", "terminated", "stuck"])
def test_an_unread_terminal_does_not_stand_in_the_way_of_ending(start: Start, ending: str) -> None:
    app = start()
    app.leave_unread()
    if ending == "stuck":
        app.type(b"b")
        app.until(lambda: app.said("blocking"), "a blocked loop", reading=False)
    if ending == "quit":
        app.type(QUIT)
    else:
        app.signal(signal.SIGTERM)
    assert app.wait(reading=False) == (0 if ending == "quit" else 128 + signal.SIGTERM)
    app.assert_restored()


# --- suspending ---


def test_suspend_and_resume(start: Start) -> None:
    app = start()
    app.type(b"\x1a")
    app.until(app.stopped, "the suspension")
    app.assert_restored()

    seen = len(app.output)
    app.screen.reset()
    app.signal(signal.SIGCONT)
    app.until(lambda: "bottom of the screen" in app.text, "the repaint")
    assert app.modes[ALTERNATE_SCREEN]
    assert b"bottom of the screen" in app.output[seen:]
    app.type(QUIT)
    assert app.wait() == 0
    app.assert_restored()


def test_a_stop_that_cannot_be_seen_coming(start: Start) -> None:
    app = start()
    app.signal(signal.SIGSTOP)
    app.until(app.stopped, "the stop")
    app.screen.reset()
    app.signal(signal.SIGCONT)
    app.until(lambda: "bottom of the screen" in app.text, "the repaint")
    app.type(QUIT)
    assert app.wait() == 0
    app.assert_restored()


def test_terminated_while_suspended(start: Start) -> None:
    app = start()
    app.type(b"\x1a")
    app.until(app.stopped, "the suspension")
    app.signal(signal.SIGTERM)
    app.signal(signal.SIGCONT)
    assert app.wait() == 128 + signal.SIGTERM
    assert len(app.said("leave")) == 1
    app.assert_restored()


# --- no terminal ---


@pytest.fixture
def terminal() -> Iterator[io.TextIOWrapper]:
    master, slave = os.openpty()
    with open(slave, "w") as stream:  # noqa: PTH123 (a descriptor, not a path)
        yield stream
    os.close(master)


def test_the_command_line_is_told_what_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, terminal: io.TextIOWrapper
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "__stdin__", terminal)
    monkeypatch.setattr(sys, "__stdout__", terminal)
    assert terminal_problem() is None
    monkeypatch.setenv("TERM", "dumb")
    assert "TERM=dumb" in str(terminal_problem())
    monkeypatch.setattr(sys, "__stdout__", io.StringIO())
    assert "standard output is not a terminal" in str(terminal_problem())
    monkeypatch.setattr(sys, "__stdin__", None)
    assert "standard input is not a terminal" in str(terminal_problem())
