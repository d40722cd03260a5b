"""A live plot of curves that sends only the cells that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click
from textual.message import Message

from tui_trainer.plots.frame import draw
from tui_trainer.plots.heading import heading
from tui_trainer.plots.spec import Band, Curve, Level, Mark, Row
from tui_trainer.ui.terminal.glyphs import ascii_only
from tui_trainer.ui.terminal.keys import key_name
from tui_trainer.ui.widgets import plot_moves, plot_view
from tui_trainer.ui.widgets.plot_view import SMOOTHING, Data, Look, View
from tui_trainer.ui.widgets.rows import Rows
from tui_trainer.ui.widgets.title import entitle

__all__ = ["Band", "Curve", "CurvePlot", "Mark", "link"]


class CurvePlot(Rows, can_focus=True):
    """Curves over epochs: legend, axes that stand still, log scale, smoothing, zoom, and a cursor that reads values.

    `update_curves` is all that a caller needs; the rest are keys. Unequal data sends the cells that differ, equal
    data nothing.

    `y_range` names the ends that belong on the y axis: (0, None) for a loss, whose axis then stops at 10 times the
    first value; (0, 1) for an accuracy, whose axis ends at 1 and starts as low as needed; (None, None) for what may be
    of any size and sign. `baseline_label` names the
    baseline in the legend; `hint` says what to do while there are no curves.
    """

    DEFAULT_CSS = """
    CurvePlot {
        height: 1fr;
        border: round $foreground 25%;
        border-title-color: $foreground;
        padding: 0 1;
        min-width: 12;
        min-height: 4;
    }
    CurvePlot:focus { border: round $primary; }
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

    class Read(Message):
        """The cursor was moved to another epoch; None if it was hidden."""

        def __init__(self, cursor: float | None) -> None:
            super().__init__()
            self.cursor = cursor

    def __init__(
        self,
        title: str = "",
        *,
        y_range: tuple[float | None, float | None] = (0.0, None),
        x_unit: str = "epoch",
        baseline_label: str = "baseline",
        hint: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        entitle(self, title)
        self._look = Look(y_range, x_unit, baseline_label, ascii_only())
        self._hint = hint
        self._data = Data()
        self._view = View()
        self._hidden = False
        self._linked: Sequence[CurvePlot] = ()

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
        *,
        reached: float = 0.0,
        subject: str = "",
        bands: Sequence[Band] = (),
        beside: Sequence[Curve] = (),
        baselines: Sequence[Level] = (),
    ) -> None:
        """Show these curves (in one order, so that the legend stays).

        `plan_end` is where x ends if the run keeps to its plan, and `reached` how far it is; `ended` says that no more
        points will come; `marks` are where something was changed; `baseline` is what a curve must beat; `subject` says
        which run it is. Another run, and one that goes back, gets axes that fit it anew. `bands` are shaded; `beside`
        are curves of other plots, which these axes hold as well: plots that know of each other have the same ones.
        `baselines` are what other methods get.
        """
        data = Data(curves, plan_end, reached, ended, marks, baseline, subject, bands, beside, baselines)
        if self._data.subject not in ("", subject) or _reach(data) < _reach(self._data):
            self._view = self._view.refit(window=None, cursor=None)
        elif _reach(self._data) < 0:
            self._view = self._view.refit()
        self._data = data
        self.update()

    def entitle(self, title: str, y_range: tuple[float | None, float | None]) -> None:
        """Another title, and other ends of the y axis."""
        entitle(self, title)
        if y_range != self._look.y_range:
            self._look = replace(self._look, y_range=y_range)
            self._view = self._view.refit(log=self._view.log and self._look.may_be_log)

    def look_anew(self, *, log: bool) -> None:
        """Fit the y axis to other curves, on a log scale or not."""
        self._view = self._view.refit(log=log)

    # Drawing

    def update(self) -> None:
        """Draw, and have the cells repainted that are not what they were."""
        if not self._hidden:
            self._view = plot_view.settle(self._view, self._data, self._look)
            super().update()

    def rows(self, width: int, height: int) -> list[Row]:
        view, data = self._view, self._data
        look = replace(self._look, log_key=self._log_key())
        top = heading(
            plot_view.entries(view, data, look, width),
            width,
            position=plot_view.position(view, data, look, width) if data.curves else self._hint,
            state=plot_view.state(view, data),
            ascii_only=look.ascii,
        )
        return [top, *draw(plot_view.specify(view, data, look, width, height - 1), width, height - 1)]

    def on_hide(self) -> None:
        self._hidden = True

    def on_show(self) -> None:
        self._hidden = False
        self.update()

    def _log_key(self) -> str:
        keys = self.app._keymap.get("plot.log", "L")
        return key_name(keys.split(",")[0].strip())

    # Keys

    def _look_at(self, view: View) -> None:
        before, self._view = self._view, view
        self.update()
        if view.cursor != before.cursor:
            self.post_message(self.Read(view.cursor))
        for plot in self._linked:
            plot._look_along(self)

    def _look_along(self, other: CurvePlot) -> None:
        """Look as `other` does: at the same epochs, as smooth, with its cursor; on the same scale if y is the same."""
        view = replace(self._view, smoothing=other.view.smoothing, cursor=other.view.cursor)
        log = other.view.log if other._look.y_range == self._look.y_range else view.log
        if (other.view.window, log) != (view.window, view.log):
            view = view.refit(window=other.view.window, log=log)
        self._view = view
        self.update()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that would do nothing here are left to whoever holds this plot."""
        if action == "hide_cursor":
            return self._view.cursor is not None
        if action in ("pan_left", "pan_right", "zoom_out", "reset_zoom"):
            return self._view.window is not None
        return True

    def action_toggle_log(self) -> None:
        if self._look.may_be_log:
            self._look_at(self._view.refit(log=not self._view.log))
        else:
            self.notify("A log scale is for losses, errors and learning rates.", markup=False)

    def action_cycle_smoothing(self) -> None:
        self._look_at(replace(self._view, smoothing=(self._view.smoothing + 1) % len(SMOOTHING)))

    def action_zoom_in(self) -> None:
        self._look_at(plot_moves.zoom(self._view, self._data, 0.5))

    def action_zoom_out(self) -> None:
        self._look_at(plot_moves.zoom(self._view, self._data, 2.0))

    def action_reset_zoom(self) -> None:
        self._look_at(self._view.refit(window=None))

    def action_pan_left(self) -> None:
        self._look_at(plot_moves.pan(self._view, self._data, -0.25))

    def action_pan_right(self) -> None:
        self._look_at(plot_moves.pan(self._view, self._data, 0.25))

    def action_cursor_left(self) -> None:
        self._look_at(plot_moves.move_cursor(self._view, self._data, -1, self.size.width))

    def action_cursor_right(self) -> None:
        self._look_at(plot_moves.move_cursor(self._view, self._data, 1, self.size.width))

    def action_hide_cursor(self) -> None:
        self._look_at(replace(self._view, cursor=None))

    def on_click(self, event: Click) -> None:
        """Put the cursor on the point nearest to where the mouse was pressed."""
        offset = event.get_content_offset(self)
        if offset is not None:
            self._look_at(plot_moves.place_cursor(self._view, self._data, offset.x, self.size.width))


def link(plots: Sequence[CurvePlot]) -> None:
    """Have plots looked at together: one zoom, one smoothing, one cursor."""
    for plot in plots:
        plot._linked = [other for other in plots if other is not plot]


def _reach(data: Data) -> float:
    """Where the leading curves end; -1 if they have not begun."""
    return max((curve.xs[-1] for curve in data.leading if curve.xs), default=-1.0)
