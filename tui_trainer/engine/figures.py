"""How figures are written down."""

from __future__ import annotations

import math
from collections.abc import Mapping

DIGITS = 7
"""Significant digits of a figure in the event log: what a 32-bit float holds."""


def rounded(value: float) -> float | None:
    """`value` with as many digits as are meant; None if it is not finite, which JSON cannot say."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def rounded_all(figures: Mapping[str, float]) -> dict[str, float | None]:
    return {name: rounded(value) for name, value in figures.items()}
