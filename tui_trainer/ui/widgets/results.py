"""The right side of the main screen: the curves of a run, and what they amount to."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.events import DescendantFocus

from tui_trainer.choices.tasks import Metric
from tui_trainer.insight.findings.base import Finding
from tui_trainer.insight.worth import worth_in_short
from tui_trainer.plots.canvas import warm_up
from tui_trainer.runs.baselines import Baselines
from tui_trainer.runs.records import RunView
from tui_trainer.ui import curves
from tui_trainer.ui.layout import Layout
from tui_trainer.ui.panels.findings import FindingsPanel
from tui_trainer.ui.panels.generalization import GeneralizationPanel
from tui_trainer.ui.panels.layers import LayersPanel
from tui_trainer.ui.terminal.glyphs import SEPARATOR
from tui_trainer.ui.widgets.curve_plot import CurvePlot


class Results(Vertical):
    """Plots, and below them how the run generalizes and how its layers do."""

    def __init__(self) -> None:
        super().__init__(id="results")
        self.loss = CurvePlot("Loss", y_range=(0.0, None), baseline_label="guessing", id="loss")
        self.metric = CurvePlot("Metric", y_range=(0.0, None), baseline_label="guessing", id="metric")
        self.plots = (self.loss, self.metric)
        self._generalization = GeneralizationPanel(id="generalization")
        self._layer_figures = LayersPanel(id="layers")
        self._plots_box = Container(*self.plots, id="plots")
        self.findings = FindingsPanel(id="findings")
        self._judged = Vertical(self._generalization, self.findings, id="judged")
        self._below = Container(self._judged, self._layer_figures, id="below")
        self._view: RunView | None = None
        self._ghost: RunView | None = None
        self._baselines: Baselines | None = None
        self._layout = Layout()
        self._shown = self.loss  # where there is room for one plot
        self._expected = ""  # the task of the draft, by name
        self._metric = ""  # that is shown beside the loss, by name; empty is the primary one

    def compose(self) -> ComposeResult:
        yield self._plots_box
        yield self._below

    def on_mount(self) -> None:
        threading.Thread(target=warm_up, name="warm up", daemon=True).start()

    def show(
        self, view: RunView | None, ghost: RunView | None, baselines: Baselines | None = None, worth: str = ""
    ) -> None:
        """Show a run, and the one before it behind it, if it says something about this one.

        `baselines` are what simpler methods get on its data, and `worth` says what follows from them.
        """
        ghost = curves.behind(ghost, view)
        short = worth_in_short(view, baselines) if view is not None and baselines is not None and worth else ""
        self._generalization.show(view, ghost, worth, short)
        if view is self._view and ghost is self._ghost and baselines is self._baselines:
            return
        self._view, self._ghost, self._baselines = view, ghost, baselines
        self._layer_figures.show(view)
        self.findings.turn_to(view)
        self._draw_shown()

    @property
    def judging(self) -> Sequence[FindingsPanel]:
        """What can take the focus below the plots, if there is something to choose."""
        return [self.findings] if self._below.display and self.findings.finding else []

    def show_findings(self, found: Sequence[Finding]) -> None:
        """Show what is wrong with the run that is shown."""
        self.findings.show(found)

    def place(self, made: Layout) -> None:
        """Give everything its place."""
        self._layout = made
        direction = "vertical" if made.stacked else "horizontal"
        self._plots_box.styles.layout = self._below.styles.layout = direction
        self._below.display = made.generalization
        self._below.styles.height = made.below
        self.findings.styles.height = made.findings
        half = (made.below - made.findings) // 2
        self._judged.styles.height = half + made.findings if made.stacked and made.layers else "1fr"
        self._layer_figures.display = made.layers
        self._show_plots()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        if isinstance(event.widget, CurvePlot):
            self.bring(event.widget)

    def bring(self, plot: CurvePlot) -> None:
        """Have a plot shown, where there is room for one only."""
        if plot is not self._shown:
            self._shown = plot
            self._draw(plot)  # what has the focus is displayed already, but not drawn anew while it was not
            self._show_plots()

    def _show_plots(self) -> None:
        for plot in self.plots:
            shown = self._layout.plots == len(self.plots) or plot is self._shown
            if shown and not plot.display:
                self._draw(plot)
            plot.display = shown

    def expect(self, task: str) -> None:
        """Say what the draft's task is, which the plots are about while there is no run."""
        if task != self._expected:
            self._expected = task
            if self._view is None and self._ghost is None:
                self._draw_shown()

    def begin_anew(self) -> None:
        """Another experiment is put together: its primary metric is what counts first."""
        if self._metric:
            self._metric = ""
            self.metric.look_anew(log=False)
            self._draw(self.metric)

    def next_metric(self) -> None:
        """Show the next of what can be plotted beside the loss; at first the plot itself, where it is not shown."""
        if not self.metric.display:
            self.bring(self.metric)
            return
        names = [metric.name for metric in self._offered]
        at = names.index(self._metric) if self._metric in names else 0
        self._metric = names[(at + 1) % len(names)]
        self.metric.look_anew(log=curves.helped_by_log(self._shown_metric, self._view))
        self._draw(self.metric)

    @property
    def _offered(self) -> list[Metric]:
        return curves.offered(self._view, self._ghost, self._expected)

    @property
    def _shown_metric(self) -> Metric:
        """The one that was chosen, where this task has it, else the primary one."""
        return next((metric for metric in self._offered if metric.name == self._metric), self._offered[0])

    def _draw_shown(self) -> None:
        for plot in self.plots:
            if plot.display:
                self._draw(plot)

    def _draw(self, plot: CurvePlot) -> None:
        view, ghost = self._view, self._ghost
        if plot is self.loss:
            metric, made = "loss", curves.loss_curves(view, ghost)
            plot.entitle(f"Loss {SEPARATOR} {curves.task_of(view, ghost, self._expected).loss}", (0.0, None))
        else:
            shown = self._shown_metric
            metric, made = shown.name, curves.metric_curves(view, ghost, shown)
            plot.entitle(shown.heading, curves.ends(shown))
        if ghost is None and (view is None or view.state == "starting") and not self._expected:
            plot.entitle("Loss" if plot is self.loss else "Metric", (0.0, None))
        if view is None and ghost is None:
            made = []  # nothing to name in a legend
        plan = float(view.planned_epochs) if view else 0.0
        ended = view is not None and view.ended
        plot.update_curves(
            made,
            plan,
            ended,
            curves.marks(view),
            curves.baseline(view, metric),
            reached=view.epoch if view else 0.0,
            subject=view.id if view else "",
            baselines=curves.levels(self._baselines, metric),
        )
