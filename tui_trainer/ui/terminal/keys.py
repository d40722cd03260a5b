"""Keys: their names, and the letters of a Korean keyboard.

Outside text fields the letters of the two-set layout act as the Latin ones on the same keys, so that no key needs
another input mode.
"""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.events import Event, Key
from textual.keys import format_key

from tui_trainer.ui.terminal.glyphs import ascii_only

_HANGUL = "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ"
_LATIN = "qwertyuiopasdfghjklzxcvbnmQWERTOP"
_LATIN_OF = dict(zip(_HANGUL, _LATIN, strict=True))
_ARROWS = ("up", "down", "left", "right")  # shown as signs that are keys of their own in ASCII
_NAMES = {
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "tab": "Tab",
    "backspace": "Backspace",
    "delete": "Delete",
    "insert": "Insert",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}


def latin(key: str) -> str | None:
    """The Latin letter on the key that types the Hangul letter `key`; None if it is none."""
    return _LATIN_OF.get(key)


def as_latin(event: Event, app: App[Any]) -> Event:
    """The event that `app` handles in place of `event`: a Hangul letter that no text field takes as its Latin key.

    An App calls it first thing, before bindings are looked up:

        async def on_event(self, event: Event) -> None:
            await super().on_event(as_latin(event, self))
    """
    letter = latin(event.key) if isinstance(event, Key) and not event.is_forwarded else None
    if letter is None or not isinstance(event, Key):
        return event
    focused = app.focused
    return event if focused and focused.check_consume_key(event.key, event.character) else Key(letter, letter)


def key_name(key: str) -> str:
    """A key as a person calls it: `Enter`, `Ctrl-P`, `?`, `j`."""
    *modifiers, last = key.split("+")
    name = _NAMES.get(last) or (last.capitalize() if last in _ARROWS and ascii_only() else format_key(last))
    if modifiers and len(name) == 1:
        name = name.upper()
    return "-".join([*(modifier.capitalize() for modifier in modifiers), name])
