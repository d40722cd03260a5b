"""Text that came from outside: a file, a worker, a data set, a name."""

from __future__ import annotations

import unicodedata

_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean(text: object, limit: int = 10_000) -> str:
    """`text` on one line without anything that a terminal would obey: control, escape and direction characters."""
    flat = str(text)[:limit].replace("\n", " ").replace("\t", " ")
    return "".join(character for character in flat if unicodedata.category(character) not in _UNSAFE)


def cut(text: str, limit: int) -> str:
    """Safe text in at most so many characters; what is cut ends in a sign that says so, behind a whole word if it can.

    A word is cut only where less than half of the room would be left without it.
    """
    if len(text) <= limit:
        return text
    shown = text[: limit - 1]
    whole = shown if text[limit - 1] == " " else shown.rpartition(" ")[0]
    return (whole if 2 * len(whole) >= limit else shown).rstrip() + "…"


def clean_lines(text: object, limit: int = 100_000) -> str:
    """As `clean`, but line breaks stay."""
    return "\n".join(clean(line) for line in str(text)[:limit].splitlines())
