"""The runs screen."""

from __future__ import annotations

import itertools
import socket
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests import recorded
from tests.recorded import Recording, finished
from tests.ui.views import HOSTILE, INERT, Stage, until
from tui_trainer.runs import store as stores
from tui_trainer.runs.store import Store
from tui_trainer.ui.laboratory import runs_watch
from tui_trainer.ui.screens import runs
from tui_trainer.ui.screens.ask import Ask, AskText
from tui_trainer.ui.screens.runs import RunsResult, RunsScreen
from tui_trainer.ui.widgets.explanation import Explanation
from tui_trainer.ui.widgets.row_list import RowList


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store, whose runs' ids say in which order they were made."""
    numbers = itertools.count()
    monkeypatch.setattr(stores, "new_id", lambda name: f"20251120-{next(numbers):06}-run-0000")
    monkeypatch.setattr(runs_watch, "INTERVAL", 0.05)
    return Store()


def some(store: Store) -> dict[str, Recording]:
    """Three runs that have ended, the best of them in the middle."""
    return {
        "old": recorded.stopped(store, experiment={"name": "old"}),
        "good": recorded.finished(store, experiment={"name": "good", "optimizer": {"lr": 0.03}}),
        "diverged": recorded.failed(store),
    }


def rows(app: Stage) -> list[list[str]]:
    """The cells of each row but the mark."""
    return [[text.strip() for text, _ in item.cells[1:]] for item in app.screen_stack[1].query_one(RowList).items]


def names(app: Stage) -> list[str]:
    return [row[1] for row in rows(app)]


def explained(app: Stage) -> str:
    return app.screen_stack[1].query_one(Explanation).text()


async def opened(app: Stage, pilot: Pilot[Any], count: int, *keys: str) -> None:
    """Waits for so many runs in the list, then presses keys."""
    await until(lambda: len(rows(app)) == count)
    await pilot.press(*keys)


async def test_the_latest_run_comes_first_with_its_state_and_figures(store: Store) -> None:
    made = some(store)
    app = Stage(screen=RunsScreen(store))
    async with app.run_test(size=(160, 40)) as pilot:
        await opened(app, pilot, 3)
        assert names(app) == ["diverged", "good", "old"]
        state, _, best, last, _, _, differs = rows(app)[1]
        summary = made["good"].events[-1]["summary"]
        assert state == "✓ finished"
        assert best == f"{summary['best']['validation']['accuracy']:.4f}"
        assert last == f"{summary['validation']['accuracy']:.4f}"
        assert differs == "lr 0.03"


@pytest.mark.parametrize(("key", "action"), [("enter", "open"), ("R", "again")])
async def test_keys_say_what_to_do_with_a_run(store: Store, key: str, action: str) -> None:
    made = some(store)
    app = Stage(screen=RunsScreen(store))
    async with app.run_test() as pilot:
        await opened(app, pilot, 3, "down", key)
        assert app.result == RunsResult(action, made["good"].folder)  # type: ignore[arg-type]


async def test_the_run_on_the_main_screen_is_highlighted(store: Store) -> None:
    made = some(store)
    folder = made["old"].folder
    assert folder
    app = Stage(screen=RunsScreen(store, folder.id))
    async with app.run_test() as pilot:
        await opened(app, pilot, 3, "enter")
        assert app.result.folder == folder


async def test_runs_are_sorted_by_one_column_after_the_other(store: Store) -> None:
    some(store)
    app = Stage(screen=RunsScreen(store))
    async with app.run_test(size=(160, 40)) as pilot:
        await opened(app, pilot, 3, "s")
        assert names(app) == ["diverged", "good", "old"]  # by name
        await pilot.press("S")
        assert names(app) == ["old", "good", "diverged"]
        await pilot.press("s")
        assert [row[0] for row in rows(app)] == ["✗ failed", "✓ finished", "■ stopped"]
        await pilot.press("s")
        assert names(app) == ["good", "old", "diverged"]  # by the best accuracy
        await pilot.press("s", "s", "s")
        assert names(app) == ["diverged", "good", "old"]  # the latest first again


async def test_a_filter_finds_states_names_ids_and_settings(store: Store) -> None:
    some(store)
    app = Stage(screen=RunsScreen(store))
    async with app.run_test() as pilot:
        await opened(app, pilot, 3)
        for words, found in (("failed", ["diverged"]), ("lr 0.03", ["good"]), ("000000-run", ["old"]), ("none", [])):
            await pilot.press("slash", *words)
            assert names(app) == found
            await pilot.press("escape")
        assert len(names(app)) == 3


async def test_runs_that_share_a_name_show_their_seeds(store: Store) -> None:
    for name, seed in (("twice", 0), ("twice", 7), ("once", 3)):
        finished(store, experiment={"name": name, "seed": seed})
    app = Stage(screen=RunsScreen(store))
    async with app.run_test() as pilot:
        await opened(app, pilot, 3)
        assert sorted(names(app)) == ["once", "twice, seed 0", "twice, seed 7"]


async def test_a_run_is_renamed(store: Store) -> None:
    made = some(store)
    folder = made["diverged"].folder
    assert folder
    app = Stage(screen=RunsScreen(store))
    async with app.run_test() as pilot:
        await opened(app, pilot, 3, "n")
        assert isinstance(app.screen, AskText)
        await pilot.press(*"too fast", "enter")
        await until(lambda: "too fast" in names(app))
        assert folder.display_name() == "too fast"


