"""Editing a table: the blocks of a convolutional network."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.dashboards import FakeApp, ready, screen_text, until
from tui_trainer.choices.models.cnn import Block
from tui_trainer.experiment.problems import Problem
from tui_trainer.ui.forms.entry import Entry
from tui_trainer.ui.forms.form import FormPanel
from tui_trainer.ui.forms.help import FieldHelp
from tui_trainer.ui.screens.table import TableScreen

MAPPING: dict[str, Any] = {"name": "cnn", "model": {"kind": "cnn", "blocks": [8, {"filters": 16, "kernel": 5}]}}


@asynccontextmanager
async def dashboard(home: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[Any]]:
    app = FakeApp(home, MAPPING)
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        await pilot.press("2", "down")
        yield pilot


@asynccontextmanager
async def table(home: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[Any]]:
    async with dashboard(home, size) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TableScreen), "the table")
        yield pilot


def blocks(pilot: Pilot[Any]) -> tuple[Block, ...]:
    found: tuple[Block, ...] = pilot.app.laboratory.experiment.model.blocks  # type: ignore[attr-defined]
    return found


def filters(pilot: Pilot[Any]) -> list[int]:
    return [block.filters for block in blocks(pilot)]


def help_text(pilot: Pilot[Any]) -> str:
    return " ".join(pilot.app.screen.query_one("#help", FieldHelp).text().split())


async def test_a_panel_shows_each_block_and_its_arrows_change_the_filters(home: Path) -> None:
    async with dashboard(home) as pilot:
        panel = pilot.app.focused
        assert isinstance(panel, FormPanel)
        assert [row.label for row in panel.form(panel.state)][1:4] == ["blocks", "block 1", "block 2"]
        await pilot.press("down", "right")
        assert filters(pilot) == [12, 16]
        await pilot.press("up", "right")
        assert filters(pilot) == [12, 16, 16]
        assert blocks(pilot)[2].kernel == 5, "another block is like the last"
        await pilot.press("left", "left", "left")
        assert filters(pilot) == [12], "the last one stays"
        await pilot.press("u", "u", "u", "u")
        assert filters(pilot) == [8, 16]


async def test_dense_layers_may_be_none_where_the_model_allows_it(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press(*["down"] * 3, "left")
        model = pilot.app.laboratory.experiment.model  # type: ignore[attr-defined]
        assert model.hidden == ()
        await pilot.press("right")
        assert pilot.app.laboratory.experiment.model.hidden == (64,)  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_every_column_is_legible(home: Path, size: tuple[int, int]) -> None:
    async with table(home, size) as pilot:
        lines = screen_text(pilot.app).splitlines()
        head = next(line for line in lines if "filters" in line)
        assert all(name in head for name in ("filters", "kernel", "stride", "padding", "pooling", "window"))
        row = next(line for line in lines if "block 2" in line)
        assert row.strip("│ ").split()[:9] == ["block", "2", "16", "5", "1", "same", "max", "2", "16×2×2"]
        assert "add below" in lines[-2] or any("add below" in line for line in lines)
        assert any(word in screen_text(pilot.app) for word in ("delete", "Delete"))


async def test_cells_are_stepped_typed_and_reset(home: Path) -> None:
    async with table(home) as pilot:
        await pilot.press("right", "plus")
        assert blocks(pilot)[0].kernel == 4
        await pilot.press("7", "enter")
        assert blocks(pilot)[0].kernel == 7
        await pilot.press("backspace")
        assert blocks(pilot)[0].kernel == 3
        await pilot.press("tab", "tab", "minus")
        assert blocks(pilot)[0].padding == 5, "numbers come before the words"
        await pilot.press("enter", *"valid", "enter", "right", "enter")
        assert (blocks(pilot)[0].padding, blocks(pilot)[0].pooling) == ("valid", "average")


async def test_an_error_stays_in_the_cell(home: Path) -> None:
    async with table(home) as pilot:
        await pilot.press("enter", *"-3", "enter")
        assert pilot.app.screen.query_one(Entry).value == "-3"
        assert "at least 1" in help_text(pilot)
        assert filters(pilot) == [8, 16]
        await pilot.press("backspace", "backspace", *"9", "enter")
        assert filters(pilot) == [9, 16]
        assert not pilot.app.screen.query(Entry)


async def test_rows_are_added_moved_and_deleted_and_all_of_it_is_undone(home: Path) -> None:
    async with table(home) as pilot:
        await pilot.press("a")
        assert filters(pilot) == [8, 8, 16]
        await pilot.press("4", "enter", "J")
        assert filters(pilot) == [8, 16, 4]
        await pilot.press("K", "K")
        assert filters(pilot) == [4, 8, 16]
        await pilot.press("d", "d")
        assert filters(pilot) == [16]
        await pilot.press("d")
        assert filters(pilot) == [16]
        assert "1 to 50 blocks are needed" in help_text(pilot), "the last one stays, and it says why"
        await pilot.press(*["u"] * 7)
        assert filters(pilot) == [8, 16]


async def test_it_says_which_block_a_worker_refuses(home: Path) -> None:
    async with table(home) as pilot:
        app = pilot.app
        assert isinstance(app, FakeApp)
        app.worker.problems = [Problem("model.blocks.1.kernel", "block 2: a 9x9 kernel does not fit a 4x4 input")]
        await pilot.press("down", "right", "9", "enter")
        await until(pilot, lambda: "does not fit a 4x4 input" in help_text(pilot), "what the worker says")
        assert "! block 2" in screen_text(app)
        await pilot.press("up")
        assert "does not fit" not in help_text(pilot)


async def test_a_cell_can_be_varied(home: Path) -> None:
    async with table(home) as pilot:
        await pilot.press("right", "v")
        await until(pilot, lambda: "Vary kernel" in screen_text(pilot.app), "the vary screen")
        await pilot.press("escape")
        await until(pilot, lambda: "Vary kernel" not in screen_text(pilot.app), "the main screen")


async def test_escape_leaves_it_and_what_was_changed_stays(home: Path) -> None:
    async with table(home) as pilot:
        await pilot.press("plus", "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, TableScreen), "the main screen")
        assert filters(pilot) == [12, 16]
