"""The presets screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.views import HOSTILE, INERT, Stage, until
from tui_trainer.experiment import presets
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.presets import Preset, own_folder, save_own
from tui_trainer.ui.screens.ask import Ask, AskText
from tui_trainer.ui.screens.presets import PresetsScreen
from tui_trainer.ui.widgets.explanation import Explanation
from tui_trainer.ui.widgets.row_list import RowList

CURRENT = parse({"name": "My Experiment!", "optimizer": {"kind": "adam", "lr": 0.003}})


@pytest.fixture(autouse=True)
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two presets that come with the program."""
    monkeypatch.setattr(presets, "folder", lambda: tmp_path)
    (tmp_path / "plain.yaml").write_text("about: A plain one.\nteaches: Nothing much.\n")
    (tmp_path / "wide.yaml").write_text("about: A wide one.\nmodel: {kind: mlp, hidden: [500]}\n")
    return tmp_path


def names(app: Stage) -> list[str]:
    return [item.key for item in app.screen_stack[1].query_one(RowList).items]


def explained(app: Stage) -> str:
    return app.screen_stack[1].query_one(Explanation).text()


def put(name: str, text: str) -> Path:
    own_folder().mkdir(parents=True, exist_ok=True)
    file = own_folder() / f"{name}.yaml"
    file.write_text(text)
    return file


async def opened(app: Stage, pilot: Pilot[Any], *keys: str) -> None:
    """Waits for the list, then presses keys."""
    await until(lambda: bool(names(app)))
    await pilot.press(*keys)


async def test_enter_loads_the_highlighted_preset() -> None:
    app = Stage(screen=PresetsScreen(CURRENT))
    async with app.run_test() as pilot:
        await opened(app, pilot, "down")
        assert "A wide one." in explained(app)
        assert "model.hidden  500  instead of 100" in explained(app)
        await pilot.press("enter")
        assert isinstance(app.result, Preset)
        assert app.result.name == "wide"


async def test_esc_loads_nothing() -> None:
    app = Stage(screen=PresetsScreen(CURRENT))
    async with app.run_test() as pilot:
        await opened(app, pilot, "down", "escape")
        assert app.result is None


async def test_what_a_preset_teaches_is_told() -> None:
    app = Stage(screen=PresetsScreen(CURRENT))
    async with app.run_test() as pilot:
        await opened(app, pilot)
        await pilot.pause()
        assert "Nothing much." in explained(app)
        assert "All settings are the defaults." in explained(app)


async def test_broken_files_are_listed_with_all_their_problems_and_break_nothing() -> None:
    file = put("broken", "model: {kind: mpl}\noptimizer: {lr: -1}\n")
    put("no-text", "").write_bytes(b"\xff\xfe\x00")
    app = Stage(screen=PresetsScreen(CURRENT))
    async with app.run_test(size=(160, 40)) as pilot:
        await opened(app, pilot, "down", "down")
        assert names(app) == ["plain", "wide", "broken", "no-text"]
        said = " ".join(explained(app).split())
        assert f"{file}:1: model: there is no model 'mpl'" in said
        assert f"{file}:2: optimizer.lr: -1 does not fit" in said
        await pilot.press("enter")
        assert app.result == "nothing yet"
        await pilot.press("down")
        assert "not UTF-8" in explained(app)


async def test_the_present_experiment_is_saved_under_a_checked_name() -> None:
    app = Stage(screen=PresetsScreen(CURRENT))
    async with app.run_test() as pilot:
        await opened(app, pilot, "s")
        assert isinstance(app.screen, AskText)
        await pilot.press("end", "X", "enter")
        assert isinstance(app.screen, AskText), "a name with a capital letter was taken"
        await pilot.press("backspace", "enter")
        await until(lambda: "my-experiment" in names(app))
        saved = (own_folder() / "my-experiment.yaml").read_text()
        assert "kind: adam" in saved
        await pilot.pause()
        assert "optimizer" in explained(app), "what was saved is not highlighted"


