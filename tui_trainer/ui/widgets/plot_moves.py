"""What the keys and the mouse make of how a plot is looked at: cursor, zoom and pan."""

from __future__ import annotations

from dataclasses import replace

from tui_trainer.insight import axes, series
from tui_trainer.ui.widgets.plot_view import FRAME, Data, View, end_of


def move_cursor(view: View, data: Data, columns: int, width: int) -> View:
    """The cursor on the next point at least one column away, in the direction of `columns` (1 or -1).

    Without a cursor: on the last point shown. A window follows it.
    """
    x = view.window or data.full
    curves = [curve.xs for curve in data.leading or data.curves if curve.xs]
    if not curves:
        return view
    if view.cursor is None:
        last = [point for xs in curves if (point := series.step_from(xs, x.upper, 0)) is not None]
        return replace(view, cursor=max(last)) if last else view
    step = columns * x.span / max(1, width - FRAME[0]) * 0.999
    found = [point for xs in curves if (point := series.step_from(xs, view.cursor, step)) is not None]
    if not found:
        return view
    cursor = min(found) if columns > 0 else max(found)
    if view.window is None or view.window.hold(cursor, cursor):
        return replace(view, cursor=cursor)
    return view.refit(cursor=cursor, window=axes.pan(data.full, view.window, 0.5 if columns > 0 else -0.5))


def place_cursor(view: View, data: Data, column: int, width: int) -> View:
    """The cursor on the point nearest to a column of the plot; none left of the axis."""
    x = view.window or data.full
    columns = width - FRAME[0]
    at = x.lower + (column - FRAME[0]) / max(1, columns - 1) * x.span
    curves = data.leading or data.curves
    near = [point[0] for curve in curves if (point := series.value_at(curve.xs, curve.ys, at)) is not None]
    if column < FRAME[0] or not near:
        return replace(view, cursor=None)
    return replace(view, cursor=min(near, key=lambda point: abs(point - at)))


def zoom(view: View, data: Data, factor: float) -> View:
    """A window `factor` times as wide, around the cursor or, without one, around the newest points."""
    x = view.window or data.full
    centre = view.cursor if view.cursor is not None else min(end_of(data.leading) or x.upper, x.upper)
    return view.refit(window=axes.zoom(data.full, view.window, centre, factor))


def pan(view: View, data: Data, shift: float) -> View:
    return view.refit(window=axes.pan(data.full, view.window, shift))
