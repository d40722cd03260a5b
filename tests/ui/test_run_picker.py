"""The list of runs from which the one to begin from is picked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import recorded
from tests.ui.views import HOSTILE, INERT, Stage, until
from tui_trainer.experiment.parse import parse
from tui_trainer.runs.store import Store
from tui_trainer.ui.screens.run_picker import RunPicker
from tui_trainer.ui.screens.runs import RunsResult
from tui_trainer.ui.widgets.explanation import Explanation
from tui_trainer.ui.widgets.hints import Hints
from tui_trainer.ui.widgets.row_list import RowList

TWO_LAYERS = {"model": {"kind": "mlp", "hidden": [100, 100]}}


def run(store: Store, name: str, experiment: Mapping[str, Any], *, kept: bool = True) -> Any:
    """The folder of a run, with a checkpoint if one is `kept`."""
    folder = recorded.finished(store, experiment={"name": name, **experiment}).folder
    assert folder is not None
    if kept:
        (folder.checkpoints / "120").mkdir(parents=True)
    return folder


@pytest.fixture
def store() -> Store:
    return Store()


def picker(store: Store, present: str = "") -> Stage:
    return Stage(screen=RunPicker(store, present, parse(TWO_LAYERS)))


def listed(app: Stage) -> list[str]:
    return [" ".join(text for text, _ in item.cells) for item in app.screen.query_one(RowList).items]


async def test_what_does_not_fit_comes_last_dim_and_says_why(store: Store) -> None:
    run(store, "fits", TWO_LAYERS)
    run(store, "shallow", {"model": {"kind": "mlp", "hidden": [100]}})
    run(store, "other", {"model": "cnn"})
    run(store, "bare", TWO_LAYERS, kept=False)
    app = picker(store)
    async with app.run_test(size=(140, 30)) as pilot:
        await until(lambda: len(listed(app)) == 4)
        first, *unfit = listed(app)
        assert "fits" in first
        assert not first.startswith("!")
        assert all(row.startswith("!") for row in unfit)
        said = "\n".join(unfit)
        for why in ("it has 1 hidden layer, this one has 2", "its model is cnn, this one is mlp", "has no checkpoint"):
            assert why in said
        dim = {role for item in app.screen.query_one(RowList).items[1:] for _, role in item.cells}
        assert dim == {"label"}
        await pilot.press("end")
        await until(lambda: "the draft cannot begin from it" in app.screen.query_one(Explanation).text())


async def test_it_says_what_it_picks_and_which_keys_do_something(store: Store) -> None:
    folder = run(store, "fits", TWO_LAYERS)
    app = picker(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: len(listed(app)) == 1)
        hints = app.screen.query_one(Hints).text()
        assert "Enter Begin from it" in hints
        assert not [word for word in ("Delete", "Rename", "Train again", "Open", "Mark") if word in hints]
        await pilot.press("d", "n", "R")
        assert isinstance(app.screen, RunPicker)
        await pilot.press("enter")
        assert app.result == RunsResult("open", folder)


async def test_the_run_that_is_named_is_highlighted(store: Store) -> None:
    older = run(store, "older", TWO_LAYERS)
    run(store, "newer", TWO_LAYERS)
    app = picker(store, older.id)
    async with app.run_test(size=(80, 24)):
        await until(lambda: len(listed(app)) == 2)
        await until(lambda: app.screen.query_one(RowList).highlighted.key == older.id)  # type: ignore[union-attr]


async def test_hostile_runs_are_inert(store: Store, tmp_path: Path) -> None:
    run(store, HOSTILE, {"model": "cnn"})
    app = picker(store)
    async with app.run_test(size=(120, 30)):
        await until(lambda: len(listed(app)) == 1)
        await until(lambda: INERT in " ".join(app.screen.query_one(Explanation).text().split()))