async def test_a_taken_name_is_replaced_only_if_that_is_wanted() -> None:
    save_own("taken", parse({"about": "the old one"}))
    app = Stage(screen=PresetsScreen(CURRENT.model_copy(update={"name": "taken"})))
    async with app.run_test() as pilot:
        await opened(app, pilot, "s", "enter")
        assert isinstance(app.screen, Ask)
        await pilot.press("enter")
        assert "the old one" in (own_folder() / "taken.yaml").read_text()
        await pilot.press("s", "enter", "y")
        await until(lambda: "adam" in (own_folder() / "taken.yaml").read_text())


async def test_a_name_of_the_programs_is_used_only_if_that_is_wanted() -> None:
    app = Stage(screen=PresetsScreen(parse({"name": "plain", "about": "A plain one.", "seed": 5})))
    async with app.run_test() as pilot:
        await opened(app, pilot, "s", "end", "backspace", "backspace", "enter")
        assert isinstance(app.screen, Ask)
        await pilot.press("escape", "s", "enter")
        await until(lambda: "plain-2" in names(app))
        assert not (own_folder() / "plain.yaml").exists()
        assert presets.find("plain-2").experiment().about == "", "it is not what the words were said of"


async def test_only_own_presets_can_be_deleted_and_only_after_a_question() -> None:
    file = put("mine", "about: mine\n")
    app = Stage(screen=PresetsScreen(CURRENT))
    async with app.run_test() as pilot:
        await opened(app, pilot, "d")
        assert not isinstance(app.screen, Ask), "one that comes with the program"
        await pilot.press("end", "d")
        assert isinstance(app.screen, Ask)
        await pilot.press("enter")
        assert file.exists()
        await pilot.press("d", "y")
        await until(lambda: names(app) == ["plain", "wide"])
        assert not file.exists()


async def test_a_filter_finds_words_of_the_name_and_the_description() -> None:
    app = Stage(screen=PresetsScreen(CURRENT))
    async with app.run_test() as pilot:
        await opened(app, pilot, "slash", *"wide one")
        assert names(app) == ["wide"]
        await pilot.press("enter")
        assert isinstance(app.screen, PresetsScreen)
        await pilot.press("enter")
        assert app.result.name == "wide"


async def test_a_filter_puts_names_first_and_its_arrows_choose(shipped: Path) -> None:
    (shipped / "deep-dropout.yaml").write_text("about: wide-overfit with dropout\n")
    (shipped / "very-wide.yaml").write_text("about: none\n")
    (shipped / "wide-overfit.yaml").write_text("about: none\n")
    app = Stage(screen=PresetsScreen(CURRENT))
    async with app.run_test() as pilot:
        await opened(app, pilot, "slash", *"wide")
        assert names(app) == ["wide", "wide-overfit", "very-wide", "deep-dropout"]
        await pilot.press(*"-o")
        assert names(app) == ["wide-overfit", "deep-dropout"]
        await pilot.press("down", "up", "enter", "enter")
        assert app.result.name == "wide-overfit"


async def test_hostile_texts_are_inert() -> None:
    put("evil", f"about: {HOSTILE!r}\nteaches: {HOSTILE!r}\n".replace("'", '"'))
    app = Stage(screen=PresetsScreen(CURRENT))
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(app, pilot, "end")
        assert explained(app).count(INERT) == 2
        assert app.is_running


def test_the_screen_looks_as_it_did(snap_compare: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TUI_TRAINER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(presets, "folder", lambda: Path("shipped"))
    (tmp_path / "shipped").mkdir()
    (tmp_path / "shipped" / "overfit.yaml").write_text(
        "about: Six layers learn 300 samples by heart\n"
        "teaches: Train accuracy reaches 1, validation stops at 0.9; the gap between the curves is overfitting.\n"
        "data: {kind: digits, train_samples: 300}\nmodel: {kind: mlp, hidden: [100, 100]}\noptimizer: adam\n"
    )
    put("broken", "model: 3\n")
    save_own("mine", CURRENT)

    async def wait(pilot: Pilot[Any]) -> None:
        await opened(pilot.app, pilot)  # type: ignore[arg-type]
        await pilot.pause()

    assert snap_compare(Stage(screen=PresetsScreen(CURRENT)), terminal_size=(100, 28), run_before=wait)
