"""The model before training: layers, what is learned and what is chosen, memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests import looks
from tests.ui.dashboards import FakeApp, FakeWorker, ready, screen_text, until
from tui_trainer.experiment.problems import Problem
from tui_trainer.runs.structure import read_steps
from tui_trainer.ui.screens.model import ModelScreen


@pytest.fixture
def app(home: Path, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    """A dashboard whose worker tells the steps of a network."""
    describe = FakeWorker.describe

    def with_steps(self: FakeWorker, mapping: Any, /) -> Any:
        said = describe(self, mapping)
        sizes = {"weights": 4000, "gradients": 4000, "optimizer": 8000, "activations": 2000, "data": 2000}
        return replace(
            said,
            parameters=768,
            steps=read_steps(looks.steps()),
            bytes={**sizes, "total": 20_000},
            free={"cpu": 10**9},
        )

    monkeypatch.setattr(FakeWorker, "describe", with_steps)
    return FakeApp(home)


async def opened(app: FakeApp, pilot: Pilot[Any], *keys: str) -> str:
    if not isinstance(app.screen, ModelScreen):
        await ready(pilot)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, ModelScreen), "the model screen")
    await pilot.press(*keys)
    await pilot.pause()
    return screen_text(app)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=str)
async def test_layers_say_what_is_learned_in_them(app: FakeApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        shown = await opened(app, pilot)
        linear = next(line for line in shown.splitlines() if "hidden 1  " in line)
        assert linear.split()[1:5] == ["hidden", "1", "dense", "16"]
        for words in ("weights 16×40 (frozen)", "embedding 10×8", "scale 16", "shift 16", "batch norm", "ReLU"):
            assert words in shown
        assert "768 parameters: 112 learned, 656 frozen" in shown
        assert "640 multiplications" in shown


async def test_what_is_chosen_stands_apart_from_what_is_learned(app: FakeApp) -> None:
    async with app.run_test(size=(100, 40)) as pilot:
        shown = await opened(app, pilot, "2")
        assert "optimizer: sgd" in shown
        assert "100,100" in shown
        assert "batch size" in shown


async def test_memory_by_what_it_is_for(app: FakeApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        shown = await opened(app, pilot, "tab", "tab")
        optimizer = next(line for line in shown.splitlines() if "optimizer" in line)
        assert "8 kB" in optimizer
        assert "20 kB" in next(line for line in shown.splitlines() if "together" in line)
        assert "free on cpu" in shown
        await pilot.press("escape")
        assert not isinstance(app.screen, ModelScreen)


async def test_a_model_that_cannot_be_built_says_why(app: FakeApp) -> None:
    app.worker.problems = [Problem("model.blocks.2.kernel", "block 3: a 5x5 kernel does not fit a 3x3 input")]
    async with app.run_test(size=(100, 30)) as pilot:
        assert "block 3: a 5x5 kernel does not fit a 3x3 input" in await opened(app, pilot)
