"""Several runs that are followed from one thread."""

from __future__ import annotations

import queue
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.recorded import running
from tui_trainer.runs.records import RunView
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import RunReader
from tui_trainer.ui.laboratory import following
from tui_trainer.ui.laboratory.following import Following


def test_a_run_that_cannot_be_read_does_not_hide_what_is_new_of_others(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, ended = running(Store(home)), running(Store(home))
    assert broken.folder
    assert ended.folder
    bad, fold = broken.folder.id, RunReader.view

    def view(self: RunReader) -> RunView:
        if self.folder.id == bad:
            raise ValueError("no such state")
        return fold(self)

    monkeypatch.setattr(RunReader, "view", view)
    monkeypatch.setattr(following, "INTERVAL", 0.01)
    taken: queue.SimpleQueue[Mapping[str, RunView]] = queue.SimpleQueue()
    failed: queue.SimpleQueue[str] = queue.SimpleQueue()
    follows = Following(taken.put, failed.put)
    follows.follow(ended.folder, broken.folder)
    try:
        assert taken.get(timeout=10)[ended.folder.id].state == "running"
        assert "no such state" in failed.get(timeout=10)
        ended.end()
        ended.release_lock()
        assert taken.get(timeout=10)[ended.folder.id].state == "finished"
        monkeypatch.setattr(RunReader, "view", fold)
        assert taken.get(timeout=10)[bad].state == "running"
    finally:
        follows.stop()
        broken.release_lock()