async def test_a_run_is_deleted_after_a_question(store: Store) -> None:
    made = some(store)
    folder = made["diverged"].folder
    assert folder
    app = Stage(screen=RunsScreen(store))
    async with app.run_test() as pilot:
        await opened(app, pilot, 3, "d")
        assert isinstance(app.screen, Ask)
        await pilot.press("enter")
        assert folder.path.exists()
        await pilot.press("d", "y")
        await until(lambda: names(app) == ["good", "old"])
        assert not folder.path.exists()


async def test_a_run_that_is_alive_is_not_deleted(store: Store) -> None:
    recording = recorded.running(store)
    assert recording.folder
    app = Stage(screen=RunsScreen(store))
    async with app.run_test() as pilot:
        await opened(app, pilot, 1, "d")
        assert not isinstance(app.screen, Ask)
        assert recording.folder.path.exists()
    recording.release_lock()


async def test_what_happens_to_runs_is_followed(store: Store) -> None:
    recording = recorded.running(store, epochs=5)
    app = Stage(screen=RunsScreen(store))
    async with app.run_test() as pilot:
        await opened(app, pilot, 1)
        assert rows(app)[0][0] == "● training"
        best = rows(app)[0][2]
        recording.train(epochs=10)
        await until(lambda: rows(app)[0][2] > best)
        recording.train().end()
        recording.release_lock()
        await until(lambda: rows(app)[0][0] == "✓ finished")
        recorded.paused(store, experiment={"name": "another"}).release_lock()
        await until(lambda: names(app)[0] == "another")


async def test_the_highlighted_run_stays_when_others_come(store: Store) -> None:
    some(store)
    app = Stage(screen=RunsScreen(store))
    async with app.run_test() as pilot:
        await opened(app, pilot, 3, "down")
        recorded.finished(store, experiment={"name": "newer"})
        await until(lambda: len(names(app)) == 4)
        await pilot.press("enter")
        assert app.result.folder.display_name() == "good"


async def test_figures_of_a_run_are_explained(store: Store) -> None:
    recorded.overfit(store)
    app = Stage(screen=RunsScreen(store))
    async with app.run_test(size=(160, 40)) as pilot:
        await opened(app, pilot, 1)
        await pilot.pause()
        said = explained(app)
        assert "accuracy at epoch 60 of 60" in said
        assert "model.hidden 100 → 100,100,100,100,100,100" in said
        assert str(store.runs_folder) in said


async def test_damaged_and_hostile_runs_break_nothing(store: Store) -> None:
    recorded.stopped(store, experiment={"name": "fine"})
    evil = recorded.finished(store)
    torn = recorded.finished(store, experiment={"name": "torn"})
    assert evil.folder
    assert torn.folder
    evil.folder.name_file.write_text(HOSTILE)
    torn.folder.events_file.write_bytes(b"\xff\x00{not json\n[]\n{}")
    torn.folder.experiment_file.write_text("model: 3")
    app = Stage(screen=RunsScreen(store))
    async with app.run_test(size=(160, 40)) as pilot:
        await opened(app, pilot, 3, "down", "down", "up")
        assert INERT in names(app)
        assert INERT in explained(app)
        assert "\x1b" not in "".join(names(app))


async def test_without_runs_it_says_what_to_press(store: Store) -> None:
    app = Stage(screen=RunsScreen(store))
    async with app.run_test() as pilot:
        await until(lambda: "No runs yet" in shown(app))
        await pilot.press("enter", "d", "n", "R", "s", "escape")
        assert app.result is None


def shown(app: Stage) -> str:
    """The lines of the list as they are drawn."""
    listed = app.screen_stack[1].query_one(RowList)
    return "\n".join(listed.render_line(y).text for y in range(listed.size.height))


async def test_a_thousand_runs_are_shown_a_screenful_at_a_time(store: Store) -> None:
    first = recorded.finished(store, experiment={"name": "first", "training": {"epochs": 1}})
    assert first.folder
    experiment, log = first.folder.experiment_file.read_bytes(), first.folder.events_file.read_bytes()
    for number in range(1, 1000):
        folder = store.runs_folder / f"20251120-{number:06}-run-0000"
        folder.mkdir()
        (folder / "experiment.yaml").write_bytes(experiment)
        (folder / "events.jsonl").write_bytes(log)
    app = Stage(screen=RunsScreen(store))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, 1000, "end")
        assert app.screen.query_one(RowList).highlighted.key.startswith("20251120-000000")  # type: ignore[union-attr]
        assert "▸" in shown(app)
        await pilot.press("pageup", "home", "pagedown")
        assert "▸" in shown(app)


def test_the_screen_looks_as_it_did(
    snap_compare: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, store: Store
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket, "gethostname", lambda: "laboratory")
    monkeypatch.setattr(runs, "moment", lambda unix: "Nov 20 22:47")
    store.root = Path("home")
    some(store)
    recorded.overfit(store)
    alive = recorded.running(store, experiment={"name": "alive", "regularization": {"l2": 0.01}})

    async def wait(pilot: Pilot[Any]) -> None:
        await opened(pilot.app, pilot, 5)  # type: ignore[arg-type]
        await pilot.press("down")
        await pilot.pause()

    try:
        assert snap_compare(Stage(screen=RunsScreen(store)), terminal_size=(140, 30), run_before=wait)
    finally:
        alive.release_lock()
