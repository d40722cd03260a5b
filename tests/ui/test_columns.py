"""Picking columns of a table of one's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.ui.dashboards import FakeApp, ready, screen_text, until
from tui_trainer.ui.forms.form import FormPanel
from tui_trainer.ui.laboratory.values import read_texts, written_texts
from tui_trainer.ui.screens.columns import Columns


@asynccontextmanager
async def screen(home: Path, field: str, file: Path) -> AsyncIterator[Pilot[Any]]:
    """The columns that `field` names."""
    app = FakeApp(home, {"data": {"kind": "csv", "file": str(file), "exclude": ["name"]}})
    async with app.run_test(size=(100, 30)) as pilot:
        await ready(pilot)
        await pilot.press("1")
        panel = app.focused
        assert isinstance(panel, FormPanel)
        at = [row.path for row in panel.form(panel.state)].index(f"data.{field}")
        await pilot.press(*["down"] * at, "enter")
        await until(pilot, lambda: isinstance(app.screen, Columns), "the columns")
        yield pilot


def table(home: Path) -> Path:
    file = home / "sales.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('id,name,"last, first",price\n' + "".join(f"{i},n{i},x{i},{i * 2}\n" for i in range(20)))
    return file


def data(pilot: Pilot[Any]) -> Any:
    return pilot.app.laboratory.experiment.data  # type: ignore[attr-defined]


async def test_several_are_taken_and_put_back(home: Path) -> None:
    async with screen(home, "exclude", table(home)) as pilot:
        await until(pilot, lambda: "price" in screen_text(pilot.app), "the names")
        await pilot.press("space", "up", "space", "enter")  # name, which was taken, is highlighted
        await until(pilot, lambda: not isinstance(pilot.app.screen, Columns), "the main screen")
        assert data(pilot).exclude == ("id",)


async def test_one_is_taken(home: Path) -> None:
    async with screen(home, "target", table(home)) as pilot:
        await until(pilot, lambda: "price" in screen_text(pilot.app), "the names")
        await pilot.press("end", "enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, Columns), "the main screen")
        assert data(pilot).target == "price"


async def test_names_can_be_typed_where_the_file_cannot_be_read(home: Path) -> None:
    async with screen(home, "exclude", home / "nowhere.csv") as pilot:
        await until(pilot, lambda: "such file" in screen_text(pilot.app), "what is wrong")
        await pilot.press("t", *', "last, first"', "enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, Columns), "the main screen")
        assert data(pilot).exclude == ("name", "last, first")


def test_texts_with_commas_survive_being_typed() -> None:
    texts = ["age", "last, first", 'the "best"']
    assert read_texts(written_texts(texts)) == texts
    assert written_texts(["a", "b"]) == "a, b"
    assert read_texts("  ") == []
