"""Before anything is downloaded it is said what, from where and into which folder, and a person may say no."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.dashboards import MAPPING, FakeApp, ready, screen_text, until
from tui_trainer.choices.data import DataError
from tui_trainer.choices.data.base import Missing, PublishedFile
from tui_trainer.choices.data.digits import Digits
from tui_trainer.experiment.comparison import vary
from tui_trainer.experiment.parse import parse
from tui_trainer.runs.store import Store
from tui_trainer.ui.app import Opening
from tui_trainer.ui.screens.ask import Ask
from tui_trainer.ui.screens.compare import CompareScreen
from tui_trainer.ui.screens.main_opens import begin_comparison

QUESTION = "digits is not on this machine yet. Download and train?"


@pytest.fixture
def lacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Missing]:
    """What the digits lack; empty as soon as a test says so."""
    files = (PublishedFile("a.gz", 11_000_000, ""),)
    lacking = [Missing("digits", tmp_path / "digits", files, "data.example.org")]
    monkeypatch.setattr(Digits, "missing", lambda self: lacking[0] if lacking else None)
    return lacking


def asked(app: FakeApp) -> bool:
    return isinstance(app.screen, Ask)


@pytest.mark.parametrize("key", ["space", "n", "N", "R"])
async def test_what_is_to_be_downloaded_is_said_first(home: Path, lacking: list[Missing], key: str) -> None:
    app = FakeApp(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press(key)
        await until(pilot, lambda: asked(app) and QUESTION in screen_text(app), "the question")
        words = " ".join(screen_text(app).replace("│", " ").split())
        assert "11 MB from data.example.org, once, to" in words
        await pilot.press("escape")
        assert not asked(app)
        assert app.laboratory.view is None
        assert not app.worker.recordings

        await pilot.press(key, "y")
        await until(pilot, lambda: app.worker.recordings, "a run")


async def test_enter_is_the_safe_answer(home: Path, lacking: list[Missing]) -> None:
    app = FakeApp(home)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await pilot.press("space")
        await until(pilot, lambda: asked(app), "the question")
        await pilot.press("enter")
        assert not asked(app)
        assert app.laboratory.view is None


async def test_what_is_here_is_trained_without_a_question(home: Path, lacking: list[Missing]) -> None:
    lacking.clear()
    app = FakeApp(home)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await pilot.press("space")
        assert not asked(app)
        await until(pilot, lambda: app.worker.recordings, "a run")


async def test_a_run_under_way_is_paused_without_a_question(home: Path, lacking: list[Missing]) -> None:
    app = FakeApp(home)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await pilot.press("space", "y")
        await until(pilot, lambda: app.worker.recordings, "a run")
        app.recording.train(1)
        await until(pilot, lambda: app.laboratory.view and app.laboratory.view.state == "running", "training")
        await pilot.press("space")
        assert not asked(app)
        await until(pilot, lambda: "pause" in app.recording.obey(), "pause")


async def test_a_comparison_asks_once_and_is_only_shown_where_the_answer_is_no(
    home: Path, lacking: list[Missing]
) -> None:
    app = FakeApp(home)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        begin_comparison(app, app.laboratory, vary(app.laboratory.experiment, "optimizer.lr", [0.01, 0.1]))
        await until(pilot, lambda: QUESTION in screen_text(app), "the question")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen), "the comparison")
        assert not app.worker.recordings
        await pilot.press("space")
        await until(pilot, lambda: asked(app), "the question")
        await pilot.press("y")
        await until(pilot, lambda: app.worker.recordings, "a run")


async def test_a_comparison_of_old_asks_before_it_goes_on(home: Path, lacking: list[Missing]) -> None:
    kept = Store(home).comparisons.save(vary(parse(MAPPING), "optimizer.lr", [0.01, 0.1]))
    app = FakeApp(home, read=lambda: Opening(comparison_id=kept), start=True)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: asked(app) and QUESTION in screen_text(app), "the question")
        assert not app.worker.recordings
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen), "the comparison")
        assert not app.worker.recordings


async def test_a_side_that_lacks_nothing_is_started_without_a_question(home: Path, lacking: list[Missing]) -> None:
    app = FakeApp(home)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        app.laboratory.comparisons.begin(vary(app.laboratory.experiment, "data.kind", ["digits", "iris"]), start=False)
        await until(pilot, lambda: isinstance(app.screen, CompareScreen), "the comparison")
        await pilot.press("2", "space")
        assert not asked(app)
        await until(pilot, lambda: app.worker.recordings, "a run")
        await pilot.press("1", "space")
        await until(pilot, lambda: asked(app), "the question")


async def test_where_it_cannot_be_told_what_is_lacking_training_goes_on_to_say_why(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(self: Digits) -> None:
        raise DataError("$TUI_TRAINER_MIRROR must be an address")

    monkeypatch.setattr(Digits, "missing", missing)
    app = FakeApp(home)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await pilot.press("a")
        await until(pilot, lambda: "$TUI_TRAINER_MIRROR must be" in screen_text(app), "the problem")
        assert "error of the program itself" not in screen_text(app)
        await pilot.press("escape", "space")
        assert not asked(app)
        await until(pilot, lambda: app.worker.recordings, "a run, whose worker says why")
