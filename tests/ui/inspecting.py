"""The screen that shows what a model sees, with pictures that are made up."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from tests import recorded
from tests.ui.dashboards import screen_text
from tests.ui.views import Stage, until
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.picture import write_picture
from tui_trainer.runs.store import Store
from tui_trainer.ui.pictures.view import PictureView
from tui_trainer.ui.screens.inspect import InspectScreen


def all_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal has all colours."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def seen(store: Store, content: dict[str, Any] | None, name: str = "a run") -> tuple[str, RunFolder]:
    """A finished run with this picture."""
    folder = recorded.finished(store).folder
    assert folder
    if content:
        write_picture(folder, content)
    return name, folder


def stage(*folders: tuple[str, RunFolder]) -> Stage:
    return Stage(screen=InspectScreen(folders))


async def ready(app: Stage, pilot: Pilot[Any], *keys: str) -> str:
    """What is on the screen once all runs are read and the keys are pressed."""
    await until(lambda: len(app.screen_stack) > 1 and bool(sides(app)) and all(it.seen for it in sides(app)))
    await pilot.press(*keys)
    await pilot.pause()
    return screen_text(app)


def sides(app: Stage) -> list[PictureView]:
    return list(app.screen_stack[1].query(PictureView))
