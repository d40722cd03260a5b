"""All that the main screen shows, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import DescendantFocus, Resize
from textual.geometry import Size
from textual.widget import Widget

from tui_trainer.experiment.schema import Experiment
from tui_trainer.insight.findings.base import Cure, Finding
from tui_trainer.runs.baselines import Baselines
from tui_trainer.runs.records import RunView
from tui_trainer.ui.forms.entry import Entry, PathEntry
from tui_trainer.ui.forms.form import FormPanel
from tui_trainer.ui.forms.help import FieldHelp
from tui_trainer.ui.forms.row import Row
from tui_trainer.ui.forms.state import FormState
from tui_trainer.ui.laboratory.draft import Edit
from tui_trainer.ui.layout import LEAST_HEIGHT, LEAST_WIDTH, Layout, layout
from tui_trainer.ui.panels.activation import ActivationPanel
from tui_trainer.ui.panels.architecture import ArchitecturePanel
from tui_trainer.ui.panels.data import DataPanel
from tui_trainer.ui.panels.findings import FindingsPanel
from tui_trainer.ui.panels.machine import MachineLine
from tui_trainer.ui.panels.optimizer import OptimizerPanel
from tui_trainer.ui.panels.regularization import RegularizationPanel
from tui_trainer.ui.panels.training import TrainingPanel
from tui_trainer.ui.widgets.key_line import KeyLine
from tui_trainer.ui.widgets.news_line import NewsLine
from tui_trainer.ui.widgets.panel_column import PanelColumn
from tui_trainer.ui.widgets.results import Results
from tui_trainer.ui.widgets.run_notice import RunNotice
from tui_trainer.ui.widgets.status_line import StatusLine
from tui_trainer.ui.widgets.too_small import TooSmall

PANELS = (DataPanel, ArchitecturePanel, ActivationPanel, OptimizerPanel, RegularizationPanel, TrainingPanel)

FocusKind = Literal["form", "entry", "path", "plot", "findings", "news", ""]


class Dashboard(Vertical):
    """Panels at the left, results at the right, a line above and one below."""

    def __init__(self, state: FormState, change: Callable[[Edit], str]) -> None:
        super().__init__()
        self.panels = [panel(state, change, first=panel is PANELS[0], last=panel is PANELS[-1]) for panel in PANELS]
        self.status = StatusLine(id="status")
        self.news = NewsLine(id="news")
        self.notice = RunNotice(id="notice")
        self.keys = KeyLine(id="keys")
        self._column = PanelColumn(self.panels, id="column")
        self._help_below = FieldHelp(id="help-below")
        self._results = Results()
        self._right = Vertical(self._results, self._help_below, id="right")
        self._body = Horizontal(self._column, self._right, id="body")
        self._machine = MachineLine(id="machine")
        self._too_small = TooSmall(LEAST_WIDTH, LEAST_HEIGHT)
        self._layout = Layout()
        self._placed_for = Size()
        self._focused_before: Widget | None = None
        self._lesson_at: tuple[FormPanel, str] | None = None  # the field that stands back behind what there is to see

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss_news", "No more news", id="news.dismiss", show=False),
        Binding("M", "next_metric", "Another metric, or the learning rate, beside the loss", id="area.metric"),
    ]

    def compose(self) -> ComposeResult:
        yield self._too_small
        yield self.status
        yield self.news
        yield self.notice
        yield self._body
        yield self._machine
        yield self.keys

    # What it shows

    def show_forms(self, state: FormState) -> None:
        """Show the draft."""
        opened = self._column.opened
        before = opened.wanted(True)
        for panel in self.panels:
            panel.show(state)
        if opened.wanted(True) != before:
            self._column.refit()
        self._results.expect(state.sizes.task)
        self._show_help()

    def show_run(
        self,
        view: RunView | None,
        ghost: RunView | None,
        experiment: Experiment,
        *,
        edited: bool,
        baselines: Baselines | None = None,
        worth: str = "",
        impossible: bool = False,
    ) -> None:
        """Show a run, and the one before it behind it; `impossible` says that the experiment cannot be trained."""
        self.status.show(view, experiment, edited, impossible)
        self._results.show(view, ghost, baselines, worth)

    def begin_anew(self, *, at_the_top: bool) -> None:
        """Another experiment was loaded: what there is to see in it stands first until another field is selected.

        `at_the_top` goes to the first field of the first panel, where the data is chosen.
        """
        self._results.begin_anew()
        if at_the_top:
            self.panels[0].select_first()
            self.focus_panel(1)
        panel = self._column.opened
        self._lesson_at = (panel, panel.row.path)
        self._show_help()

    def show_findings(self, found: Sequence[Finding]) -> None:
        """Show what is wrong with the run that is shown."""
        self._results.show_findings(found)

    def _show_help(self) -> None:
        """Explain the field that is selected, or the finding."""
        panel = self._column.opened
        for shown in (self._column.help, self._help_below):
            if shown.display and self._results.findings.has_focus:
                finding = self._results.findings.finding
                shown.show_in_full(*self._results.findings.explained(), about=finding.kind if finding else "nothing")
            elif shown.display and panel.typing_path is not None:
                shown.show_matches(panel.typing_path, panel.error)
            elif shown.display:
                row = panel.row
                if self._lesson_at != (panel, row.path):
                    self._lesson_at = None
                lesson = self._lesson_at is not None or (panel is self.panels[0] and panel.at_first)
                teaches = panel.state.experiment.teaches
                shown.show(row.label, panel.explained, panel.problem, teaches, panel.drawing, lesson_first=lesson)

    @property
    def explained(self) -> tuple[str, Sequence[tuple[str, str]]]:
        """All there is to say about the field that is selected, or the finding: a heading, and texts with their words.

        What there is to see in the experiment comes last.
        """
        teaches = ("What there is to see", self._column.opened.state.experiment.teaches)
        if self._results.findings.has_focus:
            heading, texts = self._results.findings.explained()
        else:
            row = self._column.opened.row
            heading, texts = row.label, [("Wrong", self._column.opened.problem), *row.explained(cut=True)]
        return heading, [(word, text) for word, text in (*texts, teaches) if text]

    # Where it stands

    def on_mount(self) -> None:
        self.place()  # before the first paint, which then shows what stays

    def on_resize(self, event: Resize) -> None:
        if event.size != self._placed_for:
            self.place()

    def place(self) -> None:
        """Give everything its place, for the size of the screen and what has the focus."""
        self._placed_for = self.app.size
        made = self._layout = layout(*self._placed_for, above=self.news.display + self.notice.lines)
        if made.tiny and self._focused_before is None:
            self._focused_before = self.screen.focused  # what is not displayed loses it
        self._too_small.display = made.tiny
        for widget in (self.status, self._body, self.keys):
            widget.display = not made.tiny
        self._machine.display = made.machine and not made.tiny
        if made.tiny:
            self._too_small.update()
            return
        at_results = self.focus_kind in ("plot", "findings")
        self._column.display = not (made.single and at_results)
        self._column.styles.width = made.column_width
        self._column.help.display = not made.help_below
        self._column.fit_to(made.body)
        self._right.display = not made.single or at_results
        self._help_below.display = made.help_below
        self._results.place(made)
        self._show_help()
        self._focus_again()

    # The focus

    def _focus_again(self) -> None:
        """Give the focus back to what had it before the screen was too small."""
        before, self._focused_before = self._focused_before, None
        if before is not None and self.screen.focused is None:
            self._go_to(before if before.is_attached and not isinstance(before, Entry) else self._column.opened)

    @property
    def focus_kind(self) -> FocusKind:
        """What has the focus."""
        focused = self.screen.focused
        if isinstance(focused, FormPanel):
            return "form"
        if isinstance(focused, Entry):
            return "path" if isinstance(focused, PathEntry) else "entry"
        if isinstance(focused, NewsLine):
            return "news"
        if isinstance(focused, FindingsPanel):
            return "findings"
        return "plot" if focused in self._results.plots else ""

    @property
    def row(self) -> Row:
        """The field that is selected in the panel that is open."""
        return self._column.opened.row

    @property
    def cure(self) -> Cure | None:
        """What would mend the finding that is selected."""
        return self._results.findings.cure

    @property
    def reads_on(self) -> bool:
        """Whether more is said about the finding than is seen."""
        return any(shown.display and shown.overflows for shown in (self._column.help, self._help_below))

    @property
    def cursor(self) -> float | None:
        """The epoch at which the cursor of the plot with the focus stands."""
        return next((plot.view.cursor for plot in self._results.plots if plot.has_focus), None)

    def focus_panel(self, number: int) -> None:
        """Open the panel with that number, from 1."""
        self._go_to(self.panels[number - 1])

    def focus_next(self, direction: int) -> None:
        """Go to the next area, or the one before."""
        areas: list[Widget] = [*self.panels, *self._results.judging, *self._results.plots]
        here = next((i for i, area in enumerate(areas) if area.has_focus_within), -1 if direction > 0 else 0)
        self._go_to(areas[(here + direction) % len(areas)])

    @property
    def has_findings(self) -> bool:
        """Whether there is something to choose among the findings."""
        return bool(self._results.judging)

    def focus_findings(self) -> None:
        """Go to the findings, if there are any."""
        for findings in self._results.judging:
            self._go_to(findings)

    def _go_to(self, area: Widget) -> None:
        # What is not displayed cannot take the focus.
        for around in (area, *area.ancestors):
            if isinstance(around, Widget) and around is not self.screen:
                around.display = True
        self.screen.set_focus(area)  # at once: the next key, which may be here already, is for it

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        if self.news.display and not isinstance(event.widget, NewsLine):
            self.news.dismiss()
        if self._layout.single:
            self.place()
        self._show_help()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc is left to the screen where there is no news."""
        return action != "dismiss_news" or self.news.display

    def action_dismiss_news(self) -> None:
        self.news.dismiss()

    def action_next_metric(self) -> None:
        self._results.next_metric()

    def on_findings_panel_selected(self) -> None:
        self._show_help()

    def on_findings_panel_read(self, message: FindingsPanel.Read) -> None:
        for shown in (self._column.help, self._help_below):
            if shown.display:
                shown.turn(message.by, pages=message.pages)

    def on_form_panel_selected(self, message: FormPanel.Selected) -> None:
        if message.panel is not self._column.opened:
            self._column.open(message.panel)
        self._show_help()
