"""How numbers are spread, in few cells."""

from __future__ import annotations

import math
from collections.abc import Sequence

_LEVELS = "▁▂▃▄▅▆▇█"
_ASCII_LEVELS = ".:-=+*%#"


def spark(values: Sequence[float], width: int, *, ascii_only: bool = False, low: float = 0.0, high: float = 0.0) -> str:
    """At most `width` cells whose height follows the values; what is not known is blank.

    The lowest level is `low`, the highest `high`; without them, those of the values.
    """
    known = [value for value in values if math.isfinite(value)]
    if not known or width < 1:
        return ""
    if high <= low:
        low, high = min(known), max(known)
    levels = _ASCII_LEVELS if ascii_only else _LEVELS
    return "".join(_level(value, low, high, levels) for value in _thinned(values, width))


def _level(value: float, low: float, high: float, levels: str) -> str:
    if not math.isfinite(value):
        return " "
    at = (value - low) / (high - low) if high > low else 0.5
    return levels[min(len(levels) - 1, max(0, int(at * len(levels))))]


def histogram(bars: Sequence[int], *, ascii_only: bool = False) -> str:
    """Counts as a row of bars: none is blank, few is never nothing."""
    most = max(bars, default=0)
    levels = _ASCII_LEVELS if ascii_only else _LEVELS
    return "".join(" " if not count else levels[math.ceil(count / most * len(levels)) - 1] for count in bars)


def _thinned(values: Sequence[float], width: int) -> list[float]:
    if len(values) <= width:
        return list(values)
    return [values[i * (len(values) - 1) // max(1, width - 1)] for i in range(width)]
