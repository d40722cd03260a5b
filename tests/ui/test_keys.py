"""Keys of a Korean keyboard and signs on a terminal without them."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.color import Color
from textual.events import Event
from textual.widgets import Input

from tui_trainer.ui.terminal.ascii_filter import AsciiFilter
from tui_trainer.ui.terminal.glyphs import STATES, ascii_only, to_ascii
from tui_trainer.ui.terminal.keys import as_latin, key_name, latin


class KeysApp(App[None]):
    BINDINGS = [Binding(key, f"press('{key}')", key) for key in "qjPg"]

    def __init__(self) -> None:
        super().__init__()
        self.pressed: list[str] = []

    def compose(self) -> ComposeResult:
        yield Input()

    def action_press(self, key: str) -> None:
        self.pressed.append(key)

    async def on_event(self, event: Event) -> None:
        await super().on_event(as_latin(event, self))


async def test_hangul_letters_act_as_their_latin_keys() -> None:
    app = KeysApp()
    async with app.run_test() as pilot:
        app.set_focus(None)
        await pilot.press("ㅂ", "ㅓ", "ㅖ", "ㅎ", "q")
        assert app.pressed == ["q", "j", "P", "g", "q"]


async def test_a_text_field_takes_hangul_as_it_is() -> None:
    app = KeysApp()
    async with app.run_test() as pilot:
        app.query_one(Input).focus()
        await pilot.press("ㅂ", "ㅓ", "q")
        assert app.query_one(Input).value == "ㅂㅓq"
        assert app.pressed == []


def test_every_letter_of_the_two_set_layout_is_known() -> None:
    rows = {
        "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ": "qwertyuiop",
        "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ": "asdfghjkl",
        "ㅋㅌㅊㅍㅠㅜㅡ": "zxcvbnm",
        "ㅃㅉㄸㄲㅆㅒㅖ": "QWERTOP",
    }
    for hangul, letters in rows.items():
        assert "".join(latin(letter) or "?" for letter in hangul) == letters
    assert latin("가") is None
    assert latin("a") is None


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LANG": "de_DE.utf8"}, False),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, True),
        ({"LC_ALL": "", "LC_CTYPE": "ko_KR.eucKR", "LANG": "en_US.UTF-8"}, True),
    ],
)
def test_the_locale_decides_about_ascii(environment: dict[str, str], expected: bool) -> None:
    assert ascii_only(environment) is expected


def test_the_filter_keeps_ascii_and_the_width() -> None:
    line = "╭─ 1 Data ─╮ │ ┃ ● ⏎ … 6 × 100 ▁█ 한글 é"
    (segment,) = AsciiFilter().apply([Segment(line)], Color(0, 0, 0))
    assert segment.text == "+- 1 Data -+ | | * E . 6 x 100    ???? ?"
    assert segment.cell_length == Segment(line).cell_length


def test_states_stay_apart_in_ascii_by_sign_or_word() -> None:
    shown = {f"{to_ascii(sign)} {state}" for state, sign in STATES.items()}
    assert len(shown) == len(STATES)
    assert all(text.isascii() for text in shown)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("enter", "Enter"),
        ("escape", "Esc"),
        ("question_mark", "?"),
        ("ctrl+p", "Ctrl-P"),
        ("shift+tab", "Shift-Tab"),
        ("j", "j"),
        ("R", "R"),
        ("f1", "F1"),
        ("up", "↑"),
        ("minus", "-"),
    ],
)
def test_keys_are_called_as_people_call_them(key: str, name: str) -> None:
    assert key_name(key) == name
