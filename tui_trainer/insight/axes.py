"""Where the axes of a live plot end, and how they are labelled.

Axes stand still while data grows, because every move redraws the whole plot: x ends at the plan, halved as often as
it still holds the data; y moves in round steps, only when the data leaves it, and does not follow a divergence.
Functions of plain values: the old state goes in, the new one comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

HALVINGS = 7
"""How often x may be rescaled while a run goes through its plan."""

LED_ASTRAY = 3.0
"""Times the first value beyond which an axis does not follow one curve of a comparison while others stay below."""

DIVERGED = 10.0
"""The y axis never shows more than this many times its reference: the first value, as a rule."""

LABEL_WIDTH = 5
"""Columns that a tick label takes at most."""

Tick = tuple[float, str]

_LADDER = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_STEPS = (1.0, 2.0, 5.0, 10.0)
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Limits:
    """The ends of an axis, in data units; `lower < upper`."""

    lower: float
    upper: float

    @property
    def span(self) -> float:
        return self.upper - self.lower

    def hold(self, low: float, high: float) -> bool:
        slack = _ROUNDING * self.span
        return self.lower - slack <= low and high <= self.upper + slack


def right_end(plan: float, data: float, ended: bool = False) -> float:
    """Where x ends: the plan, halved as often (at most `HALVINGS` times) as it still holds the data.

    After the run has ended: where the data ends.
    """
    if ended and data > 0:
        return data
    if plan <= 0 or data > plan * (1 + _ROUNDING):
        return data if data > 0 else 1.0
    halvings = HALVINGS if data <= 0 else min(HALVINGS, floor(log10(plan / data) / log10(2) + _ROUNDING))
    return float(plan / 2 ** max(0, halvings))


def follow(
    limits: Limits | None,
    low: float,
    high: float,
    *,
    reference: float | None = None,
    floor_at: float | None = None,
    ceiling_at: float | None = None,
    log: bool = False,
    tight: bool = False,
) -> Limits:
    """The y limits for data between `low` and `high`: the same ones while they hold it, else wider ones, snapped to
    round values.

    `reference` stops the axis at `DIVERGED` times it. `floor_at` and `ceiling_at` are
    values that the data cannot pass and that belong on the axis (a loss starts at 0, an accuracy ends at 1); `tight`
    lets the axis leave them, to look at a part closely.
    """
    if reference is not None and reference > 0:
        high = min(high, DIVERGED * reference)
        low = min(low, high) if log else min(max(low, -DIVERGED * reference), high)
    if limits is not None:
        if limits.hold(low, high):
            return limits
        low, high = min(low, limits.lower), max(high, limits.upper)
    if log:
        return _log_limits(low, high)
    if ceiling_at is not None and high <= ceiling_at and not tight:
        span = _up(ceiling_at - low, _STEPS) if low < ceiling_at else 0.1
        lower = _clean(ceiling_at - span)
        return Limits(lower if floor_at is None else max(floor_at, lower), ceiling_at)
    if floor_at is not None and low >= floor_at and not tight:
        return Limits(floor_at, floor_at + (_up(high - floor_at, _LADDER) if high > floor_at else 1.0))
    return _within(_around(low, high), floor_at, ceiling_at)


def reference(first: float, values: Sequence[float]) -> float:
    """What a divergence is measured by: the first value, or the median if most values lie beyond `DIVERGED` times it.

    A curve that leaps up and stays there is thus seen where it stays. `values` holds no NaN.
    """
    beyond = sum(value > DIVERGED * first for value in values)
    return sorted(values)[(len(values) - 1) // 2] if 2 * beyond > len(values) else first


def led_astray(first: float, highest: float) -> bool:
    """Whether a curve that began at `first` has gone where it would press the others of a comparison flat."""
    return highest > LED_ASTRAY * first > 0


def empty(floor_at: float | None, ceiling_at: float | None, log: bool = False) -> Limits:
    """The y limits of a plot that has no data yet."""
    if log:
        return Limits(0.1, 1.0)
    lower = 0.0 if floor_at is None else floor_at
    return Limits(lower, lower + 1 if ceiling_at is None else ceiling_at)


def _log_limits(low: float, high: float) -> Limits:
    decade = 10.0 ** floor(log10(low) + _ROUNDING)
    lower = decade * 3 if low >= decade * 3 else decade
    upper = _up(high, _LADDER)
    return Limits(lower, upper if upper > lower * (1 + _ROUNDING) else lower * 10)


def _around(low: float, high: float) -> Limits:
    if high - low <= _ROUNDING * max(abs(low), abs(high)):
        margin = abs(low) / 10 or 1.0
        low, high = low - margin, high + margin
    step = _up((high - low) / 8, _STEPS)
    return Limits(_clean(floor(low / step + _ROUNDING) * step), _clean(ceil(high / step - _ROUNDING) * step))


def _within(limits: Limits, floor_at: float | None, ceiling_at: float | None) -> Limits:
    lower, upper = limits.lower, limits.upper
    if floor_at is not None and lower < floor_at < upper:
        lower = floor_at
    if ceiling_at is not None and lower < ceiling_at < upper:
        upper = ceiling_at
    return Limits(lower, upper)


def _up(value: float, ladder: tuple[float, ...]) -> float:
    """The smallest round number on `ladder`, times a power of ten, that is not below `value` (which is positive)."""
    power = 10.0 ** floor(log10(value) + _ROUNDING)
    fits = next(rung for rung in (*ladder, 10.0) if rung * power >= value * (1 - _ROUNDING) or rung == 10.0)
    return _clean(fits * power)


def _clean(value: float) -> float:
    """`value` without the last bits that arithmetic leaves: 0.3, not 0.30000000000000004."""
    return float(f"{value:.12g}")


# Zoom and pan: a window into x


def zoom(full: Limits, window: Limits | None, centre: float, factor: float) -> Limits | None:
    """A window `factor` times as wide, around `centre` as far as `full` allows; None if that is all of it."""
    now = window or full
    span = max(now.span * factor, full.span / 1024)
    if span >= full.span * (1 - _ROUNDING):
        return None
    return _inside(full, centre - span / 2, span)


def pan(full: Limits, window: Limits | None, shift: float) -> Limits | None:
    """The window moved by `shift` of its own width, as far as `full` allows."""
    return None if window is None else _inside(full, window.lower + shift * window.span, window.span)


def _inside(full: Limits, left: float, span: float) -> Limits:
    left = min(max(left, full.lower), full.upper - span)
    return Limits(left, left + span)


# Ticks


def ticks(limits: Limits, most: int, log: bool = False) -> tuple[Tick, ...]:
    """Round values within the limits, at most `most` steps apart from end to end, with labels of equal decimals."""
    most = max(1, most)
    if log:
        values = _log_values(limits, most)
        return tuple((value, _plain_or_short(value)) for value in values)
    step = _up(limits.span / (most + 2), _STEPS)
    while len(values := _multiples(limits, step)) > most + 1:
        step = _up(step * 1.01, _STEPS)
    return tuple(zip(values, _labels(values, step), strict=True))


def _multiples(limits: Limits, step: float) -> list[float]:
    lowest, highest = ceil(limits.lower / step - 1e-6), floor(limits.upper / step + 1e-6)
    return [_clean(n * step) for n in range(lowest, highest + 1)]


def _log_values(limits: Limits, most: int) -> list[float]:
    lowest, highest = floor(log10(limits.lower)), ceil(log10(limits.upper))
    for rungs in ((1, 2, 5), (1, 3), (1,)):
        values = [_clean(rung * 10.0**n) for n in range(lowest, highest + 1) for rung in rungs]
        values = [value for value in values if limits.lower * (1 - 1e-9) <= value <= limits.upper * (1 + 1e-9)]
        if len(values) <= most + 1:
            return values
    return values[:: ceil((len(values) - 1) / most)]


def _labels(values: Iterable[float], step: float) -> list[str]:
    values = list(values)
    decimals = max(0, -floor(log10(step) + _ROUNDING))
    labels = [f"{value:.{decimals}f}" for value in values]
    if any(len(label) > LABEL_WIDTH for label in labels):
        labels = [label.replace("0.", ".", 1) if label.lstrip("-").startswith("0.") else label for label in labels]
    if any(len(label) > LABEL_WIDTH for label in labels):
        labels = [short(value, LABEL_WIDTH) for value in values]
    return labels


def _plain_or_short(value: float) -> str:
    plain = f"{value:.12g}"
    return plain if len(plain) <= LABEL_WIDTH and "e" not in plain else short(value, LABEL_WIDTH)


def short(value: float, width: int) -> str:
    """`value` in scientific notation with as many digits as fit into `width` columns: 1.2e5, 3e-4."""
    if value == 0 or not isfinite(value):
        return f"{value:.0f}"
    for digits in range(width, -1, -1):
        mantissa, exponent = f"{value:.{digits}e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        text = f"{mantissa}e{int(exponent)}"
        if len(text) <= width:
            break
    return text


def figure(value: float, width: int = 6) -> str:
    """`value` in exactly `width` columns (6 or more), with as many digits as fit, so that nothing jumps as it
    changes."""
    if not isfinite(value):
        return f"{value:>{width}.0f}"
    whole = len(f"{value:.0f}")
    if (abs(value) >= 1e-3 or value == 0) and whole <= width:
        return f"{value:.{max(0, width - whole - 1)}f}"[:width].rjust(width)
    return short(value, width).rjust(width)
