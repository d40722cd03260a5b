"""Questions and their answers."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tests.ui.views import HOSTILE, INERT, Stage
from tui_trainer.ui.screens.ask import Answer, Ask, AskText

ANSWERS = (
    Answer("s", "stay here", "stay"),
    Answer("k", "keep it running, and quit", "keep"),
    Answer("x", "stop it, and quit", "stop"),
)


def question(detail: str = "") -> Ask:
    return Ask("A run is alive. What should become of it?", ANSWERS, "stay", detail)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["enter"], "stay"),
        (["escape"], "stay"),
        (["k"], "keep"),
        (["x"], "stop"),
        (["down", "enter"], "keep"),
        (["j", "j", "enter"], "stop"),
        (["tab", "enter"], "keep"),
        (["up", "enter"], "stop"),
        (["down", "escape"], "stay"),
        (["q", "space", "enter"], "stay"),
    ],
)
async def test_keys_answer_and_enter_is_safe(keys: list[str], answer: str) -> None:
    app = Stage(screen=question())
    async with app.run_test() as pilot:
        await pilot.press(*keys)
        assert app.result == answer


async def test_the_safe_answer_is_highlighted_wherever_it_stands() -> None:
    app = Stage(screen=Ask("Delete it?", (Answer("d", "delete it", "delete"), Answer("n", "no", "keep")), "keep"))
    async with app.run_test() as pilot:
        await pilot.press("enter")
        assert app.result == "keep"


async def test_a_click_answers() -> None:
    app = Stage(screen=question())
    async with app.run_test() as pilot:
        box = app.screen.query_one(".question")
        lines = box.text().splitlines()  # type: ignore[attr-defined]
        at = next(index for index, line in enumerate(lines) if "stop it" in line)
        await pilot.click(box, offset=(10, at + 2))  # inside the border and its padding
        assert app.result == "stop"


async def test_words_are_wrapped_and_inert() -> None:
    app = Stage(screen=question(f"{HOSTILE} " + "word " * 30 + "한국어 " * 20))
    async with app.run_test(size=(60, 24)):
        lines = app.screen.query_one(".question").text().splitlines()  # type: ignore[attr-defined]
        assert INERT in lines[2] + lines[3]
        assert max(map(cell_len, lines)) <= 54
        assert "stop it, and quit" in lines[-1]


def short(text: str) -> str | None:
    return "too long (at most 5 letters)" if len(text) > 5 else None


async def test_a_text_is_checked_before_it_is_taken() -> None:
    app = Stage(screen=AskText("Name?", "abcdefg", short))
    async with app.run_test() as pilot:
        await pilot.press("enter")
        assert app.result == "nothing yet"
        assert "too long" in app.screen.query("_Wrong").first().text()  # type: ignore[attr-defined]
        await pilot.press("end", "backspace")
        assert not app.screen.query("_Wrong").first().text()  # type: ignore[attr-defined]
        await pilot.press("home", "delete", "enter")
        assert app.result == "bcdef"


async def test_esc_answers_nothing() -> None:
    app = Stage(screen=AskText("Name?", "abc"))
    async with app.run_test() as pilot:
        await pilot.press("x", "escape")
        assert app.result is None


async def test_what_is_pasted_is_inert() -> None:
    from textual.events import Paste

    app = Stage(screen=AskText("Name?"))
    async with app.run_test() as pilot:
        app.post_message(Paste(HOSTILE))
        await pilot.press("enter")
        assert app.result == INERT
