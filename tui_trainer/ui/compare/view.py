"""All that the compare screen shows, and where it stands."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Literal

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.events import DescendantFocus, Resize
from textual.geometry import Size
from textual.timer import Timer
from textual.widget import Widget

from tui_trainer.ui.compare.layout import LEAST_HEIGHT, LEAST_WIDTH, CompareLayout, compare_layout
from tui_trainer.ui.compare.plots import ComparePlots
from tui_trainer.ui.compare.sides import CompareSides, lines
from tui_trainer.ui.compare.table import CompareTable
from tui_trainer.ui.compare.title import CompareTitle
from tui_trainer.ui.compare.verdict import CompareVerdict, Findings
from tui_trainer.ui.laboratory.compared import Compared
from tui_trainer.ui.widgets.curve_plot import CurvePlot
from tui_trainer.ui.widgets.key_line import KeyLine
from tui_trainer.ui.widgets.too_small import TooSmall

if TYPE_CHECKING:
    from tui_trainer.insight.table import Table
    from tui_trainer.insight.verdict import Verdict

Page = Literal["plots", "table", "verdict"]
_Told = tuple[Compared, "Table | None", "Verdict | None", Findings]

REST = 1.0
"""Seconds between two times that table and verdict change their figures."""


class CompareView(Vertical):
    """A line for the comparison and its sides, the plots, below them table and verdict."""

    DEFAULT_CSS = """
    CompareView > #compare-below { height: 12; }
    CompareView CompareTable { width: 1fr; height: 1fr; }
    CompareView CompareVerdict { width: 1fr; height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.plots = ComparePlots()
        self.table = CompareTable()
        self.verdict = CompareVerdict()
        self.keys = KeyLine(id="keys")
        self.together = False  # whether all sides are to be seen in one plot, even where there is room for several
        self._title = CompareTitle()
        self._sides = CompareSides()
        self._below = Container(self.table, self.verdict, id="compare-below")
        self._too_small = TooSmall(LEAST_WIDTH, LEAST_HEIGHT)
        self._layout = CompareLayout()
        self._page: Page = "plots"
        self._cursor: float | None = None
        self._told: _Told = (Compared(), None, None, ())
        self._told_last = 0.0
        self._subject: object = None
        self._waiting: Timer | None = None
        self._count = -1
        self._placed_for = Size()

    def compose(self) -> ComposeResult:
        yield self._too_small
        yield self._title
        yield self._sides
        yield self.plots
        yield self._below
        yield self.keys

    # What it shows

    def show(self, state: Compared, table: Table | None, verdict: Verdict | None, findings: Findings) -> None:
        """Show a comparison."""
        self._title.show(state)
        self._sides.show(state)
        if len(state.sides) != self._count:
            self._count = len(state.sides)
            self.place()
        self.plots.show(state)
        self._told = state, table, verdict, findings
        about = [(side.arm.name, len(side.arm.runs), [run.state for run in side.arm.runs]) for side in state.sides]
        self._tell_calmly((about, state.selected, state.pinned, table is None))

    def _tell_calmly(self, subject: object) -> None:
        """Table and verdict, at most once in `REST` seconds while it is about the same: nobody reads faster."""
        left = self._told_last + REST - monotonic()
        if subject != self._subject or left <= 0:
            self._subject = subject
            self._tell()
        elif self._waiting is None:
            self._waiting = self.set_timer(left, self._tell)

    def _tell(self) -> None:
        self._told_last, self._waiting = monotonic(), None
        state, table, verdict, findings = self._told
        self.table.tell(state, table)
        self.verdict.tell(state, verdict, findings)
        self._read()

    def on_curve_plot_read(self, message: CurvePlot.Read) -> None:
        self._cursor = message.cursor
        self._read()

    def _read(self) -> None:
        cursor = self._cursor
        self.table.read(cursor, [] if cursor is None else self.plots.readings(cursor))

    # Where it stands

    @property
    def may_be_apart(self) -> bool:
        """Whether there is room for the sides beside one another, and two of them."""
        return self._layout.may_be_apart

    def on_resize(self, event: Resize) -> None:
        if event.size != self._placed_for:
            self.place()

    def place(self) -> None:
        """Give everything its place, for the size of the screen and what has the focus."""
        self._placed_for = self.app.size
        sides = max(0, self._count)
        made = compare_layout(*self._placed_for, sides, lines(sides), together=self.together)
        self._layout = made
        self._too_small.display = made.tiny
        for widget in (self._title, self._sides, self.keys):
            widget.display = not made.tiny
        if made.tiny:
            self.plots.display = self._below.display = False
            self._too_small.update()
            return
        self._sides.styles.height = lines(sides)
        page: Page = self._page if made.paged else "plots"
        self.plots.display = page == "plots"
        self.table.display = not made.paged or page == "table"
        self.verdict.display = True
        self._below.display = True
        self._below.styles.layout = "horizontal" if made.verdict_beside and not made.paged else "vertical"
        self._below.styles.height = made.below if page == "plots" else "1fr"
        self.verdict.set_class(made.paged and page != "verdict", "-strip")
        self.verdict.styles.height = made.below if made.paged and page == "table" else "1fr"
        beside, wide = made.verdict_beside and not made.paged, sides > 2 and self._placed_for.width >= 150
        self.table.styles.width = ("2fr" if wide else "3fr") if beside else "1fr"
        self.verdict.styles.width = ("1fr" if wide else "2fr") if beside else "1fr"
        self.plots.place(made)

    # The focus

    @property
    def areas(self) -> list[Widget]:
        """What Tab goes through."""
        return [*self.plots.areas, self.table, self.verdict]

    @property
    def at_table(self) -> bool:
        return self.screen.focused is self.table

    @property
    def at_verdict(self) -> bool:
        return self.screen.focused is self.verdict

    @property
    def at_plot(self) -> bool:
        return isinstance(self.screen.focused, CurvePlot)

    def sees(self, plot: CurvePlot) -> bool:
        """Whether a plot is on the screen."""
        return self.plots.display and plot.display

    def next_metric(self) -> None:
        """Show the next of what can be plotted beside the loss."""
        self.plots.next_metric()
        self._read()

    def focus_next(self, direction: int) -> None:
        """Go to the next area, or the one before."""
        areas = [area for area in self.areas if area is not self.verdict or self.verdict.allow_focus()]
        here = next((i for i, area in enumerate(areas) if area.has_focus), -1 if direction > 0 else 0)
        self.go_to(areas[(here + direction) % len(areas)])

    def go_to(self, area: Widget) -> None:
        """Give an area the focus, and a place on the screen if it has none."""
        # What is not displayed cannot take the focus.
        for around in (area, *area.ancestors):
            if isinstance(around, Widget) and around is not self.screen:
                around.display = True
        self.screen.set_focus(area)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        page: Page = "table" if event.widget is self.table else "verdict" if event.widget is self.verdict else "plots"
        if page != self._page:
            self._page = page
            if self._layout.paged:
                self.place()
