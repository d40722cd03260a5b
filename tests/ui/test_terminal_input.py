from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import pytest
from textual import constants, events
from textual.message import Message

from tui_trainer.ui.terminal.input import TerminalInput

PASTE = "\x1b[200~söme\rtext\x1b[201~".encode()


def described(messages: Iterable[Message]) -> list[tuple[str, str]]:
    """Keys and pastes as (kind, content)."""
    return [
        ("paste", message.text) if isinstance(message, events.Paste) else ("key", message.key)
        for message in messages
        if isinstance(message, events.Paste | events.Key)
    ]


def typed(*reads: bytes) -> list[tuple[str, str]]:
    terminal = TerminalInput()
    return described(message for data in reads for message in terminal.feed(data))


@pytest.fixture
def _no_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ESCAPE_DELAY", 0.0)


def test_keys_and_escape_sequences() -> None:
    assert typed(b"a\x11\x1b[A\x1b[1;5C\x1bOP") == [
        ("key", "a"), ("key", "ctrl+q"), ("key", "up"), ("key", "ctrl+right"), ("key", "f1"),
    ]  # fmt: skip


def test_invalid_bytes_are_replaced() -> None:
    assert typed(b"a\xff\xc3b") == [
        ("key", "a"), ("key", "replacement_character"), ("key", "replacement_character"), ("key", "b"),
    ]  # fmt: skip
    assert typed(b"\x1b[200~a\xffb\x1b[201~c") == [("paste", "a�b"), ("key", "c")]


def test_a_character_cut_in_two_is_one_character() -> None:
    assert typed("é".encode()[:1], "é".encode()[1:]) == typed("é".encode())


@pytest.mark.parametrize(
    "sequence", [b"\x1b[1;1:1:1u", b"\x1b[99999999;1u", b"\x1b[97;5;99999999u", b"\x1b[48;0;0;0;0t", b"\x1b[<1;2M"]
)
def test_malformed_sequences_are_survived(sequence: bytes) -> None:
    assert typed(sequence + b"a\x1b[A") == [("key", "a"), ("key", "up")]


def test_what_is_known_of_the_terminal_survives_a_malformed_sequence() -> None:
    def clicks(*reads: bytes) -> list[tuple[float, float]]:
        terminal = TerminalInput()
        messages = [message for data in reads for message in terminal.feed(data)]
        return [(message.x, message.y) for message in messages if isinstance(message, events.MouseDown)]

    size_in_pixels, click = b"\x1b[48;24;80;480;800t", b"\x1b[<0;101;101M"
    assert clicks(size_in_pixels, b"\x1b[99999999;1u", click) == clicks(size_in_pixels, click) == [(10.0, 5.0)]


def test_a_paste_may_be_cut_anywhere() -> None:
    for first, second in combinations(range(1, len(PASTE)), 2):
        pieces = (PASTE[:first], PASTE[first:second], PASTE[second:])
        assert typed(*pieces, b"a") == [("paste", "söme\rtext"), ("key", "a")], pieces


def test_several_pastes_and_keys_in_one_read() -> None:
    assert typed(b"a" + PASTE + b"b" + PASTE + b"c") == [
        ("key", "a"), ("paste", "söme\rtext"), ("key", "b"), ("paste", "söme\rtext"), ("key", "c"),
    ]  # fmt: skip


def test_escape_characters_in_a_paste_press_no_keys() -> None:
    assert typed(b"\x1b[200~\x1b[31mred text that is longer than any sequence\x1b[0m\x00\x1b[201~") == [
        ("paste", "\x1b[31mred text that is longer than any sequence\x1b[0m")
    ]


@pytest.mark.parametrize(
    ("key", "name"),
    [(b"\x11", "ctrl+q"), (b"\x03", "ctrl+c"), (b"\x1b[113;5u", "ctrl+q"), (b"\x1b[A", "up"), (b"\x1bOP", "f1")],
)
@pytest.mark.parametrize("cut", range(1, len(b"\x1b[200~")))
def test_a_paste_that_never_ends_gives_way_to_a_key(key: bytes, name: str, cut: int) -> None:
    start = b"\x1b[200~"
    assert typed(start[:cut], start[cut:] + b"lost", b" text", key, b"a") == [
        ("paste", "lost text"), ("key", name), ("key", "a"),
    ]  # fmt: skip


def test_letters_do_not_end_a_paste() -> None:
    assert typed(b"\x1b[200~lost", b"q", b"\r", b"\t", b"x") == []


@pytest.mark.usefixtures("_no_delay")
def test_escape_alone_is_a_key() -> None:
    terminal = TerminalInput()
    assert described(terminal.feed(b"\x1b")) == []
    assert described(terminal.tick()) == [("key", "escape")]
    assert described(terminal.tick()) == []


def test_escape_waits_for_the_rest_of_its_sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ESCAPE_DELAY", 1000.0)
    terminal = TerminalInput()
    assert described([*terminal.feed(b"\x1b"), *terminal.tick(), *terminal.feed(b"[A")]) == [("key", "up")]


@pytest.mark.usefixtures("_no_delay")
@pytest.mark.parametrize("cut", range(2, len(b"\x1b[1;5A")))
def test_a_sequence_cut_by_a_slow_link_is_put_together(cut: int) -> None:
    terminal, sequence = TerminalInput(), b"\x1b[1;5A"
    messages = [*terminal.feed(sequence[:cut]), *terminal.tick(), *terminal.feed(sequence[cut:])]
    assert described(messages) == [("key", "ctrl+up")]


@pytest.mark.usefixtures("_no_delay")
def test_a_sequence_cut_behind_its_escape_comes_as_escape_and_letters() -> None:
    terminal = TerminalInput()
    messages = [*terminal.feed(b"\x1b"), *terminal.tick(), *terminal.feed(b"[A")]
    assert described(messages) == [("key", "escape"), ("key", "left_square_bracket"), ("key", "A")]
