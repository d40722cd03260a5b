"""What a terminal sends, as Textual's messages; no byte can end the program, and no cut can lock the keyboard."""

from __future__ import annotations

import re
import time
from codecs import getincrementaldecoder
from collections.abc import Iterator

from textual import constants, events
from textual._parser import Parser
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

# The beginning of a control sequence whose end a slow link has yet to bring. Of these only ESC alone is a key.
_CUT_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]{0,24}[ -/]{0,2})?\Z")

# Keys that no text consists of: control characters (but tab and line ends), or whole escape sequences.
_NO_TEXT = re.compile(r"(?:[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]|\x1b(?:[\[O][0-?]*[ -/]*[@-~])?)+")


class TerminalInput:
    """Decodes, tells pastes from keys, and leaves the keys to Textual's parser."""

    def __init__(self, debug: bool = False) -> None:
        # Textual decodes strictly: one invalid byte, even inside a paste, ends the app (Textualize/textual#6456).
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._parser = XTermParser(debug)
        self._held = ""
        self._held_since = 0.0
        self._paste: str | None = None

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that `data` brings, which is what one read of the terminal gave."""
        text = self._held + self._decode(data)
        self._held = ""
        while text:
            if self._paste is None:
                keys, start, text = text.partition(BRACKETED_PASTE_START)
                if start:
                    self._paste = ""
                elif cut := _CUT_SEQUENCE.search(keys):
                    keys, self._held, self._held_since = keys[: cut.start()], cut.group(), time.monotonic()
                yield from self._parse(keys)
            else:
                self._paste, pasted, text = _continue_paste(self._paste, text)
                if pasted is not None:
                    yield events.Paste(pasted.replace("\x00", ""))

    def tick(self) -> Iterator[Message]:
        """The messages that time brings: ESC is the key of that name once nothing has followed it for a while."""
        if self._held == "\x1b" and time.monotonic() - self._held_since >= constants.ESCAPE_DELAY:
            self._held = ""
            yield events.Key("escape", "\x1b")
        yield from self._parser.tick()

    def _parse(self, keys: str) -> Iterator[Message]:
        for character in keys:
            try:
                yield from self._parser.feed(character)
            except Exception:
                # Some malformed sequences (`ESC [ 99999999 u`) are too much for the parser. Only its state is made new:
                # what it knows of the terminal (size, mouse in pixels) it must keep.
                Parser.__init__(self._parser)


def _continue_paste(paste: str, text: str) -> tuple[str | None, str | None, str]:
    """Add `text` to an open paste: the paste if it is still open, else the pasted text, and what comes after it.

    Textual's parser knows one way out of a paste. Where the closing mark is lost or cut in two, no key works any more,
    not even those that quit; and an escape character inside a paste makes it press the next 32 characters as keys.
    """
    whole = paste + text
    end = whole.find(BRACKETED_PASTE_END, max(0, len(paste) - len(BRACKETED_PASTE_END)))
    if end >= 0:
        return None, whole[:end], whole[end + len(BRACKETED_PASTE_END) :]
    if _NO_TEXT.fullmatch(text):  # somebody is at the keys: the closing mark will not come
        return None, paste, text
    return whole, None, ""
