"""Where a run comes from: the run that it was forked from, the comparison that it belongs to."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from math import isfinite
from typing import Any

from tui_trainer.experiment.text import clean
from tui_trainer.runs.ids import ID

MOST_PLACES = 100


@dataclass(frozen=True)
class Place:
    """Where a run stands in a comparison."""

    comparison: str  # its id
    arm: str
    repeat: int = 0


@dataclass(frozen=True)
class Origin:
    """What its folder says about where a run comes from; empty where it was started by itself."""

    parent: str = ""  # the id of the run that it was forked from
    from_step: int | None = None  # the step of the parent's checkpoint that it goes on from; None: it began anew
    from_epoch: float | None = None
    comparison: str = ""  # the id of the comparison that it was started for
    arm: str = ""  # the name of its arm there
    repeat: int = 0  # which of the arm's seeds
    also: tuple[Place, ...] = ()  # in comparisons that came to be after it, and took it in

    def within(self, id: str) -> Origin:
        """The same, with its place in the comparison with that id, if it has one there."""
        place = next((place for place in self.also if place.comparison == id), None)
        return replace(self, comparison=id, arm=place.arm, repeat=place.repeat) if place is not None else self

    def taken_in(self, id: str, arm: str, repeat: int) -> Origin:
        """That of a run which a comparison takes in; where it belongs already, it belongs still."""
        if not self.comparison:
            return replace(self, comparison=id, arm=arm, repeat=repeat)
        return replace(self, also=(*self.also, Place(id, arm, repeat))[-MOST_PLACES:])

    def to_text(self) -> str:
        """As its file holds it."""
        return json.dumps({name: value for name, value in asdict(self).items() if value not in (None, ())}) + "\n"


NOWHERE = Origin()
"""That of a run that was started by itself."""


def read_origin(text: str | bytes) -> Origin:
    """The origin in a file's text; empty if that is none."""
    try:
        said = json.loads(text)
        epoch = said.get("from_epoch")
        if epoch is not None and not (isinstance(epoch, int | float) and isfinite(epoch)):
            return NOWHERE
        return Origin(
            parent=_id(said.get("parent", "")),
            from_step=None if said.get("from_step") is None else _whole(said["from_step"]),
            from_epoch=epoch,
            comparison=_id(said.get("comparison", "")),
            arm=clean(said.get("arm", ""), 100),
            repeat=_whole(said.get("repeat", 0)),
            also=tuple(
                Place(_id(place["comparison"]), clean(place["arm"], 100), _whole(place["repeat"]))
                for place in said.get("also", ())[:MOST_PLACES]
            ),
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError):
        return NOWHERE


def _id(value: Any) -> str:
    """Raises ValueError unless it is an id or nothing."""
    if value != "" and not (isinstance(value, str) and ID.fullmatch(value)):
        raise ValueError("no id")
    return str(value)


def _whole(value: Any) -> int:
    """Raises ValueError unless it is a number of steps or repeats."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise ValueError("no number")
    return value
