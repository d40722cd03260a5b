"""How a plot is looked at, apart from any widget: values in, a drawing's specification out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui_trainer.insight import axes, series
from tui_trainer.insight.axes import Limits
from tui_trainer.plots.heading import Entry
from tui_trainer.plots.palette import FAINT
from tui_trainer.plots.spec import Band, Beyond, Curve, Level, Mark, PlotSpec

_MANY = 3
"""Runs in one plot from which on one alone does not set its scale."""

_PIT = -1.0
"""Where an axis ends below that has an end above only, as long as not all lies lower: R² starts at any depth."""

SMOOTHING = (0.0, 0.6, 0.9, 0.97)
"""Weights of the past that smoothing goes through, from none on."""

GUTTER = axes.LABEL_WIDTH
FRAME = (GUTTER + 1, 2)
"""Columns left of the axis, and rows below it."""

_FEW = 4  # curves that all have their points shown below their average, and a place in the legend


@dataclass(frozen=True, slots=True)
class Data:
    """What is there to see. `plan_end`, `reached` and all x are in `Look.x_unit`.

    `beside` are curves of other plots, for which there is room on these axes too, and whose points the cursor knows.
    `reached` is how far the run is, which may be further than its curves; `ended` says that no more points will come;
    `subject` is whose curves they are.
    """

    curves: Sequence[Curve] = ()
    plan_end: float = 0.0
    reached: float = 0.0
    ended: bool = False
    marks: Sequence[Mark] = ()
    baseline: float | None = None
    subject: str = ""
    bands: Sequence[Band] = ()
    beside: Sequence[Curve] = ()
    baselines: Sequence[Level] = ()

    @property
    def drawn(self) -> list[Curve]:
        """The leading curves that are seen here."""
        return [curve for curve in self.curves if curve.leads]

    @property
    def leading(self) -> list[Curve]:
        """The curves that the axes follow."""
        return [curve for curve in (*self.curves, *self.beside) if curve.leads]

    @property
    def full(self) -> Limits:
        """All of the x axis. Curves of an earlier run count as far as the plan goes."""
        live = max(self.reached, end_of([curve for curve in (*self.curves, *self.beside) if not curve.ghost]))
        ghosts = end_of(self.curves)
        end = max(live, min(ghosts, self.plan_end) if self.plan_end > 0 else ghosts)
        if not any(curve.xs for curve in (*self.curves, *self.beside)) and not self.reached:
            return Limits(0.0, min(1.0, self.plan_end) or 1.0)
        return Limits(0.0, axes.right_end(self.plan_end, end, self.ended))


@dataclass(frozen=True, slots=True)
class Look:
    """What is fixed for a plot: the ends that belong on its y axis (None: none), its words, its key for a log scale."""

    y_range: tuple[float | None, float | None] = (0.0, None)
    x_unit: str = "epoch"
    baseline_label: str = "baseline"
    ascii: bool = False
    log_key: str = ""

    @property
    def may_be_log(self) -> bool:
        """Whether a log scale shows more: of what is above 0 and has no end, as losses, errors and rates are."""
        return self.y_range == (0.0, None)


@dataclass(frozen=True, slots=True)
class View:
    """What a person changes by keys, and where the y axis stands now."""

    log: bool = False
    smoothing: int = 0
    window: Limits | None = None
    cursor: float | None = None
    y: Limits | None = None

    def refit(self, **changes: object) -> View:
        """With these changes, and y to be fitted anew."""
        return replace(self, y=None, **changes)  # type: ignore[arg-type]


def settle(view: View, data: Data, look: Look) -> View:
    """The view with its y axis where the leading curves now need it; others count only while these have no points.

    A window that the axis has shrunk away from is given up.
    """
    if view.window is not None and view.window.upper > data.full.upper:
        view = view.refit(window=None)
    x = view.window or data.full
    lowest, highest = look.y_range
    bounded = lowest is not None and highest is None and not view.log
    curves = _followed(data) if bounded else data.leading
    values = _values(curves, x, view.log)
    if not values:
        curves = list(data.curves)
        values = _values(curves, x, view.log)
    if not values:
        return replace(view, y=view.y or axes.empty(lowest, highest, view.log))
    low, before = min(values), view.y
    if lowest is None and highest is not None and low < _PIT < max(values):
        low = _PIT
        before = None if before is not None and before.lower < _PIT else before
    limits = axes.follow(
        before,
        low,
        max(values),
        reference=_reference(curves, values) if bounded else None,
        floor_at=lowest,
        ceiling_at=highest,
        log=view.log,
        tight=view.window is not None,
    )
    return replace(view, y=limits)


def specify(view: View, data: Data, look: Look, width: int, height: int) -> PlotSpec:
    """The drawing of a settled view in `width` x `height` cells."""
    x = view.window or data.full
    y = view.y or axes.empty(*look.y_range, view.log)
    columns, rows = max(1, width - FRAME[0]), max(1, height - FRAME[1])
    clouds = len(data.drawn) <= _FEW
    curves = [_decimated(shown, x, columns) for curve in data.curves for shown in _smoothed(curve, view, clouds)]
    return PlotSpec(
        curves=curves,
        bands=[_smoothed_band(band, view) for band in data.bands],
        x=(x.lower, x.upper),
        y=(y.lower, y.upper),
        log=view.log,
        x_ticks=axes.ticks(x, min(10, columns // 9)),
        y_ticks=axes.ticks(y, min(10, rows // 3), view.log),
        x_unit=look.x_unit,
        gutter=GUTTER,
        marks=data.marks,
        baseline=data.baseline,
        baselines=data.baselines,
        cursor=view.cursor,
        beyond=[*_beyond(data.drawn, x, y, "" if view.log else look.log_key), *_below(data.drawn, x, y, view.log)],
        ascii=look.ascii,
    )


def entries(view: View, data: Data, look: Look, width: int) -> list[Entry]:
    """The legend, one entry a label, with the values under the cursor if there is one."""
    column = (view.window or data.full).span / max(1, width - FRAME[0])
    named: dict[str, Entry] = {}
    for curve in data.curves:
        value = "" if view.cursor is None else _value(curve, view.cursor, column)
        before = named.get(curve.label)
        if before is not None:
            values = f"{before.value}/{value}" if value else ""
            named[curve.label] = replace(before, value=values, tags=before.tags + curve.tag)
        else:
            role, stroke = (curve.role + FAINT, "dashes") if curve.ghost else (curve.role, curve.stroke)
            leads = curve.leads and (len(data.drawn) <= _FEW or curve.stroke == "thick")
            named[curve.label] = Entry(curve.label, role, stroke, value, leads, curve.short, curve.tag)
    if data.baseline is not None and view.y is not None and view.y.hold(data.baseline, data.baseline):
        named[""] = Entry(look.baseline_label, "label", "baseline")
    # What can be told by itself, the points, is the first to go where there is no room.
    return sorted(named.values(), key=lambda entry: entry.stroke == "points")


def position(view: View, data: Data, look: Look, width: int) -> str:
    """Where the cursor is, as wide at the end of the axis as at its start; empty without a cursor."""
    if view.cursor is None:
        return ""
    x = view.window or data.full
    decimals = 0 if x.span >= 10 * width else 1 if x.span >= width / 5 else 2
    digits = len(f"{data.full.upper:.{decimals}f}")
    return f"{look.x_unit} {view.cursor:{digits}.{decimals}f}"


def state(view: View, data: Data) -> str:
    """What differs from a plain view, in words."""
    words = []
    if view.log:
        words.append("log")
    if view.smoothing:
        words.append(f"smooth {SMOOTHING[view.smoothing]:g}")
    if view.window is not None:
        words.append(f"zoom {data.full.span / view.window.span:.0f}x")
    return "  ".join(words)


def end_of(curves: Sequence[Curve]) -> float:
    """Where the longest of them ends."""
    return max((curve.xs[-1] for curve in curves if curve.xs), default=0.0)


def _smoothed(curve: Curve, view: View, clouds: bool) -> list[Curve]:
    """What is drawn for a curve: itself, or its average, over its points if `clouds`."""
    if not view.smoothing or not curve.leads:
        return [curve]
    average = replace(curve, ys=series.smooth(curve.ys, SMOOTHING[view.smoothing]))
    points = replace(curve, role=curve.role + FAINT, stroke="points", tag="")
    return [points, average] if clouds else [average]


def _smoothed_band(band: Band, view: View) -> Band:
    weight = SMOOTHING[view.smoothing]
    return replace(band, low=series.smooth(band.low, weight), high=series.smooth(band.high, weight)) if weight else band


def _decimated(curve: Curve, x: Limits, columns: int) -> Curve:
    xs, ys = series.decimate(curve.xs, curve.ys, x.lower, x.upper, columns)
    return replace(curve, xs=xs, ys=ys)


def _values(curves: Sequence[Curve], x: Limits, positive: bool) -> list[float]:
    return [y for curve in curves for y in series.within(curve.xs, curve.ys, x.lower, x.upper, positive)]


def _followed(data: Data) -> list[Curve]:
    """The curves that the y axis follows: of many runs, those that have not gone astray, if there are any.

    Of two runs each is what people came to see.
    """
    if len({curve.tag.lower() for curve in data.leading}) < _MANY:
        return data.leading
    kept = [
        curve
        for curve in data.leading
        if (first := series.first_known(curve.ys)) is None
        or not axes.led_astray(first, max(filter(series.known, curve.ys), default=first))
    ]
    return kept if any(curve.xs for curve in kept) else data.leading


def _reference(curves: Sequence[Curve], values: Sequence[float]) -> float:
    firsts = [first for curve in curves if (first := series.first_known(curve.ys)) is not None]
    return axes.reference(max(firsts), values)


def _beyond(curves: Sequence[Curve], x: Limits, y: Limits, log_key: str) -> list[Beyond]:
    """What left the axis; the last of those that a log scale would show says so."""
    found = [Beyond(curve.label, told) for curve in curves if (told := _told_beyond(curve, x, y))]
    helped = [number for number, beyond in enumerate(found) if beyond.value[-1].isdigit()]
    if log_key and helped:
        found[helped[-1]] = replace(found[helped[-1]], help=f"{log_key} log")
    return found


def _told_beyond(curve: Curve, x: Limits, y: Limits) -> str:
    if curve.ys and not series.known(curve.ys[-1]):
        return f"{curve.ys[-1]:.3g}"
    found = series.extremes(curve.xs, curve.ys, x.lower, x.upper)
    if found is None or found[1] <= y.upper * (1 + 1e-9):
        return ""
    return f"{found[1]:.4g}" if found[1] < 1e4 else axes.short(found[1], 6)


def _below(curves: Sequence[Curve], x: Limits, y: Limits, log: bool) -> list[Beyond]:
    """The curves that end below the axis; one that comes up from there is seen to."""
    ends = [(curve.label, values[-1]) for curve in curves if (values := _values([curve], x, log))]
    return [
        Beyond(label, f"{end:.4g}" if end > -1e4 else axes.short(end, 7), below=True)
        for label, end in ends
        if not y.hold(end, y.upper)
    ]


def _value(curve: Curve, x: float, column: float) -> str:
    near = series.value_at(curve.xs, curve.ys, x)
    if near is None or not curve.xs[0] - column <= x <= curve.xs[-1] + column:
        return f"{'-':>6}"
    return axes.figure(near[1])
