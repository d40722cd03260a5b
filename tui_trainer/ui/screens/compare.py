"""The compare screen: its keys, and what they do with the comparison on the bench."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import DescendantFocus
from textual.screen import Screen
from textual.timer import Timer

from tui_trainer.experiment.text import clean, cut
from tui_trainer.insight.arms import letter
from tui_trainer.ui.compare.view import CompareView
from tui_trainer.ui.screens import compare_keys
from tui_trainer.ui.screens.downloading import download_what_sides_lack
from tui_trainer.ui.screens.main_keys import keys_by_id
from tui_trainer.ui.widgets.key_line import Hint

if TYPE_CHECKING:
    from tui_trainer.ui.compare.table import CompareTable
    from tui_trainer.ui.laboratory.compared import Compared
    from tui_trainer.ui.laboratory.comparing import Comparing
    from tui_trainer.ui.laboratory.laboratory import Laboratory
    from tui_trainer.ui.laboratory.watched import Severity
    from tui_trainer.ui.screens.runs import RunsResult

REST = 0.3
"""Seconds between two drawings, however many runs have news; longer where a drawing takes long."""

REST_OF_MANY = 0.5
"""The same where there are more than two sides, whose curves all have new points."""

_SHARE = 4  # of the time about one part in so many is for drawing, at most


class CompareScreen(Screen[None]):
    """Draws the comparison that the laboratory has on its bench, whenever it says that something of it has changed."""

    CSS_PATH = Path(__file__).with_suffix(".tcss")

    BINDINGS: ClassVar[list[BindingType]] = [*compare_keys.BINDINGS]

    def __init__(self, laboratory: Laboratory) -> None:
        super().__init__()
        self._laboratory = laboratory
        self.view = CompareView()
        self._hints: Sequence[Hint] = ()
        self._drawn = 0.0
        self._rest = REST
        self._waiting: Timer | None = None

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self._draw()
        self.view.go_to(self.view.areas[0])
        self.watch(self.view.verdict, "show_vertical_scrollbar", self._on_verdict_overflow, init=False)

    @property
    def comparing(self) -> Comparing | None:
        return self._laboratory.comparing

    @property
    def state(self) -> Compared:
        from tui_trainer.ui.laboratory.compared import Compared

        return self.comparing.state if self.comparing is not None else Compared()

    # Drawing

    def draw(self, aspect: str = "comparison") -> None:
        """Draw what has changed; soon, if that was done just now."""
        left = self._drawn + self._rest - monotonic()
        if left <= 0:
            self._draw()
        elif self._waiting is None:
            self._waiting = self.set_timer(left, self._draw)

    def _draw(self) -> None:
        self._waiting = None
        self._drawn = monotonic()
        comparing = self.comparing
        if comparing is not None and self.view.is_attached:
            self.view.show(comparing.state, comparing.table, comparing.verdict, comparing.findings)
            self._show_hints()
            rest = REST if len(comparing.state.sides) <= 2 else REST_OF_MANY
            self._rest = max(rest, _SHARE * self.view.plots.cost)

    def _show_hints(self) -> None:
        view = self.view
        found = compare_keys.hints(
            self.state,
            at_plot=view.at_plot,
            at_table=view.at_table,
            may_be_apart=view.may_be_apart,
            at_verdict=view.at_verdict,
            more=view.verdict.overflows,
        )
        if found != self._hints:
            self._hints = found
            view.keys.show(found, keys_by_id(self))

    def _on_verdict_overflow(self) -> None:
        self.call_after_refresh(self._show_hints)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        self._show_hints()

    def _say(self, text: str, severity: Severity = "information") -> None:
        self.app.notify(clean(text), severity=severity, markup=False)

    # Areas and sides

    def action_next_area(self, direction: int) -> None:
        self.view.focus_next(direction)

    def action_together(self) -> None:
        if not self.view.may_be_apart:
            two = len(self.state.sides) == 2
            self._say("too narrow for plots beside one another" if two else "only two sides stand beside each other")
            return
        self.view.together = not self.view.together
        self.view.place()
        self._draw()
        self.view.go_to(self.view.areas[0])

    def action_next_metric(self) -> None:
        """What the plots show beside the loss; at first these plots themselves, where they are not seen."""
        if not self.view.sees(self.view.plots.metric_plot):
            self.view.go_to(self.view.plots.metric_plot)
            return
        self.view.next_metric()

    def action_verdict(self) -> None:
        """The verdict, with all the room that there is; from there back to the plots."""
        if self.view.at_verdict:
            self.view.go_to(self.view.areas[0])
        elif self.view.verdict.overflows:
            self.view.go_to(self.view.verdict)
        else:
            self._say("the verdict is seen in full")

    def action_select(self, index: int) -> None:
        """Have the keys act on one side, or on all (-1)."""
        if self.comparing is not None and index < len(self.state.sides):
            self.comparing.select(index if index >= 0 else None)

    def on_compare_table_chosen(self, message: CompareTable.Chosen) -> None:
        self.action_select(-1 if message.index == self.state.selected else message.index)

    def action_swap(self) -> None:
        if self.comparing is not None and len(self.state.sides) > 1:
            self.comparing.swap()

    def action_pin(self) -> None:
        """Measure by the selected side; where none is, by the next one."""
        state = self.state
        if self.comparing is not None and state.sides:
            next_one = (state.pinned + 1) % len(state.sides)
            self.comparing.pin(next_one if state.selected is None else state.selected)

    def action_drop(self) -> None:
        index = self._one_side("take away")
        if index is not None and self.comparing is not None:
            self.comparing.drop(index)

    def action_choose(self) -> None:
        """Another run in place of the selected side; where none is selected, one more beside the others."""
        from tui_trainer.ui.screens.runs import RunsScreen

        if self.comparing is None:
            return
        index = self.state.selected
        folder = self.comparing.folder(index or 0)

        def chosen(result: RunsResult | None) -> None:
            if result is None or self.comparing is None:
                return
            if index is None:
                self.comparing.add(result.folder)
            else:
                self.comparing.replace(index, result.folder)

        self.app.push_screen(RunsScreen(self._laboratory.store, folder.id if folder else None), chosen)

    def _one_side(self, what: str) -> int | None:
        """The selected side, which the keys that are for one need; says so where none is."""
        state = self.state
        if not state.sides or (state.selected is None and len(state.sides) > 1):
            last = min(len(state.sides), 8)
            self._say(f"which side to {what}? 1 to {last} select one" if state.sides else "no side yet")
            return None
        return min(state.selected or 0, len(state.sides) - 1)

    # The runs

    def action_start_or_pause(self) -> None:
        if self.comparing is not None:
            download_what_sides_lack(self.app, self.comparing, self.comparing.toggle)

    def action_one_step(self) -> None:
        if self.comparing is not None:
            download_what_sides_lack(self.app, self.comparing, self.comparing.one_step)

    def action_one_epoch(self) -> None:
        if self.comparing is not None:
            download_what_sides_lack(self.app, self.comparing, self.comparing.one_epoch)

    def action_pace(self, direction: int) -> None:
        if self.comparing is not None:
            self.comparing.pace(direction)

    def action_add_repeats(self) -> None:
        if self.comparing is not None and self.state.sides:
            self.comparing.add_repeats(1)

    def action_stop(self) -> None:
        from tui_trainer.ui.screens.ask import yes_or_no

        comparing = self.comparing
        if comparing is None or not comparing.alive:
            self._say("no run to stop")
            return
        detail = "What waits is not started. What has been learned is kept."
        question = yes_or_no(f"Stop {self._whom()}?", "stop it", "let it go on", detail, lambda: comparing.alive)

        def answered(answer: str | None) -> None:
            if answer == "yes":
                comparing.stop()

        self.app.push_screen(question, answered)

    def action_extend(self) -> None:
        from tui_trainer.ui.screens.ask import AskText, epochs_problem

        comparing = self.comparing
        planned = [run.planned_epochs for run in comparing.views if run.planned_epochs] if comparing else []
        if comparing is None or not planned:
            self._say("no run to extend: space starts what is to be compared")
            return

        def answered(text: str | None) -> None:
            if text is not None:
                comparing.extend(int(text))

        question = f"How many epochs more than planned, for {self._whom()}?"
        self.app.push_screen(AskText(question, str(max(planned)), epochs_problem), answered)

    def _whom(self) -> str:
        state = self.state
        if state.selected is not None and state.selected < len(state.sides):
            return f"{letter(state.selected)} {cut(clean(state.sides[state.selected].arm.name), 40)}"
        return {1: "the run", 2: "both sides"}.get(len(state.sides), f"all {len(state.sides)} sides")

    # To other screens, and out of the program

    def action_fork(self) -> None:
        index = self._one_side("fork")
        comparing = self.comparing
        if index is None or comparing is None:
            return
        folder, runs = comparing.folder(index), self.state.sides[index].arm.runs
        if folder is None or not runs:
            self._say("nothing to fork yet: space starts it")
            return
        self.action_back()
        self._laboratory.forks.begin(folder, runs[0], None)

    def action_inspect(self) -> None:
        from tui_trainer.ui.screens.inspect import InspectScreen

        state, comparing = self.state, self.comparing
        if comparing is None:
            return
        indices = range(min(2, len(state.sides))) if state.selected is None else [state.selected]
        folders = [
            (state.sides[index].arm.name, folder)
            for index in indices
            if (folder := comparing.folder(index)) is not None
        ]
        if folders:
            self.app.push_screen(InspectScreen(folders))
        else:
            self._say("nothing to inspect yet: space starts what is to be compared")

    @work
    async def action_save(self) -> None:
        from tui_trainer.ui.screens.saving import save_as_preset

        comparison = self.comparing.comparison if self.comparing is not None else None
        if comparison is None:
            self._say("these runs have too little in common for one comparison: fork one, and save that")
            return
        saved = await save_as_preset(self.app, comparison)
        if saved:
            self._say(f"saved as {saved.name}: press p on the main screen for it")

    def action_copy(self) -> None:
        from tui_trainer.ui.compare import sharing

        comparing = self.comparing
        if comparing is None or comparing.table is None:
            self._say("nothing to copy yet: space starts what is to be compared")
            return
        self.app.copy_to_clipboard(sharing.in_full(comparing.state, comparing.table, comparing.verdict))
        self._say("copied: the table and the verdict")

    def action_export(self) -> None:
        from tui_trainer.ui import export
        from tui_trainer.ui.compare import sharing

        picture = self.app.export_screenshot(title="tui-trainer")
        state = self.state

        def job() -> Sequence[Path]:
            return export.save(None, picture, sharing.curves_as_csv(state))

        self._laboratory.save_files(job)

    def action_back(self) -> None:
        """To the main screen; the runs go on."""
        if self.comparing is not None:
            self.comparing.leave()
        self.dismiss()
