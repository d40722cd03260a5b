"""How several runs go, while they go: one line that changes in place on a terminal, else a line a run that ended."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Set
from typing import Protocol, TextIO

from tui_trainer.cli.figures import metrics
from tui_trainer.cli.output import columns, in_locale, on_terminal, say
from tui_trainer.cli.progress import bar
from tui_trainer.cli.results import outcome
from tui_trainer.experiment.text import clean
from tui_trainer.runs.records import RunView
from tui_trainer.ui.figures import clock

_REDRAW_SECONDS = 0.2
_BAR_WIDTH = 24
_SHORTEST_BAR = 6


class Progress(Protocol):
    """Shows the views of runs by name (`l2 0.01, seed 2`) as they come."""

    def show(self, views: Mapping[str, RunView]) -> None: ...

    def end(self) -> None:
        """Leaves the output as other lines expect it."""


def progress(planned: int, before: Set[str]) -> Progress:
    """The one that fits stdout; so many runs are planned, and those named in `before` were done before."""
    return Line(sys.stdout, planned, len(before)) if on_terminal() else Endings(planned, before)


class Endings:
    """Writes one line for each run that has ended."""

    def __init__(self, planned: int, before: Set[str]) -> None:
        self._planned = planned
        self._told = set(before)

    def show(self, views: Mapping[str, RunView]) -> None:
        for name, view in views.items():
            if view.ended and name not in self._told:
                self._told.add(name)
                say(f"{len(self._told)}/{self._planned}  {ending(name, view)}")

    def end(self) -> None:
        pass


def ending(name: str, view: RunView) -> str:
    """`l2 0.01, seed 2: finished: all epochs  train loss … accuracy …  validation loss … accuracy …`."""
    told = f"{name}: {outcome(view.state, view.why)}"
    if view.last is None:
        return told
    return f"{told}  train {metrics(view.last.train)}  validation {metrics(view.last.validation)}"


class Line:
    """Keeps one line of a terminal up to date."""

    def __init__(self, stream: TextIO, planned: int, before: int) -> None:
        self._stream = stream
        self._planned = planned
        self._before = before
        self._began = time.monotonic()
        self._drawn_at = 0.0

    def show(self, views: Mapping[str, RunView]) -> None:
        now = time.monotonic()
        done = all(view.ended for view in views.values()) and len(views) == self._planned
        if now - self._drawn_at >= _REDRAW_SECONDS or done:
            self._drawn_at = now
            # The last column stays free: some terminals wrap as soon as it is written.
            line = progress_line(views, self._planned, self._before, now - self._began, columns() - 1)
            self._stream.write("\r" + in_locale(line) + "\x1b[K")
            self._stream.flush()

    def end(self) -> None:
        if self._drawn_at:
            self._stream.write("\n")
            self._stream.flush()


def progress_line(views: Mapping[str, RunView], planned: int, before: int, seconds: float, width: int) -> str:
    """How many runs are done, a bar, the time left, and how far each is that trains, as far as they fit in `width`."""
    share = sum(1.0 if view.ended else view.progress for view in views.values()) / max(1, planned)
    ended = sum(view.ended for view in views.values())
    fresh = share - before / max(1, planned)
    left = seconds * (1 - share) / fresh if fresh > 0.02 else None
    said = [f"{ended}/{planned} runs", f"{share:4.0%}"]
    if ended < planned:
        said.append(f"{clock(left)} left")
    training = [f"{clean(name)} {view.progress:.0%}" for name, view in views.items() if view.alive]
    while training and len("  ".join([*said, ", ".join(training)])) + 2 + _BAR_WIDTH > width:
        training.pop()
    if training:
        said.append(", ".join(training))
    room = width - len("  ".join(said)) - 2
    if room >= _SHORTEST_BAR:
        said.insert(1, bar(share, min(room, _BAR_WIDTH)))
    return "  ".join(said)[: max(0, width)]
