"""Figures as the findings say them."""

from __future__ import annotations


def percent(share: float) -> str:
    """A share of a whole: `84 %`; what is not quite all does not look like it."""
    return f"{min(share, 0.99) if share < 1 else share:.0%}".replace("%", " %")


def epochs(count: float) -> str:
    """A number of epochs, or an epoch: `12`, `0.4`."""
    return f"{round(count, 1):g}" if abs(count) < 100_000 else f"{count:.0f}"
