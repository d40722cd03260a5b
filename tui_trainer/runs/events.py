"""The event log of a run: the worker writes all that happens, everybody else reads."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from tui_trainer.runs.lines import LineReader, LineWriter

VERSION = 1
"""The version of the event log that this program writes; it reads this one and older ones."""

ENDINGS = ("finished", "stopped", "interrupted", "failed")
"""The types of a last event, which are also states."""


class NewerVersion(ValueError):
    """An event log that a newer version of this program wrote."""

    def __init__(self, path: Path, version: int) -> None:
        super().__init__(
            f"its event log has version {version}, newer than this program knows ({VERSION}; upgrade tui-trainer)"
        )
        self.path = path
        self.version = version


class EventWriter:
    """Appends events: `write("evaluation", step=…, epoch=…, …)` adds the version and the time."""

    def __init__(self, path: Path) -> None:
        self._lines = LineWriter(path)

    def write(self, type: str, **fields: Any) -> None:
        """Appends one event. Raises OSError if the disk takes no more."""
        self._lines.write({"v": VERSION, "time": round(time.time(), 3), "type": type, **fields})

    def close(self) -> None:
        self._lines.close()


class EventReader:
    """Reads the events that have been appended since the last look."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = LineReader(path)
        self._damaged = 0

    @property
    def damaged(self) -> int:
        """How many lines were no events."""
        return self._lines.damaged + self._damaged

    def read_new(self) -> list[dict[str, Any]]:
        """The new events; a last line without an end waits for the rest of it.

        Raises NewerVersion at an event that this program cannot know.
        """
        events = []
        for record, _ in self._lines.read_new():
            if is_event(record, self._path):
                events.append(record)
            else:
                self._damaged += 1
        return events


def is_event(record: dict[str, Any], path: Path) -> bool:
    """Whether a line's record has what every event has. Raises NewerVersion."""
    version = record.get("v")
    if not isinstance(version, int) or not isinstance(record.get("type"), str):
        return False
    if version > VERSION:
        raise NewerVersion(path, version)
    return True
