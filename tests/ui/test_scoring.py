"""The test part, on the main screen: asked for once, and shown from then on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.recorded import TRAIN_SAMPLES, VALIDATION_SAMPLES, Recording, finished
from tests.ui.dashboards import FakeApp, ready, said, screen_text, until
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.score import TestScore, keep_score
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import read
from tui_trainer.ui.screens.ask import Ask

PARTS = {"train": TRAIN_SAMPLES, "validation": VALIDATION_SAMPLES, "test": 77}


def score(folder: RunFolder) -> TestScore:
    best = read(folder).best
    assert best
    return keep_score(folder, best.step, best.epoch, {"loss": 0.5, "accuracy": 0.8642}, 77)


class Scored(FakeApp):
    """A dashboard whose workers score."""

    asked: int = 0

    def __init__(self, home: Path, **arguments: Any) -> None:
        super().__init__(home, **arguments)
        self.worker.score = self._score  # type: ignore[attr-defined]

    def _score(self, folder: RunFolder) -> TestScore:
        self.asked += 1
        return score(folder)


async def opened(pilot: Pilot[Any], recording: Recording) -> None:
    app = pilot.app
    assert isinstance(app, FakeApp)
    assert recording.folder
    await ready(pilot)
    app.laboratory.open(recording.folder)
    await until(pilot, lambda: app.laboratory.view is not None and bool(app.laboratory.view.evaluations), "the run")


async def test_a_run_is_scored_after_a_question_whose_safe_answer_is_no(home: Path) -> None:
    app = Scored(home)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, finished(Store(), samples=PARTS))
        await until(pilot, lambda: "T scores it" in screen_text(app), "how to score")
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, Ask), "the question")
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, Ask), "no question any more")
        assert app.asked == 0

        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, Ask), "the question")
        await pilot.press("y")
        await until(pilot, lambda: "0.8642" in screen_text(app), "the score")
        await pilot.press("T")
        await pilot.pause()
        assert not isinstance(app.screen, Ask)
        assert app.asked == 1


async def test_a_score_of_before_is_shown(home: Path) -> None:
    recording = finished(Store(), samples=PARTS)
    assert recording.folder
    score(recording.folder)
    app = Scored(home)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, recording)
        await until(pilot, lambda: "0.8642" in screen_text(app), "the score")


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_a_run_without_a_test_part_says_how_to_have_one(home: Path, size: tuple[int, int]) -> None:
    app = Scored(home)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, finished(Store()))
        assert "T scores it" not in screen_text(app)
        await pilot.press("T")
        await until(pilot, lambda: "set no samples aside" in said(app), "why not")
