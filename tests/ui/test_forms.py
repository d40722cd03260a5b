"""The forms of the panels: what the keys make of the fields."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key
from textual.pilot import Pilot

from tests.ui.dashboards import MAPPING, FakeApp, paste, ready, screen_text, until
from tui_trainer.choices.base import families
from tui_trainer.choices.forms import FormField
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.diff import flat
from tui_trainer.experiment.fields import PICKS
from tui_trainer.experiment.parse import parse
from tui_trainer.ui.forms.entry import Entry
from tui_trainer.ui.forms.fields import choice_rows
from tui_trainer.ui.forms.form import FormPanel
from tui_trainer.ui.forms.help import FieldHelp
from tui_trainer.ui.laboratory.draft import DEFAULT, Draft, Edit
from tui_trainer.ui.laboratory.values import next_value, read_numbers
from tui_trainer.ui.widgets.explanation import Explanation


@asynccontextmanager
async def dashboard(home: Path, mapping: dict[str, Any] | None = None) -> AsyncIterator[Pilot[Any]]:
    app = FakeApp(home, mapping)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        yield pilot


def experiment(pilot: Pilot[Any]) -> Any:
    return pilot.app.laboratory.experiment  # type: ignore[attr-defined]


def line(pilot: Pilot[Any], label: str) -> str:
    """The form's row with that label, without its border."""
    found = [row for row in screen_text(pilot.app).splitlines() if re.match(rf"│. {label}\b", row)]
    assert found, screen_text(pilot.app)
    return found[0].split("│")[1].strip()


def plain(row: str) -> list[str]:
    """The words of a row, without the signs that say that arrows change it."""
    return row.replace("◂", " ").replace("▸", " ").split()


def help_text(pilot: Pilot[Any]) -> str:
    return " ".join(pilot.app.query_one("#help", FieldHelp).text().split())


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_no_label_is_cut(home: Path, size: tuple[int, int]) -> None:
    on = dict.fromkeys(Regularizer.kinds(), True)
    app = FakeApp(home, {"data": {"kind": "csv"}, "regularization": on})
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        for number in "123456":
            await pilot.press(number)
            panel = app.focused
            assert isinstance(panel, FormPanel), (number, screen_text(app))
            for row in panel.form(panel.state):
                assert row.label in panel.text(), "it is shown whole while it is selected"
                await pilot.press("down")


async def test_wide_characters_of_a_value_have_their_room(home: Path) -> None:
    async with dashboard(home, {"data": {"kind": "csv", "file": "값.csv", "target": "아파트가격"}}) as pilot:
        await pilot.press("1")
        assert line(pilot, "target").split() == ["target", "아파트가격"]


WRITER = {"data": {"kind": "sentences"}, "model": {"kind": "transformer"}}


async def test_a_field_without_an_effect_stands_in_brackets_and_says_why(home: Path) -> None:
    async with dashboard(home, WRITER) as pilot:
        await pilot.press("2")
        assert line(pilot, "encoder layers").split() == ["encoder", "layers", "(2)"]
        assert line(pilot, "decoder layers").split() == ["decoder", "layers", "2", "layers"]
        await pilot.press(*["down"] * 3)
        assert "No effect: a text is written by a decoder alone" in help_text(pilot)
        await pilot.press("right")
        assert experiment(pilot).model.encoder_layers == 3, "it can be set all the same"
        await pilot.press("down")
        assert "No effect" not in help_text(pilot)
        await pilot.press("1")
        await until(pilot, lambda: "2 × 64, 4 heads" in screen_text(pilot.app))
        assert "3+2" not in screen_text(pilot.app)


async def test_what_has_an_effect_depends_on_the_other_fields(home: Path) -> None:
    async with dashboard(home, {"optimizer": {"kind": "momentum", "momentum": 0.5}}) as pilot:
        await pilot.press("4")
        assert line(pilot, "dampening").split() == ["dampening", "0"]
        await pilot.press("down", "down", "left")
        assert plain(line(pilot, "momentum")) == ["momentum", "0"]
        assert line(pilot, "dampening").split() == ["dampening", "(0)"]


