"""Figures within sentences, as the tables of the screen have them."""

from __future__ import annotations

MINUS = "−"


def number(value: float, digits: int = 3) -> str:
    """With so many digits; a large one in full or in short, and never with an exponent where a table has none.

    `0.0358`, `21.9`, `20,884`, `396.7k`, `4.5e-05`; a true minus sign.
    """
    sign, size = MINUS if value < 0 else "", abs(value)
    if size < 999.5 or not size < 999.95e6:
        return sign + f"{size:.{digits}g}"
    if size < 99_999.5:
        return f"{sign}{size:,.0f}"
    unit, of = ("k", 1e3) if size < 999.95e3 else ("M", 1e6)
    decimals = next(count for bound, count in ((9.9995, 3), (99.995, 2), (1e3, 1)) if size / of < bound)
    return f"{sign}{size / of:.{decimals}f}{unit}"
