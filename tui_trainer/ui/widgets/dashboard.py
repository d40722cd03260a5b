"""All that the main screen shows, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantFocus, Resize
from textual.widget import Widget

from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.records import RunView
from tui_trainer.ui import curves
from tui_trainer.ui.draft import Edit
from tui_trainer.ui.layout import LEAST_HEIGHT, LEAST_WIDTH, Layout, layout
from tui_trainer.ui.panels.activation import ActivationPanel
from tui_trainer.ui.panels.architecture import ArchitecturePanel
from tui_trainer.ui.panels.data import DataPanel
from tui_trainer.ui.panels.generalization import GeneralizationPanel
from tui_trainer.ui.panels.layers import LayersPanel
from tui_trainer.ui.panels.machine import MachineLine
from tui_trainer.ui.panels.optimizer import OptimizerPanel
from tui_trainer.ui.panels.regularization import RegularizationPanel
from tui_trainer.ui.panels.training import TrainingPanel
from tui_trainer.ui.widgets.curve_plot import CurvePlot
from tui_trainer.ui.widgets.field_help import FieldHelp
from tui_trainer.ui.widgets.form import FormPanel, FormState
from tui_trainer.ui.widgets.key_line import KeyLine
from tui_trainer.ui.widgets.news_line import NewsLine
from tui_trainer.ui.widgets.panel_column import PanelColumn
from tui_trainer.ui.widgets.run_notice import RunNotice
from tui_trainer.ui.widgets.status_line import StatusLine
from tui_trainer.ui.widgets.too_small import TooSmall

PANELS = (DataPanel, ArchitecturePanel, ActivationPanel, OptimizerPanel, RegularizationPanel, TrainingPanel)

FocusKind = Literal["form", "plot", "news", ""]


class Dashboard(Vertical):
    """Panels at the left, plots and what they amount to at the right, a line above and one below."""

    def __init__(self, state: FormState, change: Callable[[Edit], str]) -> None:
        super().__init__()
        self.panels = [panel(state, change, first=panel is PANELS[0], last=panel is PANELS[-1]) for panel in PANELS]
        self.status = StatusLine(id="status")
        self.news = NewsLine(id="news")
        self.notice = RunNotice(id="notice")
        self.keys = KeyLine(id="keys")
        self.column = PanelColumn(self.panels, id="column")
        self.loss = CurvePlot("Loss", y_range=(0.0, None), baseline_label="guessing", id="loss")
        self.metric = CurvePlot("Accuracy", y_range=(0.0, 1.0), baseline_label="guessing", id="metric")
        self.generalization = GeneralizationPanel(id="generalization")
        self.layer_figures = LayersPanel(id="layers")
        self.machine = MachineLine(id="machine")
        self.help_below = FieldHelp(id="help-below")
        self._right = Vertical(id="right")
        self._below = Container(id="below")
        self._plots = Container(id="plots")
        self._body = Horizontal(id="body")
        self._too_small = TooSmall(LEAST_WIDTH, LEAST_HEIGHT)
        self._plot = self.loss  # the one that is shown where there is room for one
        self._layout = Layout()
        self._drawn: tuple[RunView | None, RunView | None] = (None, None)

    def compose(self) -> ComposeResult:
        yield self._too_small
        yield self.status
        yield self.news
        yield self.notice
        with self._body:
            yield self.column
            with self._right:
                with self._plots:
                    yield self.loss
                    yield self.metric
                with self._below:
                    yield self.generalization
                    yield self.layer_figures
                yield self.help_below
        yield self.machine
        yield self.keys

    # What it shows

    def show_forms(self, state: FormState) -> None:
        """Show the draft."""
        opened = self.column.opened
        before = opened.wanted(True)
        for panel in self.panels:
            panel.show(state)
        if opened.wanted(True) != before:
            self.column.refit()
        self.show_help()

    def show_run(
        self, view: RunView | None, ghost: RunView | None, experiment: Experiment, *, edited: bool, log: str
    ) -> None:
        """Show a run, and the one before it behind it."""
        self.status.show(view, experiment, edited)
        if view is self._drawn[0] and ghost is self._drawn[1] and view is not None:
            return
        self.notice.show(view, log)
        self.generalization.show(view, ghost)
        self.layer_figures.show(view)
        self._drawn = (view, ghost)
        for plot in (self.loss, self.metric):
            if plot.display:
                self._draw(plot)

    def _draw(self, plot: CurvePlot) -> None:
        view, ghost = self._drawn
        plan = float(view.planned_epochs) if view else 0.0
        ended = view.ended if view else False
        if plot is self.loss:
            made, metric = curves.loss_curves(view, ghost), "loss"
        else:
            made, metric = curves.metric_curves(view, ghost), curves.metric_name(view, ghost)
            plot.border_title = Content(metric.capitalize())
        plot.update_curves(made, plan, ended, curves.marks(view), curves.baseline(view, metric))

    def show_help(self) -> None:
        """Explain the field that is selected."""
        panel = self.column.opened
        row = panel.row
        for help_ in (self.column.help, self.help_below):
            if help_.display:
                help_.show(row.label, row.help, panel.problem)

    # Where it stands

    def on_resize(self, event: Resize) -> None:
        self.place()

    def place(self) -> None:
        """Give everything its place, for the size of the screen and what has the focus."""
        made = self._layout = layout(*self.size, above=self.news.display + self.notice.lines)
        tiny = made.tiny
        self._too_small.display = tiny
        for widget in (self.status, self._body, self.keys):
            widget.display = not tiny
        if tiny:
            self.machine.display = False
            self._too_small.update()
            return
        at_plots = isinstance(self.screen.focused, CurvePlot)
        self.machine.display = made.machine
        self.column.display = not (made.single and at_plots)
        self.column.styles.width = made.column_width
        self.column.help.display = not made.help_below
        self.column.fit_to(made.body)
        self._right.display = not made.single or at_plots
        self._plots.styles.layout = "vertical" if made.stacked else "horizontal"
        for plot in (self.loss, self.metric):
            plot.display = made.plots == 2 or plot is self._plot
        self._below.display = made.generalization
        self._below.styles.layout = "vertical" if made.stacked else "horizontal"
        self._below.styles.height = made.below
        self.layer_figures.display = made.layers
        self.help_below.display = made.help_below
        self.show_help()

    # The focus

    @property
    def focus_kind(self) -> FocusKind:
        """What has the focus."""
        focused = self.screen.focused
        if isinstance(focused, CurvePlot):
            return "plot"
        if isinstance(focused, NewsLine):
            return "news"
        return "form" if isinstance(focused, FormPanel) else ""

    def focus_panel(self, number: int) -> None:
        """Open the panel with that number, from 1."""
        self._go_to(self.panels[number - 1])

    def focus_next(self, direction: int) -> None:
        """Go to the next area, or the one before."""
        areas: list[Widget] = [*self.panels, self.loss, self.metric]
        here = next((i for i, area in enumerate(areas) if area.has_focus_within), -1 if direction > 0 else 0)
        self._go_to(areas[(here + direction) % len(areas)])

    def _go_to(self, area: Widget) -> None:
        if isinstance(area, CurvePlot):
            self._show_plot(area)
        if isinstance(area, FormPanel):
            self.column.display = area.display = True
        area.focus()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        if isinstance(event.widget, CurvePlot):
            self._show_plot(event.widget)
        self.news.display = self.news.any and isinstance(event.widget, NewsLine)
        if self._layout.single:
            self.place()

    def _show_plot(self, plot: CurvePlot) -> None:
        self._plot = plot
        self._right.display = True
        if self._layout.plots == 1:
            for other in (self.loss, self.metric):
                other.display = other is plot
            self._draw(plot)

    def on_form_panel_selected(self, message: FormPanel.Selected) -> None:
        if message.panel is not self.column.opened:
            self.column.open(message.panel)
        self.show_help()
