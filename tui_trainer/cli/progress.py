"""How a run goes, while it goes: one line that changes in place on a terminal, else a line an evaluation."""

from __future__ import annotations

import sys
import time
from typing import Protocol, TextIO

from tui_trainer.cli.figures import metrics, rate
from tui_trainer.cli.output import columns, in_locale, on_terminal, say
from tui_trainer.runs.records import Evaluation, Figures, RunView
from tui_trainer.runs.summary import epochs
from tui_trainer.ui.figures import clock, figure
from tui_trainer.ui.terminal.glyphs import BAR_EMPTY, BAR_FULL

BAR_WIDTH = 24
_REDRAW_SECONDS = 0.1


class Progress(Protocol):
    """Shows the views of a run as they come."""

    def show(self, view: RunView) -> None: ...

    def end(self) -> None:
        """Leaves the output as other lines expect it."""


def progress() -> Progress:
    """The one that fits stdout."""
    return Bar(sys.stdout) if on_terminal() else Lines()


class Lines:
    """Writes one line for each evaluation."""

    def __init__(self) -> None:
        self._written = -1

    def show(self, view: RunView) -> None:
        # A run that is taken up again may drop points; those that come anew are written anew.
        if view.last is not None:
            self._written = min(self._written, view.last.step)
        for evaluation in view.evaluations:
            if evaluation.step > self._written:
                say(evaluation_line(evaluation, view.steps_per_second))
                self._written = evaluation.step

    def end(self) -> None:
        pass


def evaluation_line(evaluation: Evaluation, steps_per_second: float | None) -> str:
    """`epoch 12  step 540  train loss … accuracy …  validation loss … accuracy …  1.9k updates/s`."""
    return (
        f"epoch {epochs(evaluation.epoch)}  step {evaluation.step}  train {metrics(evaluation.train)}"
        f"  validation {metrics(evaluation.validation)}  {rate(steps_per_second)} updates/s"
    )


class Bar:
    """Keeps one line of a terminal up to date, at most ten times a second."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._drawn_at = 0.0
        self._skipped: RunView | None = None

    def show(self, view: RunView) -> None:
        now = time.monotonic()
        if now - self._drawn_at < _REDRAW_SECONDS and view.alive:
            self._skipped = view
            return
        self._drawn_at, self._skipped = now, None
        self._draw(view)

    def end(self) -> None:
        if self._skipped is not None:
            self._draw(self._skipped)
        if self._drawn_at:
            self._stream.write("\n")
            self._stream.flush()

    def _draw(self, view: RunView) -> None:
        # The last column stays free: some terminals wrap as soon as it is written.
        self._stream.write("\r" + in_locale(bar_line(view, columns() - 1)) + "\x1b[K")
        self._stream.flush()


def bar_line(view: RunView, width: int) -> str:
    """Epoch, bar, percentage, figures of the last evaluation, speed and time left, as far as they fit into `width`."""
    planned = str(view.planned_epochs) if view.planned_epochs else "?"
    parts = [f"epoch {int(view.epoch):>{len(planned)}}/{planned}", f"{view.progress:4.0%}"]
    if view.last is not None:
        parts.append(f"train {_pair(view.last.train)}")
        parts.append(f"validation {_pair(view.last.validation)}")
    parts.append(f"{rate(view.steps_per_second):>5} updates/s")
    parts.append(f"{clock(view.seconds_left)} left" if view.state == "running" else view.state)
    while len(parts) > 2 and len("  ".join(parts)) > width:
        parts.pop(2)
    room = width - len("  ".join(parts)) - 2
    if room >= 6:
        parts.insert(1, bar(view.progress, min(room, BAR_WIDTH)))
    return "  ".join(parts)[: max(0, width)]


def _pair(figures: Figures) -> str:
    """The loss and the primary metric, which come first."""
    return " ".join(figure(value) for value in list(figures.values())[:2])


def bar(share: float, width: int) -> str:
    done = round(share * width)
    return BAR_FULL * done + BAR_EMPTY * (width - done)
