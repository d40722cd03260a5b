"""Figures as a person reads them, and as JSON takes them."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any, overload

MISSING = "-"


def metric(value: float | None) -> str:
    """A loss or another metric in 6 columns or a few more: `0.9730`, `12.346`, `1.2e+05`, `   nan`."""
    if value is None:
        return MISSING.rjust(6)
    if not isfinite(value) or abs(value) >= 9999.95:
        return f"{value:.1e}".rjust(6)
    decimals = next(n for n, bound in ((4, 9.99995), (3, 99.9995), (2, 999.995), (1, 9999.95)) if abs(value) < bound)
    return f"{value:.{decimals}f}".rjust(6)


def metrics(figures: Mapping[str, float]) -> str:
    """All metrics of one part by name: `loss 0.1234  accuracy 0.9730`."""
    return "  ".join(f"{name} {metric(value)}" for name, value in figures.items())


def rate(per_second: float | None) -> str:
    """Steps a second: 12.3, 850, 1.9k, 23k."""
    if per_second is None:
        return MISSING
    if per_second < 99.95:
        return f"{per_second:.1f}"
    if per_second < 999.5:
        return f"{per_second:.0f}"
    return f"{per_second / 1000:.1f}k" if per_second < 9950 else f"{per_second / 1000:.0f}k"


def clock(seconds: float | None) -> str:
    """A span of time as 0:07 or 1:02:03."""
    if seconds is None or not isfinite(seconds):
        return MISSING
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def span(seconds: float) -> str:
    """A span of time that has passed, as 0.84 s, 12 s or 1:02:03."""
    return f"{seconds:.2g} s" if seconds < 9.95 else f"{seconds:.0f} s" if seconds < 59.5 else clock(seconds)


def size(count: float) -> str:
    """Bytes as 1.5 GB."""
    for unit in ("B", "KB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


@overload
def finite(figures: float | None) -> float | None: ...
@overload
def finite(figures: Mapping[str, float]) -> dict[str, float | None]: ...
def finite(figures: Mapping[str, float] | float | None) -> Any:
    """A figure, or figures by name, for JSON, which knows no NaN and no infinity: those become null."""
    if isinstance(figures, Mapping):
        return {name: finite(value) for name, value in figures.items()}
    return figures if figures is not None and isfinite(figures) else None
