"""The main screen: starting, watching, comparing with the run before, and leaving."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key
from textual.pilot import Pilot

from tests.recorded import Recording, failed, finished, interrupted, overfitting, running
from tests.ui.dashboards import FakeApp, ready, screen_text, until
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.presets import find
from tui_trainer.experiment.problems import Problem
from tui_trainer.experiment.schema import Experiment
from tui_trainer.insight.findings.base import Finding
from tui_trainer.runs.store import Store
from tui_trainer.ui.forms.form import FormPanel
from tui_trainer.ui.forms.help import FieldHelp
from tui_trainer.ui.panels.findings import FindingsPanel
from tui_trainer.ui.panels.generalization import GeneralizationPanel
from tui_trainer.ui.screens.ask import Ask, AskText
from tui_trainer.ui.terminal.glyphs import DOWN, UP
from tui_trainer.ui.terminal.keymap import _taken, actions
from tui_trainer.ui.widgets.curve_plot import CurvePlot
from tui_trainer.ui.widgets.rows import Rows

WIDE = (120, 36)


@asynccontextmanager
async def dashboard(home: Path, size: tuple[int, int] = WIDE, **arguments: Any) -> AsyncIterator[Pilot[Any]]:
    app = FakeApp(home, **arguments)
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        yield pilot
    app.worker.close()


def app_of(pilot: Pilot[Any]) -> FakeApp:
    assert isinstance(pilot.app, FakeApp)
    return pilot.app


async def start(pilot: Pilot[Any], epochs: int = 0) -> Recording:
    """Press space, and train so many epochs of the run."""
    app = app_of(pilot)
    runs = len(app.worker.recordings)
    await pilot.press("space")
    await until(pilot, lambda: len(app.worker.recordings) > runs, "a run")
    app.recording.train(epochs)
    view = lambda: app.laboratory.view  # noqa: E731
    await until(pilot, lambda: view() and view().state == "running" and view().epoch >= epochs, f"epoch {epochs}")
    return app.recording


def top(pilot: Pilot[Any]) -> str:
    return screen_text(pilot.app).splitlines()[0]


def bottom(pilot: Pilot[Any]) -> str:
    return screen_text(pilot.app).splitlines()[-1]


def curves(pilot: Pilot[Any], plot: str) -> int:
    """How many cells of a plot are drawn with dots."""
    text = pilot.app.query_one(f"#{plot}", CurvePlot).text()
    return sum("\u2801" <= character <= "\u28ff" for character in text)


# Watching


async def test_space_starts_and_the_curves_grow(home: Path) -> None:
    async with dashboard(home) as pilot:
        assert "Space trains" in top(pilot)
        recording = await start(pilot, epochs=3)
        assert "training" in top(pilot)
        few = curves(pilot, "metric")
        assert few
        recording.train(20)
        await until(pilot, lambda: curves(pilot, "metric") > few, "more of the curve")
        await until(pilot, lambda: "pause" in bottom(pilot))


async def test_the_next_run_grows_over_the_ghost_of_this_one(home: Path) -> None:
    async with dashboard(home) as pilot:
        first = await start(pilot, epochs=30)
        first.end()
        first.release_lock()
        await until(pilot, lambda: "finished" in top(pilot))
        await pilot.press("3", "right")
        assert "edited" in top(pilot)
        second = await start(pilot, epochs=2)
        assert second.experiment.activation.kind == "leaky_relu"
        await until(pilot, lambda: "before" in screen_text(pilot.app))
        with_ghost = curves(pilot, "metric")
        await pilot.press("g")
        await until(pilot, lambda: curves(pilot, "metric") < with_ghost, "no ghost")
        await pilot.press("g")
        await until(pilot, lambda: curves(pilot, "metric") == with_ghost, "the ghost")


async def test_a_live_change_reaches_the_run_and_is_marked_on_the_curves(home: Path) -> None:
    async with dashboard(home) as pilot:
        recording = await start(pilot, epochs=5)
        await pilot.press("4", "down", "left")
        assert "│… lr" in screen_text(pilot.app)  # not confirmed yet
        await until(pilot, lambda: recording.obey() == ["set"], "the command")
        await until(pilot, lambda: "│↯ lr" in screen_text(pilot.app), "the answer")
        recording.train(5)
        await until(pilot, lambda: "lr 0.03" in pilot.app.query_one("#loss", CurvePlot).text(), "a mark")
        assert "edited" not in top(pilot)


async def test_n_x_and_pace_command_the_run(home: Path) -> None:
    async with dashboard(home) as pilot:
        recording = await start(pilot, epochs=1)
        await pilot.press("n")
        await until(pilot, lambda: recording.obey() == ["step"])
        await until(pilot, lambda: "paused" in top(pilot))
        await pilot.press("N", "minus")
        await until(pilot, lambda: recording.obey() == ["epoch", "set"])
        assert recording.present.training.pace == 100
        await pilot.press("x")
        await until(pilot, lambda: isinstance(pilot.app.screen, Ask))
        await pilot.press("enter")
        assert recording.obey() == []  # the safe answer
        await pilot.press("x", "y")
        await until(pilot, lambda: recording.obey() == ["stop"])
        await until(pilot, lambda: "stopped" in top(pilot))


async def test_a_run_is_extended(home: Path) -> None:
    async with dashboard(home) as pilot:
        recording = await start(pilot, epochs=2)
        await pilot.press("E")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskText))
        await pilot.press("ctrl+u", *"0", "enter")
        assert "at least 1" in screen_text(pilot.app)
        await pilot.press("backspace", *"12", "enter")
        await until(pilot, lambda: recording.obey() == ["extend"])
        assert recording.planned_epochs == 42
        await until(pilot, lambda: "/42" in top(pilot))


async def test_restart_stops_the_run_and_starts_as_edited(home: Path) -> None:
    async with dashboard(home) as pilot:
        first = await start(pilot, epochs=2)
        await pilot.press("3", "right", "R")
        await until(pilot, lambda: first.obey() == ["stop"])
        await until(pilot, lambda: len(app_of(pilot).worker.recordings) == 2)
        assert app_of(pilot).recording.experiment.activation.kind == "leaky_relu"


async def test_a_failed_run_says_why_and_where_its_log_is(home: Path) -> None:
    recording = failed(Store(home))
    assert recording.folder is not None
    async with dashboard(home) as pilot:
        app_of(pilot).laboratory.open(recording.folder)
        await until(pilot, lambda: "failed" in top(pilot))
        assert "the loss is not finite" in top(pilot)
        await until(pilot, lambda: "worker.log" in "".join(screen_text(pilot.app).split()))
        assert "quit" in bottom(pilot)


async def test_a_divergence_is_explained(home: Path) -> None:
    recording = Recording(Store(home), {"optimizer": {"lr": 1000.0}}).train(epochs=1)
    recording.end("failed", "diverged: the loss became NaN at step 5", where="the output layer")
    assert recording.folder is not None
    async with dashboard(home) as pilot:
        app_of(pilot).laboratory.open(recording.folder)
        said = "diverged at step 5: the loss became NaN (first in the output layer). Learning rate 1000:"
        await until(pilot, lambda: said in " ".join(screen_text(pilot.app).split()))
        assert "failed" in top(pilot)
        assert "worker.log" not in screen_text(pilot.app)


async def test_a_field_that_differs_from_the_run_is_marked(home: Path) -> None:
    async with dashboard(home) as pilot:
        await start(pilot, epochs=1)
        assert "•" not in screen_text(pilot.app)
        await pilot.press("3", "right", "4")
        assert "3 Activation •" in screen_text(pilot.app)
        await pilot.press("3")
        assert "•activation" in screen_text(pilot.app)


async def test_what_there_is_to_see_in_an_experiment_is_told(home: Path) -> None:
    async with dashboard(home, size=(120, 36)) as pilot:
        app_of(pilot).laboratory.load(parse({"name": "taught", "teaches": "The loss runs away. \x1b[2J"}))
        await until(pilot, lambda: "The loss runs away." in screen_text(pilot.app))
        assert "What there is to see" in screen_text(pilot.app)


# The layout


async def test_the_focus_survives_a_screen_that_is_too_small(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("4", "down")
        await pilot.resize_terminal(30, 8)
        await until(pilot, lambda: "too small" in screen_text(pilot.app))
        await pilot.resize_terminal(*WIDE)
        await until(pilot, lambda: "too small" not in screen_text(pilot.app))
        assert pilot.app.focused is pilot.app.query_one("#optimizer")
        await pilot.press("left")
        assert app_of(pilot).laboratory.experiment.optimizer.lr < 0.1


async def test_low_and_high_values_are_explained_where_rows_are_few(home: Path) -> None:
    async with dashboard(home, size=(80, 24)) as pilot:
        await pilot.press("6")
        shown = screen_text(pilot.app)
        assert shown.index("Samples per update") < shown.index("Low: ") < shown.index("High: ")


async def test_tab_switches_plots_where_there_is_room_for_one(home: Path) -> None:
    async with dashboard(home, size=(80, 24)) as pilot:
        assert "─ Loss " in screen_text(pilot.app)
        assert "─ Accuracy ─" not in screen_text(pilot.app)
        await pilot.press("6", "tab")
        assert pilot.app.focused is pilot.app.query_one("#loss")
        await pilot.press("tab")
        await until(pilot, lambda: "─ Accuracy ─" in screen_text(pilot.app))
        assert "─ Loss " not in screen_text(pilot.app)
        await pilot.press("tab")
        assert isinstance(pilot.app.focused, FormPanel)
        await pilot.press("shift+tab")
        assert pilot.app.focused is pilot.app.query_one("#metric")


@pytest.mark.parametrize("size", [(40, 10), (60, 20), (66, 24), (80, 24), (80, 50), (120, 36), (200, 60), (300, 100)])
async def test_nothing_is_wider_than_the_screen(home: Path, size: tuple[int, int]) -> None:
    async with dashboard(home, size=size) as pilot:
        await start(pilot, epochs=2)
        for panel in "123456":
            await pilot.press(panel)
            focused = pilot.app.focused
            assert isinstance(focused, FormPanel)
            assert focused.row.label in screen_text(pilot.app)
        lines = screen_text(pilot.app).splitlines()
        assert len(lines) == size[1]
        assert "quit" in lines[-1]


async def test_too_small_says_so_and_comes_back(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.resize_terminal(39, 30)
        await until(pilot, lambda: "too small" in screen_text(pilot.app))
        assert "40×10" in screen_text(pilot.app)
        await pilot.resize_terminal(20, 5)
        await until(pilot, lambda: "too small" in screen_text(pilot.app))
        await pilot.resize_terminal(1, 1)
        await pilot.resize_terminal(*WIDE)
        await until(pilot, lambda: "too small" not in screen_text(pilot.app))
        assert "1 Data" in screen_text(pilot.app)


async def test_no_colour_is_sent_where_none_is_wanted(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with dashboard(home) as pilot:
        await start(pilot, epochs=3)
        strips = pilot.app.screen._compositor.render_strips()
        styles = [segment.style for strip in strips for segment in strip if segment.style]
        assert not [style for style in styles if style.color and not style.color.is_default]
        assert not [style for style in styles if style.bgcolor and not style.bgcolor.is_default]
        assert [style for style in styles if style.reverse]  # the selected field is seen


async def test_a_locale_without_signs_gets_plain_ascii(home: Path) -> None:
    async with dashboard(home, environment={"LC_ALL": "C"}) as pilot:
        await start(pilot, epochs=3)
        shown = screen_text(pilot.app)
        assert shown.isascii()
        assert "- 1 Data -" in shown
        assert "* training" in shown


async def test_what_is_loaded_over_a_run_is_told_from_it(home: Path) -> None:
    async with dashboard(home) as pilot:
        recording = await start(pilot, epochs=1)
        app_of(pilot).laboratory.load(parse({"name": "loaded-one", "optimizer": {"lr": 0.7}}))
        await until(pilot, lambda: "R stops it and trains loaded-one" in screen_text(pilot.app))
        assert "shown: the run digits-mlp" in screen_text(pilot.app)
        recording.train().end()
        recording.release_lock()
        await until(pilot, lambda: "Space trains loaded-one" in screen_text(pilot.app))


async def test_why_a_run_failed_is_not_said_of_what_is_loaded_after_it(home: Path) -> None:
    recording = failed(Store(home))
    assert recording.folder is not None
    async with dashboard(home) as pilot:
        app_of(pilot).laboratory.open(recording.folder)
        await until(pilot, lambda: "failed" in top(pilot))
        app_of(pilot).laboratory.load(parse({"name": "loaded-one"}))
        await until(pilot, lambda: "loaded-one" in top(pilot))
        assert "failed" not in top(pilot)
        assert "Space trains" in top(pilot)
        assert "worker.log" not in screen_text(pilot.app)


async def test_what_cannot_be_trained_says_why_at_once(home: Path) -> None:
    async with dashboard(home, size=(120, 36)) as pilot:
        app_of(pilot).worker.problems = [Problem("data.file", "line 701: 'big' is no number")]
        app_of(pilot).laboratory.load(parse({"name": "broken"}))
        said = "! cannot be trained: data.file: line 701: 'big' is no number"
        await until(pilot, lambda: said in " ".join(pilot.app.query_one("#help", FieldHelp).text().split()))
        assert "cannot be trained" in top(pilot)
        assert "Space trains" not in top(pilot)


async def test_what_cannot_be_trained_moves_nothing(home: Path) -> None:
    async with dashboard(home, size=(80, 24)) as pilot:
        app = app_of(pilot)
        before = app.query_one("#results").region
        app.worker.problems = [Problem("model", "a long story of why this model cannot read these data " * 3)]
        await pilot.press("2", "right")
        await until(pilot, lambda: "a long story of why" in screen_text(app))
        assert app.query_one("#results").region == before
        assert screen_text(app).count("a long story of why") <= 3, "it is said in one place"
        assert "cannot be trained" in top(pilot)


async def test_what_is_said_already_is_not_said_twice(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("u", "u", "u")
        await pilot.pause()
        assert [it.message for it in pilot.app._notifications].count("nothing to undo") == 1


async def test_a_question_goes_when_it_is_none_any_more(home: Path) -> None:
    async with dashboard(home) as pilot:
        recording = await start(pilot, epochs=1)
        await pilot.press("x")
        assert isinstance(pilot.app.screen, Ask)
        recording.train().end()
        recording.release_lock()
        await until(pilot, lambda: not isinstance(pilot.app.screen, Ask))
        assert recording.obey() == []


async def test_tab_goes_from_the_panels_to_the_findings_and_then_to_the_plots(home: Path) -> None:
    async with dashboard(home, size=(80, 24)) as pilot:
        await start(pilot, epochs=1)
        await pilot.press("t")
        assert isinstance(pilot.app.focused, FormPanel)
        app_of(pilot)._main.dashboard.show_findings([Finding("overfitting", "problem", "overfits", "so", "why")])
        app_of(pilot)._main._show_hints()
        await pilot.pause()
        assert "t findings" in screen_text(pilot.app).splitlines()[-1]
        await pilot.press("6", "tab")
        assert isinstance(pilot.app.focused, FindingsPanel)
        await pilot.press("tab")
        assert pilot.app.focused is pilot.app.query_one("#loss")
        await pilot.press("t")
        assert isinstance(pilot.app.focused, FindingsPanel)


# What was, and what will be


async def test_news_attach_with_enter(home: Path) -> None:
    recording = running(Store(home), epochs=7, experiment={"name": "of-yesterday"})
    async with dashboard(home) as pilot:
        await until(pilot, lambda: "still running" in screen_text(pilot.app))
        await pilot.press("enter")
        await until(pilot, lambda: "training" in top(pilot))
        assert "of-yesterday" in top(pilot)
        assert "still running" not in screen_text(pilot.app)
        await pilot.press("space")
        await until(pilot, lambda: recording.obey() == ["pause"])
    recording.release_lock()


async def test_news_name_first_what_was_cut_off(home: Path) -> None:
    store = Store(home)
    store.mark_seen()
    seen = json.loads((home / "seen.json").read_text())
    (home / "seen.json").write_text(json.dumps({**seen, "time": 0}))
    alive = running(store, experiment={"name": "goes-on"})
    interrupted(store, experiment={"name": "cut-off"})
    for name in ("one", "two", "three"):
        finished(store, experiment={"name": name})
    async with dashboard(home, size=(160, 45)) as pilot:
        await until(pilot, lambda: "Enter opens" in screen_text(pilot.app))
        line = screen_text(pilot.app).splitlines()[1]
        assert "Enter opens cut-off ■ was interrupted since last time · goes-on ● is still running · " in line
        assert "2 more ended since last time" in line
        alive.end()
        alive.release_lock()
        app_of(pilot).laboratory.look_for_others()
        await until(pilot, lambda: "still running" not in screen_text(pilot.app))
        assert "3 more ended" in screen_text(pilot.app).splitlines()[1]
        await pilot.press("enter")
        await until(pilot, lambda: "cut-off" in top(pilot))


async def test_news_wait_for_nobody(home: Path) -> None:
    recording = running(Store(home), experiment={"name": "of-yesterday"})
    async with dashboard(home) as pilot:
        await until(pilot, lambda: "still running" in screen_text(pilot.app))
        await pilot.press("3", "right")
        assert "still running" not in screen_text(pilot.app)
        assert app_of(pilot).laboratory.experiment.activation.kind == "leaky_relu"
        assert app_of(pilot).laboratory.view is None
    recording.release_lock()


async def test_esc_and_another_run_end_the_news(home: Path) -> None:
    recording = running(Store(home), experiment={"name": "of-yesterday"})
    for key in ("escape", "space"):
        async with dashboard(home) as pilot:
            await until(pilot, lambda: "Enter opens of-yesterday" in screen_text(pilot.app))
            await pilot.press(key)
            await until(pilot, lambda: "of-yesterday" not in screen_text(pilot.app))
            assert isinstance(pilot.app.focused, FormPanel)
    recording.release_lock()


async def test_starting_at_once_is_no_news(home: Path) -> None:
    recording = running(Store(home), experiment={"name": "of-yesterday"})
    async with dashboard(home, start=True) as pilot:
        await until(pilot, lambda: app_of(pilot).worker.recordings)
        await until(pilot, lambda: "of-yesterday" in screen_text(pilot.app))
        assert isinstance(pilot.app.focused, FormPanel)
        assert "more" not in screen_text(pilot.app).splitlines()[1]
        assert "Enter opens" not in screen_text(pilot.app)
        await pilot.press("escape")
        assert "of-yesterday" not in screen_text(pilot.app)
    recording.release_lock()


async def test_runs_are_opened_and_trained_again(home: Path) -> None:
    finished(Store(home), experiment={"name": "of-yesterday", "activation": "tanh"})
    async with dashboard(home) as pilot:
        await pilot.press("r")
        await until(pilot, lambda: "of-yesterday" in screen_text(pilot.app))
        await pilot.press("enter")
        await until(pilot, lambda: "finished" in top(pilot))
        assert app_of(pilot).laboratory.experiment.activation.kind == "tanh"
        await pilot.press("r")
        await until(pilot, lambda: "Runs" in screen_text(pilot.app))
        await pilot.press("R")
        await until(pilot, lambda: len(app_of(pilot).worker.recordings) == 1)
        assert app_of(pilot).recording.experiment.activation.kind == "tanh"


async def test_presets_are_loaded_and_saved(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("3", "right", "s")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskText))
        await pilot.press("ctrl+u", *"mine", "enter")
        await until(pilot, lambda: (home / "presets" / "mine.yaml").exists())
        assert find("mine").experiment().activation.kind == "leaky_relu"
        await pilot.press("left", "p")
        await until(pilot, lambda: "digits-mlp" in screen_text(pilot.app))
        await pilot.press("end")
        await until(pilot, lambda: "mine" in screen_text(pilot.app))
        await pilot.press("enter")
        await until(pilot, lambda: app_of(pilot).laboratory.experiment.name == "mine")


# What leaves the program


async def test_figures_are_copied_and_exported(home: Path) -> None:
    async with dashboard(home) as pilot:
        recording = await start(pilot, epochs=3)
        assert recording.folder is not None
        await pilot.press("y")
        assert recording.folder.id in pilot.app.clipboard
        assert "validation accuracy" in pilot.app.clipboard
        await pilot.press("e")
        table = recording.folder.path / "figures.csv"
        await until(pilot, lambda: table.exists() and (recording.folder.path / "screen.svg").exists())
        lines = table.read_text().splitlines()
        assert lines[0].startswith("step,epoch,seconds,lr,train_loss,train_accuracy,validation_loss")
        assert len(lines) == 4


async def test_the_command_palette_lists_what_has_a_key(home: Path) -> None:
    async with dashboard(home) as pilot:
        commands = {command.title: command for command in pilot.app.get_system_commands(pilot.app.screen)}
        assert any(title.startswith("Start, pause, resume") for title in commands)
        commands["Light theme"].callback()
        assert pilot.app.theme == "light"
        await until(pilot, lambda: (home / "theme").exists())
        await pilot.press("ctrl+p")
        await until(pilot, lambda: type(pilot.app.screen).__name__ == "CommandPalette")
    assert FakeApp(home).theme == "light"


async def test_help_tells_the_keys(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("question_mark")
        await until(pilot, lambda: "Stop the run" in screen_text(pilot.app))
        await pilot.press("escape")
        await until(pilot, lambda: "1 Data" in screen_text(pilot.app))


# The first frame


async def test_keys_that_are_typed_at_the_first_frame_wait_for_the_rest(home: Path) -> None:
    app = FakeApp(home)
    read, frames = app._read, []

    def read_later() -> tuple[Experiment, Sequence[str]]:
        frames.append(screen_text(app))
        app.post_message(Key("space", " "))
        return read()

    app._read = read_later
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: app.worker.recordings, "a run")
        assert "1 Data" in frames[0]
        assert "Accuracy" in frames[0]
        now = screen_text(app).splitlines()
        for before, after in zip(frames[0].splitlines(), now, strict=False):
            assert all(
                a == b for a, b in zip(before, after, strict=False) if a in "╭╮╰╯"
            )  # corners stay where they are
    app.worker.close()


async def test_a_signal_at_the_first_frame_ends_it_all_the_same(home: Path) -> None:
    app = FakeApp(home)

    def hang_up() -> tuple[Experiment, Sequence[str]]:
        app.leave(signal.SIGHUP)
        raise OSError("no more terminal")

    app._read = hang_up
    with pytest.raises(OSError, match="no more terminal"):
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: not app.is_running)
    assert not (home / "draft.yaml").exists()


# Keys of one's own


async def test_keys_are_taken_from_a_file(home: Path) -> None:
    (home / "keys.yaml").write_text("run.toggle: W\nrun.stop: n\nrun.step: x\nplot.log: '?'\napp.help: f1\n")
    async with dashboard(home) as pilot:
        assert app_of(pilot)._said == []
        assert "W start" in bottom(pilot)
        await pilot.press("space")
        assert app_of(pilot).laboratory.view is None
        await pilot.press("W")
        await until(pilot, lambda: app_of(pilot).worker.recordings)


async def test_what_is_wrong_with_the_keys_is_said(home: Path) -> None:
    wrong = "run.togle: t\nrun.stop: n\nrun.ghost: '['\nrun.step: not a key\nplot.log: '-'\nruns.sort: j\n"
    (home / "keys.yaml").write_text(wrong)
    async with dashboard(home) as pilot:
        said = dict(line.split("keys.yaml:")[1].split(": ", 1) for line in app_of(pilot)._said)
    assert said["1"].startswith("run.togle: there is no such action (did you mean run.toggle?")
    assert said["2"].startswith("run.stop: 'n' is run.step's too")
    assert "cannot be used" in said["3"]
    assert "is no key" in said["4"]
    assert said["5"].startswith("plot.log: 'minus' is run.slower's too")
    assert said["6"].startswith("runs.sort: 'j' is list.down's too")


def test_no_two_actions_that_are_there_together_share_a_key() -> None:
    keys = actions()
    assert len(keys) > 50
    assert not [wrong for name in keys if (wrong := _taken(name, keys))]


# The ways out


async def test_quitting_without_a_run_asks_nothing(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("q")
        await until(pilot, lambda: not pilot.app.is_running)


async def test_esc_never_quits(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press(*["escape"] * 3)
        await asyncio.sleep(0)
        assert pilot.app.is_running


async def test_quitting_asks_while_a_run_is_alive(home: Path) -> None:
    async with dashboard(home) as pilot:
        recording = await start(pilot, epochs=1)
        await pilot.press("ctrl+c")
        await until(pilot, lambda: isinstance(pilot.app.screen, Ask))
        await pilot.press("ctrl+c", "ctrl+q")
        assert isinstance(pilot.app.screen, Ask)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, Ask))
        assert recording.obey() == []
        await pilot.press("q", "enter")
        assert pilot.app.is_running
        await pilot.press("q", "k")
        await until(pilot, lambda: recording.obey() == ["detach"])
        await until(pilot, lambda: not pilot.app.is_running)


async def test_quitting_can_stop_the_run_and_waits_for_it(home: Path) -> None:
    async with dashboard(home) as pilot:
        recording = await start(pilot, epochs=1)
        await pilot.press("q", "s")
        assert pilot.app.is_running
        await until(pilot, lambda: recording.obey() == ["stop"])
        await until(pilot, lambda: not pilot.app.is_running)


@pytest.mark.parametrize(("signum", "commands"), [(signal.SIGTERM, []), (signal.SIGHUP, ["detach"])])
async def test_signals_save_the_draft_and_only_a_lost_connection_lets_runs_go_on(
    home: Path, signum: int, commands: list[str]
) -> None:
    async with dashboard(home) as pilot:
        recording = await start(pilot, epochs=1)
        await pilot.press("3", "right")
        app_of(pilot).leave(signum)
        draft = Store(home).load_draft().experiment
        assert draft is not None
        assert draft.activation.kind == "leaky_relu"
        assert recording.obey() == commands


async def test_an_error_of_ours_prints_no_traceback_and_saves_the_draft(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail() -> None:
        async with dashboard(home) as pilot:
            pilot.app.call_later(lambda: 1 / 0)
            await until(pilot, lambda: not pilot.app.is_running)

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert "Traceback" not in capsys.readouterr().err
    assert Store(home).load_draft().experiment is not None


# Pictures


class _Machine:
    def look(self) -> list[tuple[str, str]]:
        return [("cpu ", "label"), (" 50 %  ", "")]


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=["80x24", "120x36", "200x60"])
def test_picture(snap_compare: Any, home: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_trainer.ui.panels.machine.Machine", _Machine)
    app = FakeApp(home, environment={})

    async def before(pilot: Pilot[Any]) -> None:
        await ready(pilot)
        first = await start(pilot)
        first._curves = overfitting
        first.train().end()
        first.release_lock()
        await until(pilot, lambda: "finished" in top(pilot))
        await pilot.press("5", "down", "down", "down", "right")
        second = await start(pilot, epochs=16)
        await pilot.press("left")
        await until(pilot, lambda: second.obey() == ["set"])
        second.train(4)
        await until(
            pilot, lambda: app.laboratory.view and len(app.laboratory.view.layers) == 20, "all that was trained"
        )
        await until(pilot, lambda: "50 %" in screen_text(app) or size[1] < 28, "the machine line")
        await until(
            pilot,
            lambda: size[1] < 30 or "epoch 20" in app.query_one("#generalization", GeneralizationPanel).text(),
            "the figures of epoch 20, which take more than a line",
        )
        await until(pilot, lambda: not any(rows._waiting for rows in app.query(Rows)), "figures that stand still")
        app.laboratory.in_sight.run.leave()
        second.release_lock()

    assert snap_compare(app, terminal_size=size, run_before=before)


LONG = Finding(
    "dead-units",
    "all units of a layer whose name is rather long are dead",
    "the figures that say so, of which there are quite a few, one after the other, so that they take several rows",
    "Why it happens, in a sentence of which a person wants to read all words. And in another one, up to its last word.",
)


@pytest.mark.parametrize(("size", "panel"), [((80, 24), "1"), ((120, 36), "6")])
@pytest.mark.parametrize(("down", "up"), [("pagedown", "pageup"), ("down", "up")])
async def test_all_that_is_said_of_a_finding_can_be_read(
    home: Path, size: tuple[int, int], panel: str, down: str, up: str
) -> None:
    async with dashboard(home, size=size) as pilot:
        await start(pilot, epochs=1)
        screen = app_of(pilot)._main
        screen.dashboard.show_findings([replace(LONG, why=f"{LONG.why} {'And so on. ' * 9}The end.")])
        await pilot.press(panel, "t")
        await pilot.pause()
        assert "PgUp PgDn read on" in screen_text(pilot.app).splitlines()[-1]
        shown = next(it for it in pilot.app.query(FieldHelp) if it.display)
        first = shown.text()
        assert first.splitlines()[-1].endswith(DOWN)
        read = [first]
        for _ in range(30):
            await pilot.press(down)
            read.append(shown.text())
        told = " ".join(read)
        assert "The end." in read[-1]
        assert all(word in told for word in f"{LONG.evidence} {LONG.why}".split())
        assert UP in read[-1].splitlines()[0]
        assert DOWN not in read[-1]
        screen.dashboard.show_findings([replace(LONG, why=f"{LONG.why} {'And so on. ' * 9}The end.", evidence="5")])
        await pilot.pause()
        assert "The end." in shown.text(), "it stays where it was read, while figures change"
        for _ in range(30):
            await pilot.press(up)
        assert UP not in shown.text()


async def test_a_finding_that_is_seen_in_full_has_no_key_to_read_on(home: Path) -> None:
    async with dashboard(home, size=(120, 36)) as pilot:
        await start(pilot, epochs=1)
        app_of(pilot)._main.dashboard.show_findings([LONG])
        await pilot.press("1", "t")
        await pilot.pause()
        shown = pilot.app.query_one("#help", FieldHelp).text()
        assert "rather long are dead" in " ".join(shown.split()), "the heading goes on in the next row"
        assert "up to its last word." in " ".join(shown.split())
        assert DOWN not in shown
        assert "read on" not in screen_text(pilot.app).splitlines()[-1]
