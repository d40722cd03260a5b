"""The plots of a comparison: its sides beside one another or over one another, and the gaps; all looked at together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Literal

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import DescendantFocus

from tui_trainer.choices.tasks import Metric
from tui_trainer.insight.arms import letter
from tui_trainer.plots.canvas import warm_up
from tui_trainer.runs.records import RunView
from tui_trainer.ui import curves
from tui_trainer.ui.compare.curves import LOSS, CompareCurves, Drawing, extent, in_parts, metric_of, offered
from tui_trainer.ui.compare.layout import CompareLayout
from tui_trainer.ui.compare.text import short_name
from tui_trainer.ui.laboratory.compared import Compared
from tui_trainer.ui.widgets.curve_plot import CurvePlot, link

Kind = Literal["side", "together", "gap"]


@dataclass(frozen=True)
class _Place:
    """What a plot is for: the loss or the metric, of one side, of all, or their gaps."""

    plot: CurvePlot
    kind: Kind
    loss: bool
    index: int = 0


class ComparePlots(Container):
    """As many plots as there is room for; the focus brings those that are not seen."""

    DEFAULT_CSS = """
    ComparePlots { layout: grid; height: 1fr; }
    ComparePlots > CurvePlot { width: 1fr; height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__(id="compare-plots")
        self._places = [*_row(loss=True), *_row(loss=False)]
        link([place.plot for place in self._places])
        self._curves = CompareCurves()
        self._state = Compared()
        self._layout = CompareLayout()
        self._fresh: set[_Place] = set()  # what shows the comparison as it is now
        self._stale: set[_Place] = set()  # what is seen, and still to be drawn
        self.cost = 0.0  # seconds that the last drawing of all took
        self._spent = 0.0
        self._shown: CurvePlot | None = None  # the one to be seen where there is no room for all
        self._metric = ""  # that is shown beside the loss, by name; empty is the primary one

    def compose(self) -> ComposeResult:
        yield from (place.plot for place in self._places)

    def on_mount(self) -> None:
        threading.Thread(target=warm_up, name="warm up", daemon=True).start()

    @property
    def areas(self) -> list[CurvePlot]:
        """The plots that can be gone to, whether there is room for them now or not."""
        return [place.plot for place in self._wanted()]

    def show(self, state: Compared) -> None:
        """Show a comparison."""
        before, self._state = self._state, state
        if len(state.sides) != len(before.sides):
            self._fresh.clear()
            self._show_plots()
        elif not _same(state, before):
            waiting = bool(self._stale)
            self._fresh.clear()
            self._stale = {place for place in self._places if place.plot.display}
            if not waiting:
                self._draw_next()

    def place(self, made: CompareLayout) -> None:
        """Give the plots their places."""
        self._layout = made
        self._fresh.clear()
        self._show_plots()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        if isinstance(event.widget, CurvePlot):
            self.bring(event.widget)

    def bring(self, plot: CurvePlot) -> None:
        """Have a plot seen."""
        if self._shown is not plot:
            self._shown = plot
            self._show_plots()

    @property
    def metric_plot(self) -> CurvePlot:
        """The first plot of what is shown beside the loss."""
        return next(place.plot for place in self._wanted() if not place.loss)

    def next_metric(self) -> None:
        """Show the next of what can be plotted beside the loss."""
        metrics = offered(self._state)
        self._metric = metrics[(metrics.index(self._shown_metric) + 1) % len(metrics)].name
        shown = self._shown_metric
        runs = [run for side in self._state.sides for run in side.arm.runs[:1]]
        log = any(curves.helped_by_log(shown, run) for run in runs)
        places = [place for place in self._places if not place.loss]
        for place in places:
            if place.kind != "gap":
                place.plot.look_anew(log=log)
        self._fresh.difference_update(places)
        self._draw([place for place in places if place.plot.display])

    @property
    def _shown_metric(self) -> Metric:
        """The one that was chosen, where these sides have it, else the primary one."""
        metrics = offered(self._state)
        return next((metric for metric in metrics if metric.name == self._metric), metrics[0])

    def _what(self, place: _Place) -> Metric:
        """What a plot shows; a learning rate is of no part of the data, so that it leaves no gap."""
        if place.loss:
            return LOSS
        shown = self._shown_metric
        return metric_of(self._state) if place.kind == "gap" and shown == curves.LEARNING_RATE else shown

    def readings(self, cursor: float) -> list[dict[str, float | None]]:
        """The loss and the metric of each side's validation part at the evaluation nearest to an epoch, by name."""
        metrics = (LOSS, self._shown_metric)
        return [
            {metric.name: self._curves.validation_at(side, metric, cursor) for metric in metrics}
            for side in self._state.sides
        ]

    # Which are seen

    def _wanted(self) -> list[_Place]:
        """The plots that there would be with enough room for all."""
        kinds: tuple[Kind, ...] = ("side",) if self._layout.apart else ("together",)
        # A single plot at a time has room for the gap of the metric too.
        gaps = self._layout.gaps or not self._layout.apart
        wanted = [place for place in self._places if place.kind in kinds or (place.kind == "gap" and gaps)]
        if not self._layout.apart and self._layout.rows == 1:
            wanted = [place for place in wanted if place.kind != "gap" or not place.loss]
        return wanted

    def _show_plots(self) -> None:
        wanted, columns = self._wanted(), self._layout.columns
        pages = [wanted[at : at + columns] for at in range(0, len(wanted), columns)]
        seen = next((at for at, page in enumerate(pages) if any(it.plot is self._shown for it in page)), 0)
        first = max(0, min(seen, len(pages) - self._layout.rows))
        shown = [place for page in pages[first : first + self._layout.rows] for place in page]
        self.styles.grid_size_columns = max(1, min(columns, len(shown)))
        self._draw([place for place in shown if place not in self._fresh])
        for place in self._places:
            place.plot.display = place in shown

    # What they show

    def _draw_next(self) -> None:
        """One plot after another: between two of them there is time for a key."""
        begun = monotonic()
        place = next((place for place in self._places if place in self._stale), None)
        if place is not None:
            self._draw([place])
        self._spent += monotonic() - begun
        if self._stale:
            self.call_later(self._draw_next)
        else:
            self.cost, self._spent = self._spent, 0.0

    def _draw(self, places: Sequence[_Place]) -> None:
        self._stale.difference_update(places)
        self._fresh.update(places)
        state = self._state
        drawings = {place: drawing for place in self._places if (drawing := self._drawing(place))}
        plan, reached, ended = extent(state)
        subject = " ".join(f"{side.arm.name}:{','.join(run.id for run in side.arm.runs[:1])}" for side in state.sides)
        for place in places:
            drawing = drawings.get(place, Drawing())
            what = self._what(place)
            place.plot.entitle(_title(place, state, what), _ends(place, what))
            place.plot.update_curves(
                drawing.curves,
                plan,
                ended,
                drawing.marks,
                _baseline(state, place, what),
                reached=reached,
                subject=subject,
                bands=drawing.bands,
                beside=[
                    curve
                    for other, beside in drawings.items()
                    if other is not place and (other.kind, other.loss) == (place.kind, place.loss)
                    for curve in beside.curves
                ],
            )

    def _drawing(self, place: _Place) -> Drawing | None:
        what = self._what(place)
        if place.kind == "side":
            there = place.index < len(self._state.sides) and self._layout.apart
            return self._curves.side(self._state, place.index, what) if there else None
        make: Callable[[Compared, Metric], Drawing] = (
            self._curves.together if place.kind == "together" else self._curves.gaps
        )
        return make(self._state, what) if place in self._wanted() else None


def _same(state: Compared, other: Compared) -> bool:
    """Whether their curves are the same."""
    if (state.selected, state.pinned, len(state.sides)) != (other.selected, other.pinned, len(other.sides)):
        return False
    return all(
        one.arm.name == two.arm.name
        and (one.planned, one.waiting, len(one.arm.runs)) == (two.planned, two.waiting, len(two.arm.runs))
        and all(a is b for a, b in zip(one.arm.runs, two.arm.runs, strict=True))
        for one, two in zip(state.sides, other.sides, strict=True)
    )


def _row(*, loss: bool) -> list[_Place]:
    """The plots of the loss, or of the metric, from left to right."""

    def plot(name: str, baseline: str = "guessing") -> CurvePlot:
        return CurvePlot(baseline_label=baseline, id=f"{'loss' if loss else 'metric'}-{name}")

    sides = [_Place(plot(letter(index).lower()), "side", loss, index) for index in range(2)]
    return [*sides, _Place(plot("all"), "together", loss), _Place(plot("gap", "no gap"), "gap", loss)]


def _title(place: _Place, state: Compared, metric: Metric) -> str:
    name = metric.heading
    if place.kind == "gap":
        return f"Gap in {_in_words(metric)}"
    if place.kind == "side":
        side = state.sides[place.index] if place.index < len(state.sides) else None
        return f"{name}  {letter(place.index)} {short_name(side.arm.name)}" if side else name
    if metric == curves.LEARNING_RATE or len(state.sides) < 2:
        return name
    return f"{name}  a b train, A B validation" if in_parts(state, metric) else f"Validation {_in_words(metric)}"


def _in_words(metric: Metric) -> str:
    """Its full name within a sentence: `mean absolute error`, `macro F1`, `R²`."""
    name = metric.heading
    return name if name[1:2].isupper() or not name[1:2].isalpha() else name[0].lower() + name[1:]


def _ends(place: _Place, metric: Metric) -> tuple[float | None, float | None]:
    """What belongs on the y axis: 0 at the bottom for what is to be small, 1 at the top for a share."""
    return (None, None) if place.kind == "gap" else curves.ends(metric)


def _baseline(state: Compared, place: _Place, metric: Metric) -> float | None:
    """What always guessing gets, by the first run that says so; no gap is what a gap is measured by."""
    if place.kind == "gap":
        return 0.0
    runs: list[RunView] = [run for side in state.sides for run in side.arm.runs]
    return next((found for run in runs if (found := curves.baseline(run, metric.name)) is not None), None)
