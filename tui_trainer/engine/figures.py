"""How figures are written down."""

from __future__ import annotations

import math
from collections.abc import Mapping

DIGITS = 7
"""Significant digits of a figure in the event log: what a 32-bit float holds."""


def rounded(value: float) -> float:
    """`value` with as many digits as are meant."""
    return float(f"{value:.{DIGITS}g}")


def writable(figures: Mapping[str, float]) -> dict[str, float | None]:
    """Figures as JSON can say them: rounded, None where they are not finite."""
    return {name: rounded(value) if math.isfinite(value) else None for name, value in figures.items()}


def few(value: float) -> float | None:
    """A figure with as many digits as a picture shows; None if it is not finite."""
    return float(f"{value:.5g}") if math.isfinite(value) else None
