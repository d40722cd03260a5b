"""What a verdict is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Proposal:
    """Something to try next: `value` at `path`, as `--set` would have it; at `repeats` it is a number of seeds."""

    words: str  # such as `lr 0.3`
    path: str
    value: Any


@dataclass(frozen=True)
class Verdict:
    """What came out of a comparison: the headline first, then why, one idea a sentence."""

    headline: str
    sentences: tuple[str, ...] = ()
    winner: int | None = None  # index of the arm that generalizes better; None if that cannot be said
    sure: str = ""  # how sure that is, and by which method
    proposals: tuple[Proposal, ...] = ()
    so_far: bool = False  # some run still trains
    ranking: tuple[int, ...] = ()  # indices of the arms that have figures, the best on validation first
