"""The dashboard as a program: themes, keys, screens, the way in and the ways out."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.events import Event, Key
from textual.screen import Screen

from tui_trainer.experiment.text import clean
from tui_trainer.runs.files import make_folder, replace
from tui_trainer.ui.leaving import Leaving
from tui_trainer.ui.screens.main import MainScreen
from tui_trainer.ui.terminal.ascii_filter import AsciiFilter
from tui_trainer.ui.terminal.driver import SteadyDriver
from tui_trainer.ui.terminal.glyphs import ascii_only
from tui_trainer.ui.terminal.key_queue import KeyQueue
from tui_trainer.ui.terminal.keys import as_latin, key_name
from tui_trainer.ui.terminal.updates import SparingDisplay
from tui_trainer.ui.theme import THEMES, first_theme

if TYPE_CHECKING:
    from tui_trainer.experiment.comparison import Comparison
    from tui_trainer.experiment.schema import Experiment
    from tui_trainer.runs.folder import RunFolder
    from tui_trainer.runs.store import Store
    from tui_trainer.ui.laboratory.comparing import Comparing
    from tui_trainer.ui.laboratory.laboratory import Aspect, Laboratory
    from tui_trainer.ui.laboratory.own_runs import Worker
    from tui_trainer.ui.laboratory.watched import Severity
    from tui_trainer.ui.screens.compare import CompareScreen

    Read = Callable[[], "Opening"]


@dataclass(frozen=True)
class Opening:
    """What the dashboard opens with.

    A comparison, or runs to compare, open the compare screen over the main one. Without an experiment the panels show
    the comparison's base, else what was there last.
    """

    experiment: Experiment | None = None
    comparison: Comparison | None = None
    comparison_id: str = ""  # of one that was started before
    compare: Sequence[RunFolder] = ()
    said: Sequence[str] = ()  # what a person should read
    guessed: Sequence[str] = ()  # about data of their own


def run_dashboard(home: Path, read: Read, *, start: bool = False, mouse: bool = True) -> int:
    """Open the dashboard on what `read` gives (see `TrainerApp`) and return the program's exit code.

    Raises what ended it, if that was an error of its own.
    """
    app = TrainerApp(home, read, start=start)
    app.run(mouse=mouse)
    if app.opened:
        app.laboratory.close()
    if app._exception is not None:
        raise app._exception
    return app.return_code or 0


def _warm_worker() -> Worker:
    from tui_trainer.runs.warm_worker import WarmWorker  # after the first paint

    return WarmWorker()


class TrainerApp(SparingDisplay, App[None]):
    """One main screen over a laboratory; everything else is one key away.

    The first paint is half of what a person waits for, and only frames: what this module imports is kept small for it.
    """

    TITLE = "tui-trainer"
    CSS_PATH = Path(__file__).parent / "screens" / "main.tcss"  # Textual does not read the first screen's own
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    NOTIFICATION_TIMEOUT = 4
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", "Quit", id="app.quit"),
        Binding("ctrl+c,ctrl+q", "quit", "Quit", id="app.quit-always", show=False, priority=True),
        Binding("question_mark,f1", "help", "Help", id="app.help"),
        Binding("colon,ctrl+p", "command_palette", "All commands, and the themes", id="app.palette", show=False),
        Binding("ctrl+z", "suspend_process", "Suspend", id="app.suspend", show=False),
        Binding("ctrl+l", "redraw", "Redraw", id="app.redraw", show=False),
    ]

    def __init__(
        self,
        home: Path,
        read: Read,
        *,
        start: bool = False,
        make_worker: Callable[[], Worker] = _warm_worker,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """`read`, called after the first paint, gives what to open with; `start` trains it at once."""
        # Without colours the terminal's own are left alone: Textual would make greys of ours.
        super().__init__(driver_class=SteadyDriver, ansi_color=True if "NO_COLOR" in environment else None)
        self.laboratory: Laboratory
        self.opened = False  # whether it is there
        self._main = MainScreen()
        self._compare: CompareScreen | None = None
        self._home = home
        self._read = read
        self._make_worker = make_worker
        self._start = start
        self._leaving = Leaving(self)
        self._keys = KeyQueue(self, self._on_key_in_turn)
        if ascii_only(environment):
            self._filters.append(AsciiFilter())
        for theme in THEMES.values():
            self.register_theme(theme)
        self._theme_file = home / "theme"
        self.theme = first_theme(self._theme_file, environment)

    def get_default_screen(self) -> Screen[None]:
        return self._main

    def on_mount(self) -> None:
        self.call_after_refresh(self._open)

    async def _open(self) -> None:
        """Fill the main screen, whose frames have been painted."""
        from tui_trainer.experiment.dump import to_mapping
        from tui_trainer.runs.store import Store
        from tui_trainer.ui.laboratory.laboratory import Laboratory
        from tui_trainer.ui.terminal import keymap

        opening = self._opening = self._read()
        store = Store(self._home)
        experiment, said = _draft(opening, store)
        self.laboratory = Laboratory(
            store,
            to_mapping(experiment),
            post=self._post,
            changed=self._draw,
            say=self.say,
            make_worker=self._make_worker,
        )
        self.opened = True
        keys, problems = keymap.read_keys(self._home / keymap.NAME)
        self.set_keymap(keys)
        self._said = [*opening.said, *said, *problems]
        await self._main.fill(self.laboratory)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """The main screen is filled: begin with the work."""
        gc.enable()  # the command line holds it back until now
        self.laboratory.begin()
        if self._opening.comparison is not None and self._start:
            from tui_trainer.ui.screens.main_opens import begin_comparison

            begin_comparison(self, self.laboratory, self._opening.comparison)
        elif self._opening.comparison is not None:
            self.laboratory.comparisons.begin(self._opening.comparison, start=False)
        elif self._opening.comparison_id:
            self.laboratory.comparisons.open(self._opening.comparison_id, self._go_on if self._start else None)
        elif self._opening.compare:
            self.laboratory.comparisons.compare(self._opening.compare)
        elif self._start:
            self._main.begin_training()
        self._keys.begin()
        for text in self._said:
            self.say(text, "warning")
        if self._opening.guessed:
            self.say("; ".join(self._opening.guessed))

    def _go_on(self, comparing: Comparing) -> None:
        """Train what a comparison of old misses."""
        from tui_trainer.ui.screens.downloading import download_what_sides_lack

        download_what_sides_lack(self, comparing, comparing.toggle)

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key) and not event.is_forwarded:
            self._keys.put(event)
        else:
            await super().on_event(event)

    async def _on_key_in_turn(self, key: Key) -> None:
        await super().on_event(as_latin(key, self))

    def on_unmount(self) -> None:
        self._keys.stop()

    # Between the laboratory and the screen

    def _post(self, function: Callable[[], None]) -> None:
        self.call_later(function)

    def _draw(self, aspect: Aspect) -> None:
        if aspect == "comparison-opened":
            self._show_comparison()
        elif aspect == "comparison":
            if self._compare is not None and self._compare.is_mounted:
                self._compare.draw(aspect)
        elif self._main.is_mounted:
            self._main.draw(aspect)

    def _show_comparison(self) -> None:
        """Put the compare screen over the main one, in place of all that is on it but for a question about the end."""
        from tui_trainer.ui.screens.compare import CompareScreen

        if self._leaving.asking:
            self._leaving.or_else(self._show_comparison)
            return
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self._compare = CompareScreen(self.laboratory)
        self.push_screen(self._compare)

    def say(self, text: str, severity: Severity = "information") -> None:
        """Show a short message for a while."""
        self.notify(clean(text), severity=severity, markup=False)

    def notify(self, message: str, **how: Any) -> None:
        """Show a short message for a while, unless it is there already."""
        if all(shown.message != message for shown in self._notifications):
            super().notify(message, **how)

    # Keys and commands

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Everything that has a key now, and the themes."""
        from tui_trainer.ui.screens.help import title

        shown = set()
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.id and binding.description and binding.id not in shown and active.enabled:
                shown.add(binding.id)
                run = partial(self.run_action, binding.action, active.node)
                yield SystemCommand(f"{binding.description}  ({key_name(binding.key)})", title(binding.id), run)
        for name in THEMES:
            if name != self.theme:
                yield SystemCommand(f"{name.capitalize()} theme", "for this and later times", partial(self._wear, name))

    def _wear(self, theme: str) -> None:
        self.theme = theme
        self.laboratory.save_files(partial(_write, self._theme_file, theme))

    def action_help(self) -> None:
        from tui_trainer.ui.screens.help import HelpScreen

        about = self.screen.dashboard.explained if isinstance(self.screen, MainScreen) and self.opened else None
        self.push_screen(HelpScreen(self.screen, about))

    def action_redraw(self) -> None:
        self.refresh(layout=True)

    # The ways out

    async def action_quit(self) -> None:
        """End the program; if runs would end with it, ask first."""
        self._leaving.ask()

    def leave(self, signum: int) -> None:
        """Called by the driver at SIGTERM and SIGHUP. A lost connection must not cost a run."""
        if self.opened:
            self.laboratory.save_draft()
            if signum == signal.SIGHUP:
                self.laboratory.under_way.keep_running()

    def _fatal_error(self) -> None:
        """An error of ours ends the program; whoever opened the dashboard says so, not Textual with its traceback."""
        if self.opened:
            self.laboratory.save_draft()
        self._close_messages_no_wait()


def _draft(opening: Opening, store: Store) -> tuple[Experiment, Sequence[str]]:
    """The experiment that the panels show first, and what is wrong with the draft if that was to be it."""
    if opening.experiment is not None:
        return opening.experiment, ()
    if opening.comparison is not None:
        return opening.comparison.base, ()
    from tui_trainer.experiment.presets import FIRST, find

    draft = store.load_draft()
    return draft.experiment or find(FIRST).experiment(), [draft.problem] if draft.problem else []


def _write(file: Path, text: str) -> list[Path]:
    make_folder(file.parent)
    replace(file, text + "\n")
    return [file]
