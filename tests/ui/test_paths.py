"""Paths that are typed: what may follow, and what Tab makes of it."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.ui.dashboards import until
from tui_trainer.ui.laboratory import paths
from tui_trainer.ui.laboratory.paths import Match, Sought, completed, matches
from tui_trainer.ui.widgets import path_input
from tui_trainer.ui.widgets.path_input import PathInput, PathMatches


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("sales.csv", "sales.tsv", "saturn.csv", "notes.md", ".hidden.csv", "Sommer.csv"):
        (tmp_path / name).touch()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "inner.csv").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def names(typed: str, **of: Any) -> list[str]:
    return [match.path for match in matches(Sought(typed, **of))]


def test_folders_come_first_and_suffixes_choose_files(folder: Path) -> None:
    assert names("", suffixes=(".csv",)) == ["sub/", "sales.csv", "saturn.csv", "Sommer.csv"]
    assert names("sal") == ["sales.csv", "sales.tsv"]
    assert names("", kind="folder") == ["sub/"]
    assert names("sub/") == ["sub/inner.csv"]


def test_home_absolute_and_hidden_paths(folder: Path) -> None:
    assert names("~/sat") == ["~/saturn.csv"]
    assert names("$HOME/sat") == ["$HOME/saturn.csv"]
    assert names(f"{folder}/sat") == [f"{folder}/saturn.csv"]
    assert names(".h") == [".hidden.csv"]


def test_the_case_matters_only_where_it_helps(folder: Path) -> None:
    assert names("SAT") == ["saturn.csv"]
    assert names("So") == ["Sommer.csv"]


@pytest.mark.parametrize("typed", ["nowhere/", "sales.csv/", "~nobody-of-that-name/x", "a\0b/"])
def test_what_cannot_be_read_has_nothing(folder: Path, typed: str) -> None:
    assert names(typed) == []


def test_names_that_a_terminal_would_obey_are_left_out(folder: Path) -> None:
    (folder / "sa\x1b]0;evil\x07.csv").touch()
    assert names("sa", suffixes=(".csv",)) == ["sales.csv", "saturn.csv"]


def test_completion_goes_as_far_as_all_agree() -> None:
    found = [Match("sales.csv", "x/sales.csv", False), Match("sales.tsv", "x/sales.tsv", False)]
    assert completed("x/s", found) == "x/sales."
    assert completed("x/sales.", found) == "x/sales."
    assert completed("x/s", found[:1]) == "x/sales.csv"
    assert completed("x/s", []) == "x/s"


class _App(App[None]):
    def __init__(self, **of: Any) -> None:
        super().__init__()
        self.input = PathInput("", id="path", **of)
        self.list = PathMatches()
        self.submitted: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.input
        yield self.list

    def on_mount(self) -> None:
        self.input.focus()

    def on_path_input_listed(self, event: PathInput.Listed) -> None:
        self.list.show(event.input)

    def on_input_submitted(self, event: PathInput.Submitted) -> None:
        self.submitted.append(event.value)


async def listed(pilot: Pilot[Any], *expected: str) -> None:
    app = pilot.app
    assert isinstance(app, _App)
    await until(pilot, lambda: [match.name for match in app.input.matches] == list(expected), f"{expected}")


async def test_tab_completes_and_enter_hands_it_over(folder: Path) -> None:
    app = _App(suffixes=(".csv",))
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.press("s")
        await listed(pilot, "sub/", "sales.csv", "saturn.csv")
        await until(pilot, lambda: "saturn.csv" in app.list.text(), "the list")
        await pilot.press("u")
        await listed(pilot, "sub/")
        await pilot.press("tab")
        assert app.input.value == "sub/"
        await listed(pilot, "inner.csv")
        await pilot.press("right", "enter")
        assert app.submitted == ["sub/inner.csv"]


async def test_a_match_is_chosen_by_arrows(folder: Path) -> None:
    app = _App(suffixes=(".csv",))
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.press("s")
        await listed(pilot, "sub/", "sales.csv", "saturn.csv")
        await pilot.press("tab", "enter")
        assert (app.input.value, app.submitted) == ("sub/", []), "a folder on the way is opened, not handed over"
        await listed(pilot, "inner.csv")
        await pilot.press("down", "enter")
        assert app.submitted == ["sub/inner.csv"]


async def test_a_folder_that_does_not_answer_holds_nothing_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = threading.Event()

    def slow(sought: Sought) -> tuple[Match, ...]:
        answer.wait(10)
        return paths.matches(sought)

    monkeypatch.setattr(path_input, "matches", slow)
    app = _App()
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.press(*"sal")
        assert app.input.value == "sal"
        assert app.input.matches == ()
        answer.set()
        await listed(pilot, "sales.csv", "sales.tsv")


async def test_many_matches_fit_and_say_how_many_more(folder: Path) -> None:
    os.chdir(folder / "sub")
    for i in range(200):
        (folder / "sub" / f"file-{i:03}.csv").touch()
    app = _App()
    async with app.run_test(size=(60, 6)) as pilot:
        await until(pilot, lambda: "more" in app.list.text(), "that there are more")
        assert len(app.input.matches) == 201
        await pilot.press("up")
        await until(pilot, lambda: "inner.csv" in app.list.text(), "the last one")


async def test_wide_names_are_listed_whole(folder: Path) -> None:
    (folder / "매출자료.csv").touch()
    app = _App(suffixes=(".csv",))
    async with app.run_test(size=(60, 10)) as pilot:
        app.input.value = "매"
        await listed(pilot, "매출자료.csv")
        await until(pilot, lambda: "매출자료.csv" in app.list.text(), "the list")
