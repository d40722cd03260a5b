"""The checkpoints of a run, to go on from one of them."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from tests.recorded import Recording, overfitting
from tests.ui.views import EXPERIMENT, Stage, until
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.records import Checkpoint, RunView
from tui_trainer.runs.store import Store
from tui_trainer.ui.screens.checkpoints import CheckpointsScreen
from tui_trainer.ui.widgets.explanation import Explanation
from tui_trainer.ui.widgets.row_list import RowList


@pytest.fixture
def run(home: Any) -> tuple[RunFolder, RunView]:
    """A run with four checkpoints, the second of which was thinned out."""
    recording = Recording(Store(home), experiment=EXPERIMENT, curves=overfitting)
    for number, epochs in enumerate((10, 10, 10, 12)):
        recording.train(epochs)
        if number == 2:
            recording.change("optimizer.lr", 0.001)
        recording.checkpoint("last")
    assert recording.folder
    for step in (30, 90, 126):
        (recording.folder.checkpoints / str(step)).mkdir(parents=True)
    return recording.folder, recording.view()


async def opened(app: Stage, pilot: Pilot[Any], *keys: str) -> None:
    await until(lambda: bool(app.screen_stack[1].query_one(RowList).items))
    await pilot.press(*keys)


def rows(app: Stage) -> list[list[str]]:
    return [[text.strip() for text, _ in item.cells] for item in app.screen_stack[1].query_one(RowList).items]


async def test_those_that_are_still_there_are_listed_with_what_the_run_had_reached(
    run: tuple[RunFolder, RunView],
) -> None:
    folder, view = run
    app = Stage(screen=CheckpointsScreen(folder, view))
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(app, pilot)
        assert [row[0] for row in rows(app)] == ["10", "30", "42"]
        at = next(it for it in view.evaluations if it.epoch == 10)
        assert rows(app)[0][2] == f"{at.validation['accuracy']:.4f}"
        assert rows(app)[-1][-1] == "best, last"


async def test_enter_returns_the_one_that_is_highlighted(run: tuple[RunFolder, RunView]) -> None:
    app = Stage(screen=CheckpointsScreen(*run))
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(app, pilot, "down", "enter")
        assert isinstance(app.result, Checkpoint)
        assert app.result.step == 90


async def test_the_one_that_is_nearest_to_the_cursor_is_highlighted(run: tuple[RunFolder, RunView]) -> None:
    app = Stage(screen=CheckpointsScreen(*run, near=33.0))
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(app, pilot, "enter")
        assert app.result.step == 90


async def test_what_was_changed_before_is_told(run: tuple[RunFolder, RunView]) -> None:
    app = Stage(screen=CheckpointsScreen(*run))
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(app, pilot, "end")
        await pilot.pause()
        explained = app.screen_stack[1].query_one(Explanation).text()
        assert "It trained with sgd, lr 0.001." in explained
        assert "changed before: optimizer.lr 0.01 → 0.001 at epoch 30" in explained


async def test_without_checkpoints_it_is_said_what_to_do(home: Any) -> None:
    recording = Recording(Store(home), experiment=EXPERIMENT)
    assert recording.folder
    app = Stage(screen=CheckpointsScreen(recording.folder, recording.view()))
    async with app.run_test(size=(100, 30)) as pilot:
        listed = app.screen_stack[1].query_one(RowList)
        await until(lambda: "No checkpoint yet" in listed.render_line(1).text)
        await pilot.press("enter", "escape")
        assert app.result is None
