"""From the main screen to a comparison and back: forking, varying, marking, presets, findings, and leaving."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.recorded import finished, overfit
from tests.ui.dashboards import MAPPING, FakeApp, ready, screen_text, until
from tui_trainer.experiment.comparison import vary
from tui_trainer.experiment.parse import parse
from tui_trainer.runs import queue
from tui_trainer.runs.store import Store
from tui_trainer.ui.app import Opening
from tui_trainer.ui.laboratory import following
from tui_trainer.ui.screens.ask import Ask
from tui_trainer.ui.screens.checkpoints import CheckpointsScreen
from tui_trainer.ui.screens.compare import CompareScreen
from tui_trainer.ui.screens.inspect import InspectScreen
from tui_trainer.ui.screens.runs import RunsScreen
from tui_trainer.ui.screens.vary import VaryScreen


@pytest.fixture(autouse=True)
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_cores", lambda: 2)
    monkeypatch.setattr(following, "INTERVAL", 0.05)


@asynccontextmanager
async def dashboard(home: Path, **arguments: Any) -> AsyncIterator[Pilot[Any]]:
    app = FakeApp(home, **arguments)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        yield pilot
    app.worker.close()


def app_of(pilot: Pilot[Any]) -> FakeApp:
    assert isinstance(pilot.app, FakeApp)
    return pilot.app


async def shown(pilot: Pilot[Any], screen: type) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen), screen.__name__)


async def sides(pilot: Pilot[Any], *names: str) -> None:
    """Wait until a comparison has these sides."""

    def there() -> bool:
        comparing = app_of(pilot).laboratory.comparing
        return comparing is not None and [side.arm.name for side in comparing.state.sides] == list(names)

    await until(pilot, there, f"the sides {names}")


async def trained(pilot: Pilot[Any], home: Path) -> None:
    """Look at a run that has ended."""
    recording = overfit(Store(home))
    assert recording.folder
    app_of(pilot).laboratory.open(recording.folder)
    await until(pilot, lambda: app_of(pilot).laboratory.view and app_of(pilot).laboratory.findings.found)


async def test_a_run_is_forked_with_four_keys(home: Path) -> None:
    async with dashboard(home) as pilot:
        await trained(pilot, home)
        await pilot.press("f")
        assert "fork of overfit: change something" in screen_text(pilot.app)
        assert "Space start the fork" in screen_text(pilot.app)
        await pilot.press("4", "down", "right", "space")
        await shown(pilot, CompareScreen)
        await sides(pilot, "lr 0.1", "lr 0.3")
        await pilot.press("escape")
        assert "fork of" not in screen_text(pilot.app)
        await pilot.press("c")
        await shown(pilot, CompareScreen)


async def test_esc_makes_a_fork_no_fork(home: Path) -> None:
    async with dashboard(home) as pilot:
        await trained(pilot, home)
        await pilot.press("f", "escape")
        assert app_of(pilot).laboratory.fork_of is None
        assert "fork of" not in screen_text(pilot.app)


async def test_checkpoints_are_chosen_from_a_list(home: Path) -> None:
    async with dashboard(home) as pilot:
        await trained(pilot, home)
        folder = app_of(pilot).laboratory.folder
        assert folder
        (folder.checkpoints / "180").mkdir(parents=True)
        await pilot.press("K")
        await shown(pilot, CheckpointsScreen)
        await until(pilot, lambda: "epoch 60" in screen_text(pilot.app))
        await pilot.press("enter")
        await until(pilot, lambda: "fork of overfit at epoch 60" in screen_text(pilot.app))


async def test_a_field_is_varied(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("4", "down", "v")
        await shown(pilot, VaryScreen)
        await pilot.press("enter")
        await shown(pilot, CompareScreen)
        await sides(pilot, "lr 0.03", "lr 0.1", "lr 0.3")
        await until(pilot, lambda: len(app_of(pilot).worker.recordings) == 2)
        await pilot.press("q")
        await shown(pilot, Ask)
        await until(pilot, lambda: "2 runs are still training, 1 waits for a turn." in screen_text(pilot.app))
        assert "not started any more." in screen_text(pilot.app)
        await pilot.press("k")
        await until(pilot, lambda: not pilot.app.is_running)
        assert [recording.obey() for recording in app_of(pilot).worker.recordings] == [["detach"], ["detach"]]


async def test_q_right_after_space_asks(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with dashboard(home) as pilot:
        laboratory = app_of(pilot).laboratory
        laboratory.toggle()
        assert laboratory.under_way.alive() == []
        await pilot.app.action_quit()
        await shown(pilot, Ask)
        await until(pilot, lambda: "A run is still training." in screen_text(pilot.app))
        await pilot.press("k")
        await until(pilot, lambda: not pilot.app.is_running)
        assert app_of(pilot).recording.obey() == ["detach"]


async def test_a_comparison_that_opens_meanwhile_does_not_take_the_question_away(home: Path) -> None:
    async with dashboard(home) as pilot:
        laboratory = app_of(pilot).laboratory
        laboratory.toggle()
        await until(pilot, lambda: laboratory.under_way.alive())
        await pilot.app.action_quit()
        await shown(pilot, Ask)
        laboratory.comparisons.begin(vary(parse(MAPPING), "optimizer.lr", [0.01, 0.1]), start=False)
        assert isinstance(pilot.app.screen, Ask)
        await pilot.press("escape")
        await shown(pilot, CompareScreen)
        await pilot.app.action_quit()
        await shown(pilot, Ask)


async def test_marked_runs_are_compared_from_the_runs_screen(home: Path) -> None:
    for lr in (0.01, 0.1, 1.0):
        finished(Store(home), experiment={"name": f"run {lr}", "optimizer": {"lr": lr}})
    async with dashboard(home) as pilot:
        await pilot.press("r")
        await shown(pilot, RunsScreen)
        await until(pilot, lambda: "run 0.01" in screen_text(pilot.app))
        await pilot.press("s", "home", "m", "m")
        await until(pilot, lambda: screen_text(pilot.app).count("◆") == 2)
        await pilot.press("c")
        await shown(pilot, CompareScreen)
        await sides(pilot, "lr 0.01", "lr 0.1")
        assert app_of(pilot).laboratory.comparisons.marked == ()


async def test_a_run_is_forked_from_the_runs_screen(home: Path) -> None:
    finished(Store(home), experiment={"name": "the parent"})
    async with dashboard(home) as pilot:
        await pilot.press("r")
        await until(pilot, lambda: "the parent" in screen_text(pilot.app))
        await pilot.press("f")
        await until(pilot, lambda: "fork of the parent: change something" in screen_text(pilot.app))


async def test_m_marks_the_present_run(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("m")
        assert app_of(pilot).laboratory.comparisons.marked == ()
        await trained(pilot, home)
        await pilot.press("m")
        folder = app_of(pilot).laboratory.folder
        assert folder
        assert app_of(pilot).laboratory.comparisons.marked == (folder.id,)
        await pilot.press("m")
        assert app_of(pilot).laboratory.comparisons.marked == ()


async def test_a_comparison_preset_opens_with_nothing_started(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("p")
        await until(pilot, lambda: "learning-rates" in screen_text(pilot.app))
        await pilot.press("slash", *"learning-rates", "enter", "enter")
        await shown(pilot, CompareScreen)
        comparing = app_of(pilot).laboratory.comparing
        assert comparing is not None
        assert comparing.state.title == "learning-rates"
        assert len(comparing.state.sides) == 4
        assert not app_of(pilot).worker.recordings
        await pilot.press("space")
        await until(pilot, lambda: len(app_of(pilot).worker.recordings) == 2)


async def test_the_program_opens_with_a_comparison(home: Path) -> None:
    comparison = vary(parse(MAPPING), "activation", ["relu", "tanh"])
    app = FakeApp(home, read=lambda: Opening(comparison=comparison))
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(pilot, CompareScreen)
        assert app.laboratory.experiment == comparison.base
        await sides(pilot, "relu", "tanh")
        assert not app.worker.recordings


async def test_the_program_opens_with_runs_to_compare(home: Path) -> None:
    store = Store(home)
    store.save_draft({"name": "the draft"})
    runs = [finished(store, experiment={"name": "run", "optimizer": {"lr": lr}}) for lr in (0.01, 0.1)]
    app = FakeApp(home, read=lambda: Opening(compare=[it.folder for it in runs if it.folder]))
    async with app.run_test(size=(120, 36)) as pilot:
        await shown(pilot, CompareScreen)
        await sides(pilot, "lr 0.01", "lr 0.1")
        assert app.laboratory.experiment.name == "the draft"


async def test_enter_on_a_finding_tries_what_would_mend_it(home: Path) -> None:
    async with dashboard(home) as pilot:
        await trained(pilot, home)
        assert "! overfitting since epoch" in screen_text(pilot.app)
        assert "t findings" in screen_text(pilot.app).splitlines()[-1]
        await pilot.press("t")
        assert "Enter try the cure" in screen_text(pilot.app)
        assert "Why:" in screen_text(pilot.app)
        await pilot.press("enter")
        await shown(pilot, CompareScreen)
        await until(pilot, lambda: app_of(pilot).worker.recordings)


async def test_i_shows_what_the_model_sees(home: Path) -> None:
    async with dashboard(home) as pilot:
        await trained(pilot, home)
        await pilot.press("i")
        await shown(pilot, InspectScreen)
