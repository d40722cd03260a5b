"""Opening data of one's own from the dashboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.recorded import overfit
from tests.ui.dashboards import FakeApp, paste, ready, said, screen_text, until
from tui_trainer.runs.store import Store
from tui_trainer.ui.forms.form import FormPanel
from tui_trainer.ui.screens.own_data import OwnDataScreen, Said
from tui_trainer.ui.widgets.path_input import PathInput


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    """A table that one would want to learn from."""
    file = tmp_path / "sales.csv"
    rows = [f"{n},{n % 7},{'north' if n % 2 else 'south'},{3 * n + n % 5}" for n in range(100)]
    file.write_text("\n".join(["size,rooms,district,price", *rows]))
    (tmp_path / "notes.xlsx").write_text("no data")
    return file


async def asked(app: FakeApp, pilot: Pilot[Any], path: str) -> None:
    """Opens the screen and gives a path: its folder is pasted, its last name is typed."""
    await ready(pilot)
    await pilot.press("o")
    await until(pilot, lambda: isinstance(app.screen, OwnDataScreen), "the question")
    folder, slash, name = path.rpartition("/")
    await paste(pilot, folder + slash)
    await pilot.press(*name)


async def test_a_table_becomes_the_draft_and_undo_brings_the_old_one_back(home: Path, sales: Path) -> None:
    app = FakeApp(home)
    async with app.run_test(size=(120, 36)) as pilot:
        await asked(app, pilot, str(sales))
        before = app.laboratory.experiment
        await pilot.press("enter")
        await until(pilot, lambda: app.laboratory.experiment != before, "another draft")
        assert app.laboratory.experiment.data.kind == "csv"
        assert app.laboratory.experiment.name == "sales"
        await until(pilot, lambda: "predicts price" in said(app), "what was guessed")
        await pilot.press("u")
        assert app.laboratory.experiment == before


async def test_other_data_is_a_new_beginning(home: Path, sales: Path) -> None:
    store = Store(home)
    old = overfit(store).folder
    assert old is not None
    app = FakeApp(home)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        app.laboratory.open(old)
        await until(pilot, lambda: bool(app.laboratory.findings.found), "the old run's findings")
        await pilot.press("1", "down", "down", "down")
        await asked(app, pilot, str(sales))
        await pilot.press("enter")
        await until(pilot, lambda: app.laboratory.experiment.name == "sales", "another draft")
        await until(pilot, lambda: app.laboratory.view is None and app.laboratory.ghost is None, "no run")
        panel = app.screen_stack[0].query(FormPanel).first()
        await until(pilot, lambda: panel.has_focus and panel.at_first, "the top of the first panel")
        await until(pilot, lambda: "verfit" not in screen_text(app), "no findings")
        assert isinstance(app.screen.focused, FormPanel)
        assert "•" not in screen_text(app)
        assert [run.id for run in store.list()] == [old.id]


async def test_tab_completes_even_before_the_folder_is_listed(home: Path, sales: Path) -> None:
    app = FakeApp(home)
    async with app.run_test(size=(120, 36)) as pilot:
        await asked(app, pilot, f"{sales.parent}/s")
        await pilot.press("tab")
        await until(pilot, lambda: app.screen.query_one(PathInput).value == str(sales), "the completed path")
        await pilot.press("enter")
        await until(pilot, lambda: app.laboratory.experiment.data.kind == "csv", "another draft")


@pytest.mark.parametrize(
    ("name", "why"),
    [("nowhere.csv", "no such file"), ("notes.xlsx", "save it as CSV"), ("", "no images in the folders")],
)
async def test_what_is_no_data_is_said_and_can_be_mended(home: Path, sales: Path, name: str, why: str) -> None:
    app = FakeApp(home)
    async with app.run_test(size=(120, 36)) as pilot:
        await asked(app, pilot, f"{sales.parent}/{name}")
        await pilot.press("enter")
        words = app.screen.query_one(Said)
        await until(pilot, lambda: why in " ".join(words.text().split()), "a reason")
        assert isinstance(app.screen, OwnDataScreen)
        await pilot.press("escape")
        assert app.laboratory.experiment.name == "digits-mlp"