async def test_the_activation_stands_in_brackets_where_the_model_has_none_to_apply(home: Path) -> None:
    async with dashboard(home, {"model": {"kind": "linear"}}) as pilot:
        await pilot.press("3", "down")
        assert line(pilot, "activation").split() == ["activation", "(relu)"]
        assert plain(line(pilot, "initialization")) == ["initialization", "auto"]
        await pilot.press("up")
        assert "No effect: this model does not use it" in help_text(pilot)


async def test_an_unused_cell_of_a_table_stands_in_brackets(home: Path) -> None:
    async with dashboard(home, {"model": {"kind": "cnn", "blocks": [{"filters": 4, "pooling": "none"}]}}) as pilot:
        await pilot.press("2", "down", "enter")
        await until(pilot, lambda: "(2)" in screen_text(pilot.app))
        await pilot.press(*["tab"] * 5)
        assert "No effect: nothing is pooled" in screen_text(pilot.app)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_a_value_is_shown_whole_or_told_in_full(home: Path, size: tuple[int, int]) -> None:
    run = "20260101-120000-a-run-with-a-long-name-abcd"
    mapping = {
        "data": {"kind": "sentences", "characters": 1_000_000},
        "loss": {"kind": "binary_cross_entropy"},
        "schedule": {"kind": "reduce_on_plateau"},
        "warm_start": {"run": run},
    }
    app = FakeApp(home, mapping)
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        for number in "1246":
            await pilot.press(number)
            panel = app.focused
            assert isinstance(panel, FormPanel)
            for row in panel.form(panel.state):
                drawn = next(text for text in panel.text().splitlines() if row.label in text)
                told = " ".join(screen_text(app).split())
                assert f"{row.text} {row.unit}".strip() in " ".join(plain(drawn)) or "Now:" in told, drawn
                if row.path == "warm_start.run":
                    help_now = app.query_one("#help-below" if size == (80, 24) else "#help", FieldHelp).text()
                    assert run in "".join(help_now.split())
                await pilot.press("down")


async def test_a_value_that_needs_it_gets_the_room_that_its_label_spares(home: Path) -> None:
    async with dashboard(home, {"data": {"kind": "sentences"}, "loss": "binary_cross_entropy"}) as pilot:
        await pilot.press("1", "down")
        assert plain(line(pilot, "characters")) == ["characters", "60000", "characters"]
        await pilot.press("6")
        assert line(pilot, "loss").split() == ["loss", "binary_cross_entropy"]


# Picking and stepping


