"""Where a run comes from: the run that it was forked from, the comparison that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """What its folder says about where a run comes from; empty where it was started by itself."""

    parent: str = ""  # the id of the run that it was forked from
    from_step: int | None = None  # the step of the parent's checkpoint that it goes on from; None: it began anew
    from_epoch: float | None = None
    comparison: str = ""  # the id of the comparison that it was started for
    arm: str = ""  # the name of its arm there
    repeat: int = 0  # which of the arm's seeds
