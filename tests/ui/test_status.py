"""The top line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest
from rich.cells import cell_len
from textual.geometry import Region

from tests.ui.views import EXPERIMENT, HOSTILE, INERT, Stage, run, until
from tui_trainer.runs.records import Preparing
from tui_trainer.runs.states import State
from tui_trainer.runs.view import Checkpoint, RunView
from tui_trainer.ui.widgets.rows import changed_regions
from tui_trainer.ui.widgets.status_line import StatusLine


async def shown(view: RunView | None, width: int = 160, edited: bool = False) -> str:
    line = StatusLine()
    async with Stage(line).run_test(size=(width, 3)):
        line.show(view, EXPERIMENT, edited)
        return line.text()


async def test_a_run_in_training_shows_where_it_is() -> None:
    text = await shown(run(seconds_left=7.2, steps_per_second=1912.0))
    for part in (
        "digits-overfit",
        "digits · mlp 6 × 100",
        "● training",
        "epoch  42/201",
        " 20 %",
        "1.9k updates/s",
        "0:07 left",
    ):
        assert part in text
    assert text.endswith("cpu")


async def test_without_a_run_it_says_what_to_press() -> None:
    text = await shown(None)
    assert "digits-overfit" in text
    assert text.endswith("Space trains")


async def test_a_download_shows_how_far_it_is() -> None:
    view = replace(run(), state="starting", preparing=Preparing("mnist\x1b[2J", 3_000_000, 12_000_000))
    text = await shown(view)
    assert text.endswith("3 MB of 12 MB")
    assert "downloading mnist[2J" in text
    assert "downloading mnist" in await shown(view, 80)


async def test_an_edited_experiment_is_said_to_be() -> None:
    assert "edited" in await shown(run(), edited=True)
    assert "edited" not in await shown(run())


@pytest.mark.parametrize("width", [80, 120, 200])
async def test_figures_stay_in_their_places(width: int) -> None:
    line = StatusLine()
    async with Stage(line).run_test(size=(width, 3)):
        places = set()
        for epochs, left, rate in ((1, 4000.0, 0.5), (42, 61.0, 19.0), (200, 1.0, 1912.0)):
            line.show(run(epochs, seconds_left=left, steps_per_second=rate), EXPERIMENT)
            line.update()
            text = line.text()
            assert cell_len(text) <= width - 2
            places.add((text.index("epoch"), text.index("%"), text.index("updates/s"), text.index("left")))
        assert len(places) == 1


async def test_what_matters_most_stays_at_80_columns() -> None:
    text = await shown(run(seconds_left=7.2, steps_per_second=1912.0), width=80)
    for part in ("digits", "● training", "42/201", "20 %", "1.9k updates/s", "0:07 left"):
        assert part in text


async def test_state_and_epoch_stay_at_40_columns() -> None:
    text = await shown(run(), width=40)
    assert "● training" in text
    assert "42/201" in text


@pytest.mark.parametrize("state", get_args(State))
async def test_each_state_has_a_sign_and_a_word(state: Any) -> None:
    word = "training" if state == "running" else state
    text = await shown(run(state=state))
    sign, _, rest = text[text.index(word) - 2 :].partition(" ")
    assert sign.strip()
    assert not sign.isalnum()
    assert rest.startswith(word)


async def test_a_failed_run_says_why_where_and_what_to_press() -> None:
    text = await shown(run(state="failed", reason="the loss is not finite", where="layer 1"))
    assert "✗ failed  the loss is not finite (first in layer 1) · epoch 42 of 201 · Space trains it anew" in text


async def test_a_divergence_says_what_became_of_the_loss_and_leaves_the_rest_to_the_notice() -> None:
    text = await shown(run(state="failed", reason="diverged: the loss became NaN at step 5", where="the output layer"))
    assert "✗ failed  diverged: the loss became NaN at step 5 · epoch 42 of 201 · Space trains it anew" in text


async def test_a_stalled_run_says_what_stops_it() -> None:
    assert "x stops it" in await shown(run(state="stalled", reason="no sign of life for 10 seconds"))


async def test_a_run_that_was_cut_off_can_be_taken_up_again_if_it_has_a_checkpoint() -> None:
    checkpoints = (Checkpoint(120, 40.0, "120", ("last",), 1000),)
    cut_off = run(state="died", reason="its worker is gone", checkpoints=checkpoints)
    assert "Space takes it up again" in await shown(cut_off)
    assert "Space trains it anew" in await shown(cut_off, edited=True)
    assert "Space trains it anew" in await shown(replace(cut_off, checkpoints=()))


async def test_a_finished_run_says_how_long_it_took() -> None:
    text = await shown(run(201, state="finished", reason="epochs", seconds=75.0))
    assert "✓ finished" in text
    assert "100 %" in text
    assert "took    1:15" in text


async def test_early_stopping_is_told() -> None:
    assert "early stopping: no better for 10 epochs" in await shown(
        run(state="finished", reason="early stopping: no better for 10 epochs")
    )


async def test_why_a_run_ended_early_goes_before_how_far_it_came() -> None:
    reason = "early stopping: validation loss not below 0.1"
    assert reason in await shown(run(state="finished", reason=reason), width=80)


async def test_another_experiment_than_the_runs_goes_by_its_own_name() -> None:
    line = StatusLine()
    async with Stage(line).run_test(size=(80, 3)):
        line.show(run(), EXPERIMENT.model_copy(update={"name": "lr-too-high"}), edited=True)
        assert line.text().startswith("lr-too-high  new ")


@pytest.mark.parametrize("width", [80, 160])
@pytest.mark.parametrize("state", ["running", "finished"])
async def test_a_limited_pace_is_shown(width: int, state: Any) -> None:
    line = StatusLine()
    slow = EXPERIMENT.model_copy(update={"training": EXPERIMENT.training.model_copy(update={"pace": 100})})
    async with Stage(line).run_test(size=(width, 3)):
        line.show(run(state=state, present=slow), slow, edited=True)
        assert "pace 100/s" in line.text()
        line.show(None, slow)
        assert line.text().endswith("Space trains  pace 100/s")


async def test_a_paused_run_shows_its_step() -> None:
    view = run(state="paused")
    assert f"step {view.step:,}" in await shown(view, width=80)


async def test_a_hostile_name_and_reason_are_inert() -> None:
    text = await shown(run(name=HOSTILE, state="failed", reason=HOSTILE), width=200)
    assert text.count(INERT) == 2
    assert "\x1b" not in text


async def test_only_what_changed_is_repainted() -> None:
    line = StatusLine()
    async with Stage(line).run_test(size=(120, 3)):
        line.show(run(seconds_left=7.2), EXPERIMENT)
        before = line._rows
        line.show(run(seconds_left=7.3), EXPERIMENT)
        line.update()
        assert changed_regions(before, line._rows) == []
        line.show(run(seconds_left=9.0), EXPERIMENT)
        line.update()
        (region,) = changed_regions(before, line._rows)
        assert isinstance(region, Region)
        assert region.width == 1


async def test_figures_that_come_too_fast_to_read_wait_but_news_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StatusLine, "REST", 3600.0)
    line = StatusLine()
    async with Stage(line).run_test(size=(120, 3)):
        line.show(run(10), EXPERIMENT)
        line.show(run(11), EXPERIMENT)
        assert " 10/201" in line.text()
        line.show(run(12, state="paused"), EXPERIMENT)
        assert "paused" in line.text()
        assert " 12/201" in line.text()


async def test_the_last_of_many_figures_is_shown_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StatusLine, "REST", 0.05)
    line = StatusLine()
    async with Stage(line).run_test(size=(120, 3)):
        for epochs in range(1, 30):
            line.show(run(epochs), EXPERIMENT)
        await until(lambda: " 29/201" in line.text())
