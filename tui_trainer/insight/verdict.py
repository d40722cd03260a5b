"""The verdict on a comparison, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tui_trainer.insight.arms import Arm


@dataclass(frozen=True)
class Proposal:
    """Something to try next: `value` at `path`, as `--set` would have it; `repeats` is the number of seeds."""

    words: str
    path: str
    value: Any


@dataclass(frozen=True)
class Verdict:
    """What came out: the headline first, then why, one idea a sentence."""

    headline: str
    sentences: tuple[str, ...] = ()
    winner: int | None = None  # index of the arm that generalizes better; None if that cannot be said
    sure: str = ""  # how sure that is, and by which method
    proposals: tuple[Proposal, ...] = ()
    so_far: bool = False  # some run still trains
    ranking: tuple[int, ...] = ()  # indices of the arms that have figures, the best first


def verdict(arms: Sequence[Arm], pinned: int = 0) -> Verdict:
    """Judges the arms of a comparison; `pinned` is the index of the one that the others are measured against."""
    return Verdict("Nothing to compare yet.")
