"""The terminal driver: Textual's own, made to survive slow, silent and vanished terminals.

The methods that are overridden here replace what was measured to fail in Textual 8.2; all else is inherited.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import sys
import termios
import threading
import time
from collections.abc import Iterable
from contextvars import copy_context
from queue import SimpleQueue
from typing import Any, Protocol, runtime_checkable

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui_trainer.ui.terminal.input import TerminalInput
from tui_trainer.ui.terminal.output import TerminalOutput, open_again

GRACE = 1.5
"""Seconds between a signal that ends the program and the moment when it is ended by force."""

# A frame begins by placing the cursor; nothing else that Textual writes does.
_FRAME = re.compile(r"\x1b\[\d+;\d+H")

# The opposite of all that LinuxDriver.start_application_mode and its answers to the terminal switch on.
_LEAVE = (
    SYNC_END
    + "\x1b[?2004l"  # bracketed paste
    + "\x1b[?7h"  # line wrap
    + "\x1b[?2048l"  # reports of the size
    + "".join(f"\x1b[?{mode}l" for mode in (1000, 1003, 1015, 1006, 1016))  # mouse, the last one in pixels
    + "\x1b[?1004l"  # reports of the focus
    + "\x1b[<u"  # keyboard protocol; terminals keep one for each screen, so this comes before the next
    + "\x1b[?1049l"  # alternate screen
    + "\x1b[0m"
    + "\x1b[?25h"  # cursor
)


@runtime_checkable
class Leaving(Protocol):
    """An app that has something to save when it is told to end."""

    def leave(self, signum: int) -> None:
        """Save; called on the event loop, once, before the app is ended. It must be quick: see `GRACE`.

        `signum` is SIGTERM, SIGHUP or SIGINT (which Ctrl-C is not here: that is a key). A vanished terminal counts as
        SIGHUP.
        """


def terminal_problem() -> str | None:
    """Why the dashboard cannot open here, as a sentence for the command line; None if it can."""
    for name, stream in (("input", sys.__stdin__), ("output", sys.__stdout__)):
        if stream is None or stream.closed or not stream.isatty():
            return f"standard {name} is not a terminal, which the dashboard needs; use `tui-trainer run` without one"
    if os.environ.get("TERM") == "dumb":
        return "this terminal cannot show a dashboard (TERM=dumb); use `tui-trainer run`"
    return None


class SteadyDriver(LinuxDriver):
    """Pass it as `App(driver_class=SteadyDriver)`.

    - A terminal that reads slowly or not at all costs frames, never time; once it has read all that was sent, the
      screen is painted anew.
    - SIGTERM, SIGHUP, SIGINT and the end of the terminal call `app.leave(signum)` (see `Leaving`) and end the app with
      the return code 128 + signum. If the process is still there `GRACE` seconds later, the terminal is restored and
      the process ended regardless.
    - No input ends the app.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        # Textual writes to stderr: `2>errors.txt` would take the screen away.
        assert sys.__stdout__ is not None  # see terminal_problem
        self._file = self._stdout = sys.__stdout__
        self._output: TerminalOutput | None = None
        self._synchronized = False
        self._terminal_taken = False
        self._restoring = threading.Lock()
        self._leaving = False
        # Unlike Event and Queue, a SimpleQueue may be used in a signal handler whatever the handler interrupts.
        self._endings: SimpleQueue[int] = SimpleQueue()
        self._context = copy_context()  # in which the app's own code expects to run
        # Textual has no handler for these (Textualize/textual#5140): the app would die unsaved in the alternate screen.
        # One of asyncio's would wait for its loop, which may be stuck.
        for signum in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            if signal.getsignal(signum) != signal.SIG_IGN:
                signal.signal(signum, self._on_ending_signal)
        threading.Thread(target=self._see_to_the_end, name="terminal-watchdog", daemon=True).start()

    # --- output ---

    @property
    def lagging(self) -> bool:
        """Whether frames are being dropped because the terminal does not read: what is drawn is drawn for nobody."""
        return self._output is not None and self._output.lagging

    def write(self, data: str) -> None:
        """Send `data` without ever waiting; Textual's queue blocks the event loop after 30 frames that nobody reads."""
        if threading.current_thread() is not threading.main_thread():  # the input thread answers the terminal
            self._loop.call_soon_threadsafe(self.write, data)
        elif self._output is None or not self._terminal_taken:
            pass
        elif data in (SYNC_START, SYNC_END):
            self._synchronized = True  # the terminal understands them; from now on they go around frames that are sent
        elif _FRAME.match(data):
            self._output.send_frame(self._encode(f"{SYNC_START}{data}{SYNC_END}" if self._synchronized else data))
        else:
            self._output.send(self._encode(data))

    def _encode(self, data: str) -> bytes:
        # stderr's own way, a backslash and digits, would push the rest of the line to the right.
        return data.encode(self._stdout.encoding, "replace")

    # --- input ---

    def run_input_thread(self) -> None:
        """Read the terminal until told to stop or until there is none: Textual goes on reading its end, at 98 % CPU."""
        terminal = TerminalInput(self._debug)
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], 0.1)[0]:
                try:
                    data = os.read(self.fileno, 4096)
                except BlockingIOError:
                    continue
                except OSError:
                    data = b""
                if not data:
                    self._on_vanished_terminal()
                    return
                self._process_all(terminal.feed(data))
            self._process_all(terminal.tick())

    def _process_all(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)

    # --- taking the terminal and giving it back ---

    def start_application_mode(self) -> None:
        self._output = TerminalOutput(
            open_again(self._stdout.fileno()),
            self._loop,
            caught_up=self._app.refresh,
            lost=self._on_vanished_terminal,
        )
        self._terminal_taken = True
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def disable_input(self) -> None:
        if self._terminal_taken:  # else it is somebody else's input that would be flushed
            super().disable_input()

    def stop_application_mode(self) -> None:
        self.disable_input()
        self._restore_terminal()

    def close(self) -> None:
        super().close()
        if self._output is not None:
            self._output.close()
            self._output = None

    def _restore_terminal(self) -> None:
        """Leave the terminal as it was found; bounded in time, at most once, from any thread."""
        if not self._restoring.acquire(timeout=GRACE / 2):
            return
        try:
            if self._output is None or not self._terminal_taken:
                return
            self._terminal_taken = False
            self._output.finish(self._encode(_LEAVE))
            if self.attrs_before is not None:
                with contextlib.suppress(termios.error):
                    termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        finally:
            self._restoring.release()

    # --- suspending ---

    def _sigtstp_application(self, *_: object) -> None:
        """Suspend from the loop, not in the middle of a write; but at once while another program has the terminal."""
        if self._auto_restart:
            self._loop.call_soon_threadsafe(super()._sigtstp_application)
        else:
            super()._sigtstp_application()

    def _sigcont_application(self, *_: object) -> None:
        if self._auto_restart:
            self._loop.call_soon_threadsafe(self._continue)

    def _continue(self) -> None:
        if self._leaving:  # `kill %1`: ended while suspended, and continued for that only
            return
        if self._terminal_taken:
            # Stopped by SIGSTOP, which cannot be seen coming. Textual starts again without having ended: it takes its
            # own terminal attributes for the shell's and reads with two threads.
            self.suspend_application_mode()
        self.resume_application_mode()

    def resume_application_mode(self) -> None:
        super().resume_application_mode()
        self._app.refresh()  # Textual paints only if the size has changed meanwhile

    # --- the end ---

    def _on_ending_signal(self, signum: int, _frame: object) -> None:
        if signum == signal.SIGINT and not self._auto_restart:
            return  # Ctrl-C, but pressed in another program that has the terminal for now
        self._leaving = True
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # restoring the terminal from the background must not stop us
        self._endings.put(signum)

    def _on_vanished_terminal(self) -> None:
        self._endings.put(signal.SIGHUP)

    def _see_to_the_end(self) -> None:
        """Watch, in a thread of its own, that the first ending signal is obeyed whatever the event loop does."""
        signum = self._endings.get()
        with contextlib.suppress(RuntimeError):  # the loop is closed, the app has ended already
            self._loop.call_soon_threadsafe(self._leave, signum, context=self._context)
        time.sleep(GRACE)
        self._restore_terminal()
        os._exit(128 + signum)

    def _leave(self, signum: int) -> None:
        if self._app._exit:  # it is ending already
            return
        try:
            if isinstance(self._app, Leaving):
                self._app.leave(signum)
        finally:
            self._app.exit(return_code=128 + signum)
