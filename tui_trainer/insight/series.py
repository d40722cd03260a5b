"""Recorded series made fit to look at: decimation, smoothing, reading a value.

A series is two sequences of equal length: `xs`, which never decreases, and `ys`. A `y` that is not finite, or is
larger than `LARGEST`, counts as missing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import floor, inf, isfinite, nan

LARGEST = 1e30
"""Magnitudes above this count as missing: no axis can show them and arithmetic on them overflows."""

Series = tuple[list[float], list[float]]


def known(y: float) -> bool:
    """Whether `y` is a number that can be shown."""
    return -LARGEST <= y <= LARGEST


def all_known(ys: Sequence[float]) -> bool:
    return not ys or (all(map(isfinite, ys)) and known(min(ys)) and known(max(ys)))


def decimate(xs: Sequence[float], ys: Sequence[float], left: float, right: float, columns: int) -> Series:
    """The part of a series between `left` and `right`, with at most two points a column.

    A column keeps the lowest and the highest of its points, so that a spike never vanishes. Columns stand still while
    the series grows: a new point changes its own column only. One point beyond each edge is kept, so that lines run
    to the edge. A missing y becomes one NaN, which is a gap, beside the two points of its column.
    """
    start, stop = bisect_left(xs, left), bisect_right(xs, right)
    first, last = max(0, start - 1), min(len(xs), stop + 1)
    ys = ys[first:last]
    xs = xs[first:last]
    width = (right - left) / max(1, columns)
    if width <= 0 or not xs:
        return [], []
    pick = _extremes if all_known(ys) else _extremes_and_gap
    kept: list[int] = []
    at = 0
    while at < len(xs):
        column_end = left + (floor((xs[at] - left) / width) + 1) * width
        end = max(at + 1, bisect_left(xs, column_end, at))
        kept += range(at, end) if end - at == 1 else pick(ys, at, end)
        at = end
    return [xs[i] for i in kept], [ys[i] if known(ys[i]) else nan for i in kept]


def _extremes(ys: Sequence[float], start: int, end: int) -> list[int]:
    column = ys[start:end]
    low, high = column.index(min(column)), column.index(max(column))
    if low == high:
        return [start, end - 1]
    return [start + min(low, high), start + max(low, high)]


def _extremes_and_gap(ys: Sequence[float], start: int, end: int) -> list[int]:
    numbers = [i for i in range(start, end) if known(ys[i])]
    missing = [i for i in range(start, end) if not known(ys[i])][:1]
    if not numbers:
        return missing
    return sorted({min(numbers, key=ys.__getitem__), max(numbers, key=ys.__getitem__), *missing})


def smooth(ys: Sequence[float], weight: float) -> list[float]:
    """Exponential moving average; `weight`, in [0, 1), is that of the past.

    Its bias towards zero at the start is divided out as in Adam (Kingma & Ba 2015). It looks back only, so a new
    point never changes the smoothed ones before it. Missing values stay missing and are passed over.
    """
    if weight <= 0:
        return list(ys)
    smoothed: list[float] = []
    average, past = 0.0, 1.0
    for y in ys:
        if not known(y):
            smoothed.append(nan)
            continue
        average = weight * average + (1 - weight) * y
        past *= weight
        smoothed.append(average / (1 - past))
    return smoothed


def value_at(xs: Sequence[float], ys: Sequence[float], x: float) -> tuple[float, float] | None:
    """The point nearest to `x`, the earlier of two equally near; None if there is none."""
    right = bisect_left(xs, x)
    near = [i for i in (right - 1, right) if 0 <= i < min(len(xs), len(ys))]
    if not near:
        return None
    nearest = min(near, key=lambda i: abs(xs[i] - x))
    return xs[nearest], ys[nearest]


def step_from(xs: Sequence[float], x: float, step: float) -> float | None:
    """The nearest of `xs` that is `step` or more away from `x`: after it if `step` is positive, else before it."""
    if step > 0:
        at = bisect_left(xs, x + step)
        return xs[at] if at < len(xs) else None
    at = bisect_right(xs, x + step) - 1
    return xs[at] if at >= 0 else None


def extremes(
    xs: Sequence[float], ys: Sequence[float], left: float = -inf, right: float = inf, positive: bool = False
) -> tuple[float, float] | None:
    """The lowest and the highest known y between `left` and `right` (of the positive ones only, for a log axis)."""
    part = within(xs, ys, left, right, positive)
    return (min(part), max(part)) if part else None


def within(
    xs: Sequence[float], ys: Sequence[float], left: float, right: float, positive: bool = False
) -> Sequence[float]:
    """The known ys (or the positive ones only) between `left` and `right`."""
    part = ys[bisect_left(xs, left) : bisect_right(xs, right)]
    if positive or not all_known(part):
        part = [y for y in part if known(y) and (y > 0 or not positive)]
    return part


def first_known(ys: Sequence[float]) -> float | None:
    return next((y for y in ys if known(y)), None)


def best(xs: Sequence[float], ys: Sequence[float], highest: bool = False) -> tuple[float, float] | None:
    """The point with the lowest (or highest) known y, the earliest of equals."""
    points = [(x, y) for x, y in zip(xs, ys, strict=False) if known(y)]
    if not points:
        return None
    return max(points, key=lambda point: point[1]) if highest else min(points, key=lambda point: point[1])
