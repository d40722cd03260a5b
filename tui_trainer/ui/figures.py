"""Figures as the screen shows them: few digits, units, and as wide at the end of a run as at its start."""

from __future__ import annotations

import time
from math import isfinite, isnan

from tui_trainer.insight.figures import MINUS
from tui_trainer.ui.terminal.glyphs import NONE


def compact(number: float | None) -> str:
    """A count or rate in 4 cells: `0.52`, ` 5.2`, ` 520`, `1.9k`, ` 19M`."""
    if number is None or not isfinite(number):
        return NONE.rjust(4)
    unit, *larger = "", "k", "M", "G", "T"
    while number >= 999.5 and larger:
        number, unit = number / 1000, larger.pop(0)
    decimals = 0 if number >= 9.95 else 1 if unit or number >= 0.995 else 2
    return f"{number:.{decimals}f}{unit}".rjust(4)


def figure(value: float | None) -> str:
    """A loss or another metric in 6 cells: `0.4131`, `12.346`, `15,230`, `396.7k`, `4.5e-5`; only 0 looks like
    0, and a large one keeps 4 digits."""
    if value is None:
        return NONE.rjust(6)
    if value < 0:
        return f"{MINUS}{figure(-value).strip()}".rjust(6)
    if not isfinite(value) or abs(value) >= 1e99:
        return _beyond(value).rjust(6)
    if 0 < abs(value) < 0.00005:
        return _with_exponent(value, decimals=1 if abs(value) >= 9.5e-10 else 0)
    for bound, decimals in ((9.99995, 4), (99.9995, 3), (999.995, 2), (99_999.5, 0)):
        if abs(value) < bound:
            return f"{value:,.{decimals}f}".rjust(6)
    for unit, of in (("k", 1e3), ("M", 1e6)):
        for bound, decimals in ((9.9995, 3), (99.995, 2), (999.95, 1)):
            if abs(value) / of < bound:
                return f"{value / of:.{decimals}f}{unit}".rjust(6)
    return _with_exponent(value, decimals=1)


def _with_exponent(value: float, decimals: int) -> str:
    mantissa, _, exponent = f"{value:.{decimals}e}".partition("e")
    return f"{mantissa}e{int(exponent)}".rjust(6)


def _beyond(value: float) -> str:
    return "NaN" if isnan(value) else "huge" if value > 0 else "-huge"


def magnitude(value: float | None) -> str:
    """A figure of any size, not negative, in 7 cells: `   0.48`, ` 0.0013`, `1.2e-06`."""
    if value is None:
        return NONE.rjust(7)
    if not isfinite(value) or abs(value) >= 1e99:
        return _beyond(value).rjust(7)
    if 0.00095 <= value < 99999.5:
        decimals = next((n for bound, n in ((0.00995, 4), (0.0995, 3), (0.995, 2), (9.95, 1)) if value < bound), 0)
        return f"{value:.{decimals}f}".rjust(7)
    return f"{value:.1e}" if value >= 1e-99 else "0".rjust(7)


def percent(share: float | None) -> str:
    """A share in 5 cells: ` 12 %`; what is not quite none or all does not look like it."""
    if share is None or not isfinite(share):
        return NONE.rjust(3) + "  "
    whole = round(100 * share)
    if whole in (0, 100) and share not in (0, 1):
        whole = 1 if whole == 0 else 99
    return f"{whole:3d} %"


def points(difference: float | None) -> str:
    """A difference between two shares with its sign, in percentage points: ` +9.5 points`."""
    if difference is None or not isfinite(difference):
        return NONE.rjust(5) + " points"
    said = f"{100 * difference:+.1f}".replace("-", MINUS)
    return f"{'0.0' if said[1:] == '0.0' else said:>5} points"


def clock(seconds: float | None) -> str:
    """A span of time in 7 cells: `   0:07`, `1:02:03`, `12h 05m`, ` 3 days`."""
    if seconds is None or not isfinite(seconds):
        return NONE.rjust(7)
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 100:
        days = hours // 24
        return (f"{days} days" if days < 100 else f"{compact(days).strip()} d").rjust(7)
    if hours >= 10:
        return f"{hours}h {minutes:02}m"
    return (f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}").rjust(7)


def took(seconds: float | None) -> str:
    """A span of time that is over, in 7 cells: as `clock`, but short ones to a tenth: `  0.4 s`."""
    if seconds is None or not 0 <= seconds < 9.95:
        return clock(seconds)
    return f"{seconds:.1f} s".rjust(7)


def moment(unix: float | None) -> str:
    """A point in time in 12 cells: `Nov 20 22:47`, or ` Nov 20 2024` if that is not this year."""
    if unix is None:
        return NONE.rjust(12)
    try:
        then, now = time.localtime(unix), time.localtime()
    except (OverflowError, ValueError, OSError):
        return NONE.rjust(12)
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[then.tm_mon - 1]
    day = f"{month} {then.tm_mday:2d}"
    return f"{day} {then.tm_hour:02}:{then.tm_min:02}" if then.tm_year == now.tm_year else f" {day} {then.tm_year}"


def gigabytes(count: float) -> str:
    """Bytes in GB with one decimal below 100, as 1,000,000,000 bytes each: `7.8`."""
    return f"{count / 1e9:.{1 if count < 99.95e9 else 0}f}"


def megabytes(count: float) -> str:
    """Bytes in MB, as 1,000,000 bytes each, with their unit: `12 MB`."""
    return f"{count / 1e6:,.0f} MB"
