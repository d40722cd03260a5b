"""The help is generated from the bindings."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from tests.ui.views import Stage
from tui_trainer.experiment.schema import Experiment
from tui_trainer.ui.screens.help import HelpScreen, groups, laid_out, signs, words
from tui_trainer.ui.screens.presets import PresetsScreen
from tui_trainer.ui.widgets.explanation import Explanation


class Keyed(Stage):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", "Quit", id="app.quit"),
        Binding("ctrl+c", "quit", "Quit at once", id="app.quit-always", priority=True),
        Binding("f9,g", "nothing", "Do a thing", id="thing.do", show=False),
        Binding("f8", "nothing", "", id="thing.nameless"),
    ]


Keyed.__module__ = "tui_trainer.ui.made_up"


async def test_the_keys_of_a_screen_and_of_what_is_on_it_are_listed_in_groups() -> None:
    app = Keyed(screen=PresetsScreen(Experiment()))
    async with app.run_test():
        found = dict(groups(app.screen))
        assert ("Enter", "Load") in [(name, words) for (name, _), words in found["Presets"]]
        assert ("↑ k", "Up") in [(name, words) for (name, _), words in found["In a list"]]
        assert next(iter(found)) == "Presets"


async def test_only_keys_that_work_on_a_screen_are_listed() -> None:
    app = Keyed()
    async with app.run_test() as pilot:
        found = dict(groups(app.screen))
        assert [name for (name, _), _ in found["Everywhere"]] == ["q", "Ctrl-C"]
        assert [(name, words) for (name, _), words in found["Thing"]] == [("F9 g", "Do a thing")]
        app.push_screen(PresetsScreen(Experiment()))
        await pilot.pause()
        found = dict(groups(app.screen))
        assert [name for (name, _), _ in found["Everywhere"]] == ["Ctrl-C"]
        assert "Thing" not in found


async def test_a_key_that_was_given_to_another_action_is_told() -> None:
    app = Keyed()
    app.set_keymap({"app.quit": "ctrl+x"})
    async with app.run_test():
        found = dict(groups(app.screen))
        assert [name for (name, _), _ in found["Everywhere"]] == ["Ctrl-X", "Ctrl-C"]


async def test_help_opens_on_a_list_and_keys_leave_it() -> None:
    for key in ("escape", "question_mark", "f1"):
        app = Keyed(screen=PresetsScreen(Experiment()))
        async with app.run_test(size=(120, 36)) as pilot:
            below = app.screen
            app.push_screen(HelpScreen(below))
            await pilot.pause()
            said = app.screen.query_one(Explanation).text()
            assert "Save the present experiment" in said
            assert "can change while training" in said
            await pilot.press(key)
            assert app.screen is below


def test_groups_stand_side_by_side_where_there_is_room() -> None:
    found = [signs(), signs(), signs(), signs()]
    narrow, wide = laid_out(found, 60), laid_out(found, 200)
    assert len(wide) < len(narrow) / 2
    assert all(sum(len(text) for text, _ in row) <= 200 for row in wide)
    shown = "\n".join("".join(text for text, _ in row) for row in wide)
    assert shown.count("training") == 2 * 4


def test_long_meanings_are_wrapped_and_never_cut() -> None:
    _, entries = words()
    shown = ["".join(text for text, _ in row).split() for row in laid_out([words()], 40)]
    said = [word for row in shown for word in row]
    assert [word for _, meaning in entries for word in meaning.split() if word not in said] == []
    assert "overfitting" in said
