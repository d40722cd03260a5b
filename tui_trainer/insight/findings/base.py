"""A finding, and the rules that make them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["problem", "hint"]


@dataclass(frozen=True)
class Cure:
    """A change that would mend it: new values by path, for a fork of the run.

    `from_step` names the checkpoint to go on from (None: train anew). `certain` is False where it does not always help:
    then it is something to try.
    """

    words: str  # what it does, such as `l2 0.01`
    changes: Mapping[str, Any] = field(default_factory=dict)
    from_step: int | None = None
    certain: bool = True


@dataclass(frozen=True)
class Finding:
    """One diagnosis of a run."""

    kind: str  # the rule's name, such as `overfitting`
    title: str  # in few words: `overfitting since epoch 31`
    evidence: str  # the figures: `validation loss has risen for 12 epochs while train loss fell: 0.61 -> 0.92`
    why: str  # why it happens, in two sentences
    severity: Severity = "problem"
    cures: tuple[Cure, ...] = ()  # the best first