async def test_two_keys_choose_another_activation(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("3", "right")
        assert experiment(pilot).activation.kind == "leaky_relu"
        assert "leaky_relu" in line(pilot, "activation")
        await pilot.press("left", "left")
        assert experiment(pilot).activation.kind == "tanh"


async def test_arrows_walk_along_the_ladder(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("4", "down", "right")
        assert experiment(pilot).optimizer.lr == 0.3
        await pilot.press("h", "h")
        assert experiment(pilot).optimizer.lr == 0.03
        assert "0.03" in line(pilot, "lr")


async def test_j_and_k_move_and_stay_inside(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("6", "k", "k")
        panel = pilot.app.focused
        assert isinstance(panel, FormPanel)
        assert panel.row.path == "training.batch_size"
        await pilot.press("j")
        assert panel.row.path == "training.epochs"
        await pilot.press(*["down"] * 20)
        assert panel.row.path == "device"


async def test_layers_and_units_are_separate(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("2", "down", "right")
        assert experiment(pilot).model.hidden == (100, 100, 100)
        await pilot.press("down", "right")
        assert experiment(pilot).model.hidden == (128, 128, 128)
        await pilot.press("enter", *"256,128", "enter")
        assert experiment(pilot).model.hidden == (256, 128)
        await pilot.press("up", "left")
        assert experiment(pilot).model.hidden == (256,)
        await pilot.press("left")
        assert experiment(pilot).model.hidden == (256,)


async def test_every_choice_can_be_reached_and_is_explained(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("1")
        for _ in families()["data"]:
            await pilot.press("right")
            assert help_text(pilot).endswith(experiment(pilot).data.summary())
        assert experiment(pilot).data.kind == "digits"


# Regularization


async def test_a_regularizer_is_turned_on_tuned_and_off(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("5", "down", "right")
        assert experiment(pilot).regularization["l2"].strength == 0.01
        await pilot.press("right")
        assert experiment(pilot).regularization["l2"].strength == 0.03
        await pilot.press("0", "enter")
        assert experiment(pilot).regularization == {}
        await pilot.press("0", *".5", "enter")
        assert experiment(pilot).regularization["l2"].strength == 0.5
        await pilot.press("backspace")
        assert experiment(pilot).regularization == {}


async def test_further_fields_come_with_the_regularizer(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("5", *["down"] * list(Regularizer.kinds()).index("early_stopping"))
        assert "off" in line(pilot, "early stopping")
        await pilot.press("enter", *"7", "enter", "down", "down", "enter")
        stopping = experiment(pilot).regularization["early_stopping"]
        assert (stopping.patience, stopping.restore_best) == (7, False)
        assert "off" in line(pilot, "  restore best")


# Typing


async def test_a_typed_number_may_be_scientific(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("4", "down", "enter", *"1e-3", "enter")
        assert experiment(pilot).optimizer.lr == 0.001
        await pilot.press("full_stop", *"02", "enter")
        assert experiment(pilot).optimizer.lr == 0.02


async def test_an_error_stays_in_the_field_with_what_would_be_right(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("4", "down", "enter", *"-3", "enter")
        assert "must be a number" in help_text(pilot)
        assert pilot.app.query_one(Entry).value == "-3"
        assert experiment(pilot).optimizer.lr == 0.1
        await pilot.press("escape")
        assert not pilot.app.query(Entry)
        assert experiment(pilot).optimizer.lr == 0.1
        assert isinstance(pilot.app.focused, FormPanel)


async def test_keys_belong_to_the_entry_while_it_is_open(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("1", *["right"] * 2, "down", "enter")
        await pilot.press(*"q 5", "enter")
        assert pilot.app.is_running
        assert pilot.app.laboratory.view is None  # type: ignore[attr-defined]


async def test_hangul_letters_act_as_the_latin_keys(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("4", "ㅓ", "ㅣ")  # j, l
        assert experiment(pilot).optimizer.lr == 0.3


async def test_backspace_brings_the_default_back(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("6", "down", "right")
        assert experiment(pilot).training.epochs == 50
        await pilot.press("u")
        assert experiment(pilot).training.epochs == 30
        await pilot.press("up", "right", "backspace")
        assert experiment(pilot).training.batch_size == 32
        assert "batch_size" not in pilot.app.laboratory.draft.mapping.get("training", {})  # type: ignore[attr-defined]


async def test_enter_opens_the_picker_and_the_pick_is_taken(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("4", "enter")
        await until(pilot, lambda: type(pilot.app.screen).__name__ == "Picker")
        await pilot.press("down", "enter")
        await until(pilot, lambda: experiment(pilot).optimizer.kind == "momentum")
        await pilot.press("enter", "escape")
        assert experiment(pilot).optimizer.kind == "momentum"


async def test_the_mouse_selects_and_a_double_click_edits(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.click("#training")
        panel = pilot.app.focused
        assert isinstance(panel, FormPanel)
        await pilot.click(panel, offset=(5, 2))
        assert panel.row.path == "training.epochs"
        await pilot.click(panel, offset=(5, 2), times=2)
        await until(pilot, lambda: pilot.app.query(Entry))


# What there is no room for


async def test_a_panel_says_how_many_rows_are_out_of_sight(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("5")
        rows, panel = len(Regularizer.kinds()), pilot.app.focused
        assert isinstance(panel, FormPanel)
        shown = [text for text in panel.text().splitlines()[1:] if text.strip("│↑↓├╰ ")][:rows]
        assert len(shown) < rows, "the screen is too low for all of them"
        assert f"5 Regularization  ↓ {rows - len(shown)} more" in panel.text()
        assert shown[-1].endswith("↓")
        await pilot.press(*["down"] * (rows - 1))
        assert f"5 Regularization  ↑ {rows - len(shown)} more" in panel.text()
        assert panel.text().splitlines()[1].endswith("↑")
        assert "↓" not in panel.text()
        await pilot.press("3")
        assert not {"↑", "↓"} & set(pilot.app.query_one("#activation", FormPanel).text())


async def test_an_arrow_goes_at_the_end_of_a_ladder_and_what_can_be_typed_is_said(home: Path) -> None:
    async with dashboard(home, MAPPING | {"optimizer": {"kind": "sgd", "lr": 3}}) as pilot:
        await pilot.press("4", "down")
        assert "◂3▸" in line(pilot, "lr")
        await pilot.press("right")
        assert line(pilot, "lr").endswith("◂10")
        assert "End:" not in help_text(pilot)
        await pilot.press("right")
        assert experiment(pilot).optimizer.lr == 10
        assert "End: 10 is the last step of the arrows; a larger value can be typed." in help_text(pilot)
        await pilot.press("left")
        assert "End:" not in help_text(pilot)
        await pilot.press("enter", *"1000", "enter", "right")
        assert "End: 1000 is the largest value allowed." in help_text(pilot)


async def test_a_text_that_is_cut_names_the_key_that_tells_all_of_it(home: Path) -> None:
    app = FakeApp(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("6", "down")
        field = app.focused.row.field  # type: ignore[union-attr]
        assert "… ? more" in " ".join(screen_text(app).split())
        assert field.high not in " ".join(screen_text(app).split())
        await pilot.press("question_mark")
        await until(pilot, lambda: type(app.screen).__name__ == "HelpScreen")
        whole = " ".join(app.screen.query_one(Explanation).text().split())
        assert f"{field.help} Low: {field.low} High: {field.high} Allowed: {field.bounds()}" in whole


# What it says


async def test_the_panels_say_what_the_settings_add_up_to(home: Path) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("6")
        shown = screen_text(pilot.app)
        for words in ("300 / 899", "17,610 parameters", "10 updates an epoch", "300 in all"):
            assert words in shown
        await pilot.press("down", "right")
        assert "500 in all" in screen_text(pilot.app)


async def test_hostile_names_are_inert(home: Path) -> None:
    hostile = "[/foo][@click=app.quit]x[/]\x1b]0;owned\x07\u202e"
    mapping = {"name": hostile, "data": {"kind": "mnist", "folder": hostile}}
    async with dashboard(home, mapping) as pilot:
        await pilot.press("1", "down", "enter", "enter")
        shown = screen_text(pilot.app)
        assert "[/foo]" in shown
        assert not {"\x1b", "\x07", "\u202e"} & set(shown)


# Without a screen


@pytest.mark.parametrize("name", list(PICKS))
def test_every_field_of_every_choice_steps_to_values_that_are_right(name: str) -> None:
    for kind in PICKS[name][0].kinds():
        draft = Draft({name: kind})
        for row in choice_rows(draft.mapping, name, getattr(draft.experiment, name)):
            for direction in (1, 1, 1, -1, -1, -1, -1):
                current = choice_rows(draft.mapping, name, getattr(draft.experiment, name))
                now = next((it for it in current if (it.path, it.label) == (row.path, row.label)), None)
                edit = now.step(direction) if now else None
                if edit is not None and row.path != name:
                    draft.edit(edit)


@pytest.mark.parametrize(
    ("value", "direction", "expected"),
    [("full", -1, 100), (100, 1, "full"), (1, -1, 1), ("full", 1, "full"), (50, -1, 10), (7, 1, 10)],
)
def test_words_come_after_the_highest_number(value: object, direction: int, expected: object) -> None:
    field = FormField("pace", "number", "full", "", options=("full",), ladder=(1, 10, 100))
    assert next_value(field, value, direction) == expected


def test_a_ladder_ends_where_the_experiment_does() -> None:
    field = FormField("train_samples", "integer", None, "", optional=True, ladder=(100, 300, 1000, 5000))
    assert next_value(field, None, -1, most=1438) == 1000
    assert next_value(field, 1000, 1, most=1438) is None
    assert next_value(field, None, 1, most=1438) is None


@pytest.mark.parametrize(
    ("text", "numbers"), [("256,128", [256, 128]), ("[64 32]", [64, 32]), ("100", [100]), ("6x100", "6x100"), ("", "")]
)
def test_lists_of_numbers_are_read(text: str, numbers: object) -> None:
    assert read_numbers(text) == numbers


def test_a_draft_that_was_reset_says_nothing() -> None:
    draft = Draft(MAPPING)
    draft.edit(Edit("optimizer.lr", DEFAULT))
    draft.edit(Edit("model.hidden", DEFAULT))
    draft.edit(Edit("training", DEFAULT))
    assert draft.mapping == {"name": "digits-mlp", "model": {"kind": "mlp"}, "optimizer": {"kind": "sgd"}}
    assert draft.undo()
    assert draft.undo()
    assert draft.undo()
    assert not draft.undo()
    assert draft.experiment == parse(MAPPING)


@pytest.mark.parametrize(
    ("keys", "path", "expected"),
    [
        (("3", "right"), "activation.kind", "leaky_relu"),
        (("6", "down", "right"), "training.epochs", 50),
        (("enter", "0", "full_stop", "5", "enter"), "optimizer.lr", 0.5),
    ],
)
async def test_keys_that_come_in_one_go_are_taken_in_order(
    home: Path, keys: tuple[str, ...], path: str, expected: object
) -> None:
    async with dashboard(home) as pilot:
        await pilot.press("4", "down")
        for key in keys:
            pilot.app.post_message(Key(key, {"full_stop": "."}.get(key, key if len(key) == 1 else None)))
        await until(pilot, lambda: flat(experiment(pilot)).get(path.removesuffix(".kind")) == expected)
        await until(pilot, lambda: not pilot.app.query(Entry), "the entry gone")


# Schedule, loss, warm start


async def test_a_schedule_is_picked_and_drawn_before_training(home: Path) -> None:
    async with dashboard(home) as pilot:
        panel = pilot.app.query_one("#optimizer", FormPanel)
        await pilot.press("4")
        at = [row.path for row in panel.form(panel.state)].index("schedule")
        await pilot.press(*["down"] * at, "right", "right", "right")
        assert experiment(pilot).schedule.kind == "cosine"
        assert re.search(r"lr █+.*▁+", screen_text(pilot.app))
        shown = help_text(pilot)
        assert "learning rate over the run" in shown
        assert "Cosine" in shown
        await pilot.press("left", "left", "left")
        assert experiment(pilot).schedule.kind == "constant"
        assert "learning rate over the run" not in help_text(pilot)


async def test_the_loss_is_among_the_training(home: Path) -> None:
    async with dashboard(home) as pilot:
        panel = pilot.app.query_one("#training", FormPanel)
        await pilot.press("6")
        at = [row.path for row in panel.form(panel.state)].index("loss")
        await pilot.press(*["down"] * at, "right")
        assert experiment(pilot).loss.kind == "cross_entropy"
        await pilot.press("1")
        assert "cross entropy" in screen_text(pilot.app).split("6 Training")[1]


@pytest.mark.parametrize("run", ["", "20260101"])
async def test_how_a_warm_start_begins_is_asked_only_if_there_is_one(home: Path, run: str) -> None:
    async with dashboard(home, {"warm_start": {"run": run}} if run else None) as pilot:
        panel = pilot.app.query_one("#architecture", FormPanel)
        await pilot.press("2")
        labels = [row.label for row in panel.form(panel.state)]
        assert "warm start" in labels
        assert labels[-2:] == (["checkpoint", "freeze"] if run else ["units", "warm start"])
        if run:
            await pilot.press(*["down"] * len(labels), "right")
            assert experiment(pilot).warm_start.freeze == 1


async def test_a_path_is_completed_in_its_field(home: Path, tmp_path: Path) -> None:
    (tmp_path / "saturn.csv").touch()
    (tmp_path / "notes.md").touch()
    async with dashboard(home, {"data": {"kind": "csv", "file": "none.csv"}}) as pilot:
        await pilot.press("1", "down", "enter", "ctrl+u")
        await paste(pilot, f"{tmp_path}/")
        await until(pilot, lambda: help_text(pilot).startswith("saturn.csv"), "what may follow")
        await pilot.press("tab", "enter")
        assert experiment(pilot).data.file == f"{tmp_path}/saturn.csv"
        assert "saturn.csv" in line(pilot, "file")
