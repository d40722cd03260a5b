"""Figures as the commands write them, in the screen's words, and as JSON takes them."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any, overload

from tui_trainer.ui.figures import clock, compact, figure


def metrics(figures: Mapping[str, float]) -> str:
    """All metrics of one part by name: `loss 0.1234  accuracy 0.9730`."""
    return "  ".join(f"{name} {figure(value)}" for name, value in figures.items())


def rate(per_second: float | None) -> str:
    """Steps a second: 12, 850, 1.9k, 23k."""
    return compact(per_second).strip()


def span(seconds: float) -> str:
    """A span of time that has passed, as 0.84 s, 12 s or 1:02:03."""
    return f"{seconds:.2g} s" if seconds < 9.95 else f"{seconds:.0f} s" if seconds < 59.5 else clock(seconds).strip()


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
