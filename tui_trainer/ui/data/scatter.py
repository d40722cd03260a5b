"""Samples as points in the plane of two features, in the colours of their classes."""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.insight import axes
from tui_trainer.insight.axes import Limits
from tui_trainer.plots.class_colours import class_letter
from tui_trainer.plots.frame import draw
from tui_trainer.plots.spec import PlotSpec, Row, Samples
from tui_trainer.runs.data_look import DataLook, Points
from tui_trainer.ui.pictures.look import Look, class_role
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, exact, row_width

_MARGIN = 0.04
_STEPS = 5
_STEP_ROLES = ("axis", "label", "train", "validation", "warning")
"""Numbers to be predicted are drawn in so many steps, of as many points each, from low to high."""


def scatter(seen: DataLook, x: int, y: int, width: int, height: int, look: Look) -> list[Row]:
    """The plane of two axes, by their place among all."""
    points = seen.points
    if points is None:
        return paragraph("There is no plane to draw: texts, and data without rows, have no features.", width, "label")
    count = len(points.axes)
    across, up = points.axes[x % count], points.axes[y % count]
    left, low = _limits(across.values), _limits(up.values)
    legend = _legend(seen, points, width, look)
    spec = PlotSpec(
        samples=_samples(seen, points, across.values, up.values, look),
        x=(left.lower, left.upper),
        y=(low.lower, low.upper),
        x_ticks=axes.ticks(left, min(10, width // 12)),
        y_ticks=axes.ticks(low, min(10, max(1, height // 3))),
        gutter=axes.LABEL_WIDTH,
        ascii=look.ascii,
    )
    named: Row = [
        ("across ", "label"),
        (across.name, STRONG),
        (f" ({x % count + 1}/{count}, left right)   up ", "label"),
        (up.name, STRONG),
        (f" ({y % count + 1}/{count}, up down)", "label"),
    ]
    features = count - (seen.counted != "class")  # a number to be predicted is an axis, too
    if seen.form == "table" and seen.all_columns > features:
        named.append((f"   the {features} most telling of {seen.all_columns:,}", "label"))
    return [exact(named, width), legend, *draw(spec, width, max(1, height - 2))]


def _limits(values: Sequence[float]) -> Limits:
    known = [value for value in values if value == value]
    low, high = min(known, default=0.0), max(known, default=1.0)
    more = _MARGIN * (high - low) if high > low else 0.5
    return Limits(low - more, high + more)


def _samples(seen: DataLook, points: Points, xs: Sequence[float], ys: Sequence[float], look: Look) -> list[Samples]:
    """Points of one class, or step, and one part together; each class comes in turn, so that none hides the others."""
    groups: dict[tuple[int, bool], tuple[list[float], list[float]]] = {}
    for place, validates, x, y in zip(_places(seen, points), points.validates, xs, ys, strict=True):
        if x == x and y == y:
            group = groups.setdefault((place, validates), ([], []))
            group[0].append(x)
            group[1].append(y)
    return [
        Samples(_role(seen, place), _sign(seen, place, validates, look), *group)
        for (place, validates), group in sorted(groups.items(), key=lambda it: len(it[1][0]))
    ]


def _places(seen: DataLook, points: Points) -> list[int]:
    """The class of each point, or the step in which its number lies."""
    if seen.counted == "class":
        return [int(target) for target in points.targets]
    ordered = sorted(points.targets)
    borders = [ordered[len(ordered) * step // _STEPS] for step in range(1, _STEPS)] if ordered else []
    return [sum(target >= border for border in borders) for target in points.targets]


def _role(seen: DataLook, place: int) -> str:
    return class_role(place) if seen.counted == "class" else _STEP_ROLES[place]


def _sign(seen: DataLook, place: int, validates: bool, look: Look) -> str:
    if seen.counted != "class":
        return str(place + 1)
    if look.shaded:
        return "○" if validates else "•"
    letter = class_letter(place)
    return letter.upper() if validates else letter


def _legend(seen: DataLook, points: Points, width: int, look: Look) -> Row:
    if seen.counted != "class":
        row: Row = [(f"{seen.target} from low to high: ", "label")]
        row += [(f"{step + 1} ", _STEP_ROLES[step]) for step in range(_STEPS)]
        return exact(row, width)
    row = [("• train  ○ validation   " if look.shaded else "a train  A validation   ", "label")]
    for member in seen.members:
        entry: Row = [
            ("■ " if look.shaded else f"{class_letter(member.index)} ", class_role(member.index)),
            (f"{member.name}  ", ""),
        ]
        if row_width([*row, *entry]) > width:
            break
        row += entry
    return exact(row, width)
