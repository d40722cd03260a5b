"""Looks at runs from a thread: their latest pictures, how they are, and commands to them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from tui_trainer.choices.training import Training
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.mailbox import NoWorker, send
from tui_trainer.runs.picture import Picture, look_at, picture_file, read_picture
from tui_trainer.runs.records import RunView
from tui_trainer.runs.view import RunReader
from tui_trainer.ui import export
from tui_trainer.ui.laboratory.values import next_value

INTERVAL = 0.1
"""Seconds between two looks for a new picture; while it trains, the worker draws one a second at most."""

READ_INTERVAL = 1.0
"""Seconds between two looks at how a run is, and between two signs that somebody looks."""

NOBODY = "nothing trains here now: E on the main screen trains a run for more epochs"


@dataclass(frozen=True)
class Seen:
    """What is known of a run: its picture, if there is one, and how it is."""

    picture: Picture | None = None
    view: RunView | None = None


class PictureWatch:
    """Calls, from its thread, `tell` with a run's number and what is seen of it whenever there is news, and `say` with
    what could not be done.
    """

    def __init__(
        self, folders: Sequence[RunFolder], tell: Callable[[int, Seen], None], say: Callable[[str], None]
    ) -> None:
        self._folders = folders
        self._tell = tell
        self._say = say
        self._asked: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="inspect", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends the looking, without waiting for it."""
        self._stopping.set()
        self._asked.put(None)

    def toggle(self) -> None:
        """Pauses the runs, or has them go on."""
        self._asked.put(_for_each(_Watched.toggle))

    def command(self, name: str) -> None:
        """Sends a command to the runs."""
        self._asked.put(_for_each(lambda watched: watched.send(name)))

    def pace(self, direction: int) -> None:
        """Has the runs train faster or slower."""
        self._asked.put(_for_each(lambda watched: watched.pace(direction)))

    def export(self, screen: str) -> None:
        """Writes a picture of the screen to a new file in the folder of the first run."""

        def write(watched: Sequence[_Watched]) -> str:
            folder = self._folders[0].path
            try:
                (path,) = export.save(folder, screen, "")
            except OSError as error:
                return f"cannot be written: {error.strerror or error}"
            return f"written: {path.name} in {export.short_path(folder)}"

        self._asked.put(write)

    def _follow(self) -> None:
        watched = [_Watched(folder) for folder in self._folders]
        while not self._stopping.is_set():
            for index, one in enumerate(watched):
                if one.look() and not self._stopping.is_set():
                    self._tell(index, one.seen)
            self._obey(watched)

    def _obey(self, watched: Sequence[_Watched]) -> None:
        """Does what is asked for; waits a little if that is nothing."""
        try:
            asked = self._asked.get(timeout=INTERVAL)
        except queue.Empty:
            return
        if asked and (said := asked(watched)):
            self._say(said)


class _Watched:
    """One run that is looked at."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._reader = RunReader(folder)
        self._known: tuple[int, int, int] | None = None
        self._picture: Picture | None = None
        self._due = 0.0
        self._pace: Any = None  # that was asked for last
        self.seen = Seen()

    def look(self) -> bool:
        """Says that somebody looks; whether there is news."""
        changed = False
        if monotonic() >= self._due:
            look_at(self._folder)
            changed = self._reader.read_new() or self.seen.view is None
            self._due = monotonic() + READ_INTERVAL
        if self._is_new():
            self._picture = read_picture(self._folder) or self._picture
            self._reader.read_new()
            changed = True
        if changed:
            self.seen = Seen(self._picture, self._reader.view())
        return changed

    def _is_new(self) -> bool:
        try:
            status = picture_file(self._folder).stat(follow_symlinks=False)
        except OSError:
            return False
        before, self._known = self._known, (status.st_mtime_ns, status.st_size, status.st_ino)
        return before != self._known

    # Commands: each returns what is wrong

    def toggle(self) -> str:
        self._reader.read_new()
        return self.send("resume" if self._reader.view().state == "paused" else "pause")

    def pace(self, direction: int) -> str:
        view = self.seen.view
        if view is None or not view.alive or view.present is None:
            return NOBODY
        field = next(field for field in Training.form() if field.name == "pace")
        self._pace = next_value(field, self._pace or view.present.training.pace, direction)
        return self.send("set", path="training.pace", value=self._pace)

    def send(self, command: str, **fields: Any) -> str:
        self._due = 0.0
        try:
            send(self._folder, command, **fields)
        except NoWorker:
            return NOBODY
        except OSError as error:
            return f"the command could not be written: {error.strerror or error}"
        return ""


_Job = Callable[[Sequence[_Watched]], str]
"""What is done on the thread; returns what is to be said."""


def _for_each(do: Callable[[_Watched], str]) -> _Job:
    """Does it to every run; what is wrong is said only if it could be done to none."""

    def job(watched: Sequence[_Watched]) -> str:
        problems = [problem for one in watched if (problem := do(one))]
        return "; ".join(dict.fromkeys(problems)) if len(problems) == len(watched) else ""

    return job
