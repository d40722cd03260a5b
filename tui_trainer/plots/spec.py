"""What a plot shows, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Span = tuple[str, str]
"""Text and its role; the role of blank cells is empty."""

Row = list[Span]

Stroke = Literal["thin", "thick", "dots", "points"]
"""How a curve is drawn: a line, a thick line, a line of dots, or its points alone."""

Tick = tuple[float, str]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A line. `xs` never decreases; a y that is not finite is a gap.

    `role` names its colour (`palette`); `stroke` tells it apart without colour, and so does `tag`, a letter that stands
    on it here and there. A `ghost` is a curve of an earlier run: drawn dim, in dashes, below the others. `short` is a
    label for where there is little room.
    """

    label: str
    role: str
    xs: Sequence[float]
    ys: Sequence[float]
    stroke: Stroke = "thin"
    ghost: bool = False
    tag: str = ""
    short: str = ""

    @property
    def leads(self) -> bool:
        """Whether axes follow it: a line of the present run."""
        return not self.ghost and self.stroke != "points"


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """What lies between two curves over the same `xs`, lightly shaded. Either may be the upper one; where one of them
    is not finite there is nothing.
    """

    role: str
    xs: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line where something was changed."""

    x: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Samples:
    """Single points of the data, below the curves; `sign`, of one cell, tells them apart without colour."""

    role: str
    sign: str
    xs: Sequence[float]
    ys: Sequence[float]


@dataclass(frozen=True, slots=True)
class Beyond:
    """A curve that has left the axis: which, the value it went to, what helps, and whether it went below."""

    label: str
    value: str
    help: str = ""
    below: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A value that something else gets, as a dotted line across the plot with its name on it."""

    value: float
    label: str


@dataclass(frozen=True, slots=True)
class PlotSpec:
    """All that is drawn. `x` and `y` are the ends of the axes in data units, lower first; with `log` both ends of y
    are positive.

    `gutter` is the width kept for the labels of y, so that the axis does not move when they change.
    """

    curves: Sequence[Curve] = ()
    bands: Sequence[Band] = ()
    samples: Sequence[Samples] = ()
    x: tuple[float, float] = (0.0, 1.0)
    y: tuple[float, float] = (0.0, 1.0)
    log: bool = False
    x_ticks: Sequence[Tick] = ()
    y_ticks: Sequence[Tick] = ()
    x_unit: str = ""
    gutter: int = 5
    marks: Sequence[Mark] = ()
    baseline: float | None = None
    baselines: Sequence[Level] = ()
    cursor: float | None = None
    beyond: Sequence[Beyond] = field(default=())
    ascii: bool = False
