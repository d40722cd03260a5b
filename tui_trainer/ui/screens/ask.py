"""Questions: one with answers to choose from, and one that is answered with a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Click, Key
from textual.screen import ModalScreen
from textual.widgets import Input

from tui_trainer.plots.spec import Row
from tui_trainer.ui.terminal.glyphs import NEXT
from tui_trainer.ui.terminal.keys import key_name
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.hints import Hints
from tui_trainer.ui.widgets.rows import STRONG, Rows
from tui_trainer.ui.widgets.text_input import TextInput

LOOK = 0.5
"""Seconds between two looks at whether a question is still one."""


@dataclass(frozen=True)
class Answer:
    """A key, what it does, and the value that the question then returns."""

    key: str
    label: str
    value: str


class Ask(ModalScreen[str]):
    """A question. Enter gives the highlighted answer, which at first is the safe one; Esc always gives the safe one.

    It goes, with the safe answer, once `asks` says that it is no question any more.
    """

    CSS_PATH = "ask.tcss"

    def __init__(
        self,
        question: str,
        answers: Sequence[Answer],
        safe: str,
        detail: str = "",
        asks: Callable[[], bool] = lambda: True,
    ) -> None:
        super().__init__()
        self._safe = safe
        self._asks = asks
        self._box = _Question(question, detail, answers, at=[answer.value for answer in answers].index(safe))

    def compose(self) -> ComposeResult:
        yield self._box

    def on_mount(self) -> None:
        self.set_interval(LOOK, self._look)

    def _look(self) -> None:
        if self.is_current and not self._asks():
            self.dismiss(self._safe)

    def on_key(self, event: Key) -> None:
        """Every key is for the question."""
        event.stop()
        event.prevent_default()
        letters = {answer.key: answer.value for answer in self._box.answers}
        if event.key in letters:
            self.dismiss(letters[event.key])
        elif event.key == "enter":
            self.dismiss(self._box.highlighted.value)
        elif event.key == "escape":
            self.dismiss(self._safe)
        elif event.key in ("up", "k", "shift+tab"):
            self._box.move(-1)
        elif event.key in ("down", "j", "tab"):
            self._box.move(1)

    def on_click(self, event: Click) -> None:
        if event.widget is self._box and (offset := event.get_content_offset(self._box)):
            chosen = self._box.answer_at(offset.y)
            if chosen:
                self.dismiss(chosen.value)


def yes_or_no(question: str, yes: str, no: str, detail: str = "", asks: Callable[[], bool] = lambda: True) -> Ask:
    """A question that returns "yes" or "no", which is the safe answer."""
    return Ask(question, [Answer("y", f"yes, {yes}", "yes"), Answer("n", f"no, {no}", "no")], "no", detail, asks)


class _Question(Rows):
    def __init__(self, question: str, detail: str, answers: Sequence[Answer], at: int) -> None:
        super().__init__(classes="question")
        self.answers = tuple(answers)
        self._question, self._detail, self._at = question, detail, at

    @property
    def highlighted(self) -> Answer:
        return self.answers[self._at]

    def move(self, by: int) -> None:
        self._at = (self._at + by) % len(self.answers)
        self.update()

    def answer_at(self, row: int) -> Answer | None:
        """The answer in a row of this widget."""
        index = row - (len(self._rows) - len(self.answers))
        return self.answers[index] if 0 <= index < len(self.answers) else None

    def rows(self, width: int, height: int) -> Sequence[Row]:
        words: list[Row] = paragraph(self._question, width, STRONG)
        if self._detail:
            words += [[], *paragraph(self._detail, width, "label")]
        room = height - len(self.answers) - 1
        return [*words[: max(1, room)], [], *map(self._answer, self.answers)]

    def _answer(self, answer: Answer) -> Row:
        widest = max(len(key_name(answer.key)) for answer in self.answers)
        here = answer is self.highlighted
        name = key_name(answer.key).ljust(widest)
        return [(f"{NEXT if here else ' '} ", ""), (name, STRONG), (f"  {answer.label}", STRONG if here else "")]


class AskText(ModalScreen[str | None]):
    """A question that is answered with a text; Esc answers None. `check` says what is wrong with one, if anything."""

    CSS_PATH = "ask.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", id="ask.cancel")]

    def __init__(
        self, question: str, value: str = "", check: Callable[[str], str | None] = lambda text: None, detail: str = ""
    ) -> None:
        super().__init__()
        self._check = check
        self._words = _Words(question, detail)
        self._value = value
        self._wrong = _Wrong()

    def compose(self) -> ComposeResult:
        with Vertical(classes="question"):
            yield self._words
            yield TextInput(self._value, max_length=100)
            yield self._wrong
            yield Hints()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._wrong.show("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        wrong = self._check(text)
        if wrong:
            self._wrong.show(wrong)
        else:
            self.dismiss(text)

    def action_cancel(self) -> None:
        self.dismiss(None)


def epochs_problem(text: str) -> str:
    """What is wrong with a number of epochs."""
    right = text.isdecimal() and len(text) <= 7 and int(text) > 0
    return "" if right else "must be a whole number, at least 1"


class _Words(Rows):
    def __init__(self, question: str, detail: str) -> None:
        super().__init__()
        self._question, self._detail = question, detail

    def rows(self, width: int, height: int) -> Sequence[Row]:
        return [*paragraph(self._question, width, STRONG), *paragraph(self._detail, width, "label"), []]


class _Wrong(Rows):
    """What is wrong with the text; there is room for it before anything is, so that nothing moves."""

    DEFAULT_CSS = "_Wrong { height: 3; }"

    def __init__(self) -> None:
        super().__init__()
        self._wrong = ""

    def show(self, wrong: str) -> None:
        self._wrong = wrong
        self.update()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        return paragraph(self._wrong, width, "warning")
