"""What a picture may say: each raises ValueError at anything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from tui_trainer.runs.parsing import finite, mapping, whole

MOST_CELLS = 512 * 512
MOST_POINTS = 5_000
MOST_MEMBERS = 100
"""Cells of a plane or an image, points of a plot, and members of a list of pictures."""

LARGEST = 1e100
"""Larger numbers leave no room for their differences and squares; a network's own end far below."""

HEAT = 100
"""A signed value is a whole number from minus this to this, in shares of the largest one beside it."""

T = TypeVar("T")


def list_of(value: Any, length: int | None = None) -> list[Any]:
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise ValueError("no list, or not as long as it should be")
    return value


def members(value: Any, read: Callable[[Mapping[str, Any]], T], most: int = MOST_MEMBERS) -> tuple[T, ...]:
    """A list of mappings, each read."""
    return tuple(read(mapping(member)) for member in list_of(value)[:most])


def some(value: Any, read: Callable[[Mapping[str, Any]], T], most: int = MOST_MEMBERS) -> tuple[T, ...]:
    """As `members`, of which there must be one at least."""
    if not list_of(value):
        raise ValueError("nothing to show")
    return members(value, read, most)


def numbers(value: Any, length: int | None = None) -> tuple[float, ...]:
    return tuple(measured(number) for number in list_of(value, length)[:MOST_POINTS])


def measured(value: Any) -> float:
    """A number that can be drawn."""
    if abs(finite(value)) > LARGEST:
        raise ValueError(f"{value!r} is beyond all measure")
    return finite(value)


def index(value: Any, count: int) -> int:
    if whole(value) >= count:
        raise ValueError(f"there is no number {value!r}")
    return whole(value)


def indices(value: Any, count: int, length: int | None = None) -> tuple[int, ...]:
    return tuple(index(each, count) for each in list_of(value, length)[:MOST_CELLS])


def within(value: Any, most: int) -> int:
    if whole(value) > most:
        raise ValueError(f"{value!r} is more than {most}")
    return whole(value)


def shares(value: Any, length: int) -> tuple[float, ...]:
    """Whole numbers of per cent, as shares."""
    return tuple(within(share, 100) / 100 for share in list_of(value, length))


def heat(value: Any, length: int) -> tuple[int, ...]:
    """Signed values."""
    found = tuple(list_of(value, length))
    if not all(type(each) is int and -HEAT <= each <= HEAT for each in found):
        raise ValueError("not all are signed values")
    return found


def size(value: Any) -> tuple[int, int]:
    """Height and width of what has cells, or may have none."""
    height, width = (whole(side) for side in list_of(value, 2))
    if height * width > MOST_CELLS:
        raise ValueError("too large")
    return height, width


def filled(value: Any) -> tuple[int, int]:
    """Height and width of what has a cell at least."""
    height, width = size(value)
    if not height * width:
        raise ValueError("of no size")
    return height, width


def ends(value: Any) -> tuple[float, float]:
    low, high = (measured(end) for end in list_of(value, 2))
    if not low < high:
        raise ValueError("a range without extent")
    return low, high
