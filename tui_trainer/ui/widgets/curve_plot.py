"""A live plot of curves that sends only the cells that changed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui_trainer.experiment.text import clean
from tui_trainer.plots import Curve, Mark, Row, draw, heading
from tui_trainer.plots.palette import FAINT, colour
from tui_trainer.ui.widgets import plot_view
from tui_trainer.ui.widgets.plot_view import SMOOTHING, Data, Look, View

__all__ = ["Curve", "CurvePlot", "Mark"]


class CurvePlot(Widget, can_focus=True):
    """Curves over epochs: legend, axes that stand still, log scale, smoothing, zoom, and a cursor that reads values.

    `update_curves` is all that a caller needs; the rest are keys. Unequal data sends the cells that differ, equal
    data nothing.

    `y_range` names the ends that belong on the y axis: (0, None) for a loss, whose axis then stops at 10 times the
    first value; (0, 1) for an accuracy, whose axis ends at 1 and starts as low as needed.
    """

    DEFAULT_CSS = """
    CurvePlot {
        border: round $foreground 25%;
        border-title-color: $foreground;
        padding: 0 1;
        min-width: 12;
        min-height: 4;
    }
    CurvePlot:focus { border: round $primary; }
    CurvePlot.-ascii { border: ascii $foreground 50%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "cursor_left", "Cursor left", id="plot.cursor-left", show=False),
        Binding("right,l", "cursor_right", "Cursor right", id="plot.cursor-right", show=False),
        Binding("escape", "hide_cursor", "Hide the cursor", id="plot.hide-cursor", show=False),
        Binding("L", "toggle_log", "Log scale", id="plot.log"),
        Binding("S", "cycle_smoothing", "Smooth", id="plot.smooth"),
        Binding("z", "zoom_in", "Zoom in", id="plot.zoom-in"),
        Binding("Z", "zoom_out", "Zoom out", id="plot.zoom-out"),
        Binding("home", "reset_zoom", "Whole run", id="plot.whole", show=False),
        Binding("shift+left,less_than_sign", "pan_left", "Earlier", id="plot.earlier", show=False),
        Binding("shift+right,greater_than_sign", "pan_right", "Later", id="plot.later", show=False),
    ]

    def __init__(
        self,
        title: str = "",
        *,
        y_range: tuple[float | None, float | None] = (0.0, None),
        x_unit: str = "epoch",
        baseline_label: str = "baseline",
        ascii_only: bool | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.border_title = Content(clean(title))
        if ascii_only is None:
            ascii_only = not speaks_utf8(os.environ)
        self._look = Look(y_range, x_unit, baseline_label, ascii_only)
        self._data = Data()
        self._view = View()
        self._rows: list[Row] = []
        self._hidden = False
        self.set_class(ascii_only, "-ascii")

    @property
    def view(self) -> View:
        """How the plot is looked at now."""
        return self._view

    def update_curves(
        self,
        curves: Sequence[Curve],
        plan_end: float,
        ended: bool = False,
        marks: Sequence[Mark] = (),
        baseline: float | None = None,
    ) -> None:
        """Show these curves (in one order, so that the legend stays).

        `plan_end` is where x ends if the run keeps to its plan; `ended` says that no more points will come; `marks`
        are where something was changed; `baseline` is what a curve must beat. A run that starts anew, or goes back,
        gets axes that fit it anew.
        """
        data = Data(curves, plan_end, ended, marks, baseline)
        if _reach(data) < _reach(self._data):
            self._view = replace(self._view, y=None, window=None, cursor=None)
        self._data = data
        self._redraw()

    # Drawing

    def on_resize(self) -> None:
        self._rows = []
        self._redraw()

    def on_hide(self) -> None:
        self._hidden = True

    def on_show(self) -> None:
        self._hidden = False
        self._redraw()

    def _redraw(self) -> None:
        """Draw, and have the cells repainted that are not what they were."""
        width, height = self.content_size
        if self._hidden or width < 1 or height < 1:
            return
        self._view = plot_view.settle(self._view, self._data, self._look)
        before, self._rows = self._rows, self._draw(width, height)
        if len(before) != len(self._rows):
            self.refresh()
        elif spans := changed_spans(before, self._rows):
            self.refresh(*(Region(x, y, length, 1) for x, y, length in spans))

    def _draw(self, width: int, height: int) -> list[Row]:
        view, data, look = self._view, self._data, self._look
        top = heading(
            plot_view.entries(view, data, look, width),
            width,
            position=plot_view.position(view, data, look, width),
            state=plot_view.state(view, data),
            ascii_only=look.ascii,
        )
        return [top, *draw(plot_view.specify(view, data, look, width, height - 1), width, height - 1)]

    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        background = self._background()
        if y >= len(self._rows):
            return Strip([Segment(" " * width, background)], width)
        return Strip([Segment(text, background + self._style(role)) for text, role in self._rows[y]], width)

    def _background(self) -> Style:
        colour = self.background_colors[1]
        return Style() if colour.ansi is not None or colour.a == 0 else Style(bgcolor=colour.rich_color)

    def _style(self, role: str) -> Style:
        if not role:
            return Style()
        if self.app.no_color:
            return Style(dim=FAINT in role or role in ("axis", "label"), bold=role in ("warning", "cursor"))
        return Style(color=colour(role, self.app.current_theme.dark))

    # Keys

    def _look_at(self, view: View) -> None:
        self._view = view
        self._redraw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that would do nothing here are left to whoever holds this plot."""
        if action == "hide_cursor":
            return self._view.cursor is not None
        if action in ("pan_left", "pan_right", "zoom_out", "reset_zoom"):
            return self._view.window is not None
        return True

    def action_toggle_log(self) -> None:
        self._look_at(self._view.refit(log=not self._view.log))

    def action_cycle_smoothing(self) -> None:
        self._look_at(replace(self._view, smoothing=(self._view.smoothing + 1) % len(SMOOTHING)))

    def action_zoom_in(self) -> None:
        self._look_at(plot_view.zoom(self._view, self._data, 0.5))

    def action_zoom_out(self) -> None:
        self._look_at(plot_view.zoom(self._view, self._data, 2.0))

    def action_reset_zoom(self) -> None:
        self._look_at(self._view.refit(window=None))

    def action_pan_left(self) -> None:
        self._look_at(plot_view.pan(self._view, self._data, -0.25))

    def action_pan_right(self) -> None:
        self._look_at(plot_view.pan(self._view, self._data, 0.25))

    def action_cursor_left(self) -> None:
        self._look_at(plot_view.move_cursor(self._view, self._data, -1, self.content_size.width))

    def action_cursor_right(self) -> None:
        self._look_at(plot_view.move_cursor(self._view, self._data, 1, self.content_size.width))

    def action_hide_cursor(self) -> None:
        self._look_at(replace(self._view, cursor=None))

    def on_click(self, event: Click) -> None:
        """Put the cursor on the point nearest to where the mouse was pressed."""
        offset = event.get_content_offset(self)
        if offset is not None:
            self._look_at(plot_view.place_cursor(self._view, self._data, offset.x, self.content_size.width))


def _reach(data: Data) -> float:
    return max((curve.xs[-1] for curve in data.live if curve.xs), default=0.0)


def changed_spans(before: Sequence[Row], after: Sequence[Row], bridge: int = 4) -> list[tuple[int, int, int]]:
    """Where two drawings of one size differ, as (column, row, length). Spans at most `bridge` cells apart are one."""
    spans: list[tuple[int, int, int]] = []
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new:
            continue
        start = end = -1
        for x, (was, now) in enumerate(zip(_cells(old), _cells(new), strict=False)):
            if was == now:
                continue
            if start >= 0 and x - end > bridge:
                spans.append((start, y, end - start))
                start = x
            start, end = (x if start < 0 else start), x + 1
        if start >= 0:
            spans.append((start, y, end - start))
    return spans


def _cells(row: Row) -> list[tuple[str, str]]:
    return [cell for text, role in row for character in text for cell in _wide(character, role)]


def _wide(character: str, role: str) -> list[tuple[str, str]]:
    return [(character, role)] * cell_len(character)


def speaks_utf8(environment: Mapping[str, str]) -> bool:
    """Whether the locale's characters are UTF-8. Where none is set, terminals of today do."""
    locale = next((environment[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(name)), "utf-8")
    return "utf" in locale.lower()
