"""Gets the data that a data set lacks, before anything is read of it."""

from __future__ import annotations

import time

from tui_trainer.choices.data import DataError, DataSet
from tui_trainer.choices.data.base import Progress
from tui_trainer.engine.control import Command, Control
from tui_trainer.engine.ending import Ended
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.runs.events import EventWriter

SAY_SHARE = 0.01
SAY_SECONDS = 0.2
"""A log tells how far a download is when so much more is there, but not more often than that."""


def fetch(data: DataSet, progress: Progress) -> None:
    """Downloads what is missing; `progress` takes the bytes that are there and all, and may raise to end it.

    Raises ExperimentError if the data cannot be had.
    """
    try:
        data.fetch(progress)
    except DataError as error:
        raise ExperimentError([Problem(f"data.{error.field}" if error.field else "data", str(error))]) from None


def fetch_for_run(data: DataSet, events: EventWriter, control: Control) -> None:
    """The same before a run, whose log tells how far it is.

    Raises ExperimentError if the data cannot be had, and Ended where somebody stops the run meanwhile. Other commands
    wait until it trains.
    """
    if missing := data.missing():
        news = _News(missing.what, events, control)
        fetch(data, news)
        for command in news.waiting:
            control.send(command)


class _News:
    """Tells the log of a run how far a download is."""

    def __init__(self, what: str, events: EventWriter, control: Control) -> None:
        self.waiting: list[Command] = []
        self._what = what
        self._events = events
        self._control = control
        self._said = -1.0  # share
        self._said_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        if self._control.interruption:
            raise Ended("interrupted", self._control.interruption)
        for command in self._control.take():
            if command.name == "stop":
                raise Ended("stopped", "stopped by a person", command.answer)
            self.waiting.append(command)
        share, now = done / max(1, total), time.monotonic()
        if share >= 1 > self._said or (share - self._said >= SAY_SHARE and now - self._said_at >= SAY_SECONDS):
            self._events.write("preparing", what=self._what, done=done, total=total)
            self._said, self._said_at = share, now
