"""The main screen: every key, and what it does with the laboratory."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import DescendantFocus
from textual.screen import Screen

from tui_trainer.experiment.text import clean
from tui_trainer.ui.screens import main_keys
from tui_trainer.ui.widgets.frames import Frames

if TYPE_CHECKING:
    from tui_trainer.experiment.schema import Experiment
    from tui_trainer.ui.forms.form import FormPanel
    from tui_trainer.ui.forms.state import FormState
    from tui_trainer.ui.laboratory.laboratory import Aspect, Laboratory
    from tui_trainer.ui.laboratory.watched import Severity
    from tui_trainer.ui.panels.findings import FindingsPanel
    from tui_trainer.ui.screens.main_opens import Opens
    from tui_trainer.ui.widgets.dashboard import Dashboard
    from tui_trainer.ui.widgets.key_line import Hint
    from tui_trainer.ui.widgets.news_line import NewsLine


class MainScreen(Screen[None]):
    """Draws what the laboratory holds whenever it says that something of it has changed.

    It begins as frames, for which this module imports little; `fill` puts the dashboard in their place.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*main_keys.BINDINGS]

    laboratory: Laboratory
    dashboard: Dashboard
    _opens: Opens
    _hints: Sequence[Hint] = ()
    _filled = False
    _loaded: Experiment | None = None

    def compose(self) -> ComposeResult:
        yield Frames()

    async def fill(self, laboratory: Laboratory) -> None:
        """Show a laboratory."""
        from tui_trainer.ui.screens.main_opens import Opens
        from tui_trainer.ui.widgets.dashboard import Dashboard

        self.laboratory = laboratory
        self._opens = Opens(self.app, laboratory)
        self.dashboard = Dashboard(self._form_state(), laboratory.change)
        await self.mount(self.dashboard)
        self._filled = True
        self.dashboard.focus_panel(1)
        self.draw("run")
        self.call_after_refresh(self.query_one(Frames).remove)  # they cover it until it is drawn
        self.set_interval(2.0, laboratory.look_for_others)

    def begin_training(self) -> None:
        """Train the draft."""
        self._opens.train(self.laboratory.start, anew=True)

    # Drawing

    def draw(self, aspect: Aspect) -> None:
        """Draw what depends on an aspect of the laboratory that has changed."""
        if not self.dashboard.is_attached:
            return  # it is being taken down
        laboratory = self.laboratory
        if aspect == "news":
            self._show_news()
            return
        if aspect == "findings":
            self.dashboard.show_findings(laboratory.findings.found)
            self._show_hints()
            return
        self._opens.draw(aspect)
        if aspect == "look":
            return
        self.dashboard.show_forms(self._form_state())
        if laboratory.loaded is not self._loaded:
            self._loaded = laboratory.loaded
            self.dashboard.begin_anew(at_the_top=laboratory.on_other_data)
        log = str(laboratory.folder.log_file) if laboratory.folder else ""
        another = laboratory.experiment if laboratory.edited else None
        self.dashboard.notice.show(laboratory.view, log, laboratory.warnings, laboratory.fork_of, another)
        if aspect in ("run", "ghost", "draft", "sizes", "baselines"):
            ghost = laboratory.ghost if laboratory.in_sight.ghost_shown else None
            baselines = laboratory.baselines.of(laboratory.view.experiment if laboratory.view else None)
            self.dashboard.show_run(
                laboratory.view,
                ghost,
                laboratory.experiment,
                edited=laboratory.edited,
                baselines=baselines,
                worth=laboratory.baselines.told or laboratory.baselines.sentence(laboratory.experiment),
                impossible=bool(laboratory.impossible),
            )
        self._show_hints()

    def _form_state(self) -> FormState:
        from tui_trainer.ui.forms.state import FormState

        laboratory = self.laboratory
        return FormState(
            mapping=laboratory.draft.mapping,
            experiment=laboratory.experiment,
            sizes=laboratory.sizes,
            problems=laboratory.problems,
            pending=frozenset(laboratory.pending),
            edited=laboratory.edited_paths,
            alive=laboratory.alive,
            impossible=laboratory.impossible,
        )

    def _show_hints(self) -> None:
        laboratory = self.laboratory
        found = main_keys.hints(
            laboratory.view,
            resumable=laboratory.resumable,
            ghost=laboratory.ghost is not None,
            focus=self.dashboard.focus_kind,
            fork=laboratory.fork_of is not None,
            marked=len(laboratory.comparisons.marked),
            cure=self.dashboard.cure is not None,
            findings=self.dashboard.has_findings,
            more=self.dashboard.reads_on,
        )
        if found != self._hints:
            self._hints = found
            self.dashboard.keys.show(found, main_keys.keys_by_id(self))

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        self._show_hints()

    def _show_news(self) -> None:
        untouched = self.focused is None or self.focused is self.dashboard.panels[0]
        was_there = self.focused is self.dashboard.news
        self.dashboard.news.show(self.laboratory.news)
        if was_there and not self.dashboard.news.any:
            self.dashboard.focus_panel(1)
        if self.dashboard.news.any and untouched and self.laboratory.view is None:
            self.set_focus(self.dashboard.news)

    def on_news_line_opened(self, message: NewsLine.Opened) -> None:
        self.laboratory.open(message.folder)
        self.dashboard.focus_panel(1)

    def on_news_line_left(self) -> None:
        self.dashboard.focus_panel(1)

    def _say(self, text: str, severity: Severity = "information") -> None:
        self.app.notify(clean(text), severity=severity, markup=False)

    # Areas and fields

    def action_next_area(self, direction: int) -> None:
        self.dashboard.focus_next(direction)

    def action_panel(self, number: int) -> None:
        self.dashboard.focus_panel(number)

    def action_findings(self) -> None:
        if self.dashboard.has_findings:
            self.dashboard.focus_findings()
        else:
            self._say("no findings: nothing stands out")

    def on_form_panel_pick(self, message: FormPanel.Pick) -> None:
        self._opens.pick(message.row)

    def action_undo(self) -> None:
        self.laboratory.undo()

    # The run

    def action_start_or_pause(self) -> None:
        self._opens.train(self.laboratory.toggle)

    def action_one_step(self) -> None:
        self._opens.train(self.laboratory.one_step)

    def action_one_epoch(self) -> None:
        self._opens.train(self.laboratory.one_epoch)

    def action_restart(self) -> None:
        self._opens.train(self.laboratory.restart, anew=True)

    def action_pace(self, direction: int) -> None:
        self.laboratory.pace(direction)

    def action_ghost(self) -> None:
        self.laboratory.in_sight.toggle_ghost()

    def action_stop(self) -> None:
        self._opens.stop()

    def action_extend(self) -> None:
        self._opens.extend()

    # The data and the model before training

    def action_open_data(self) -> None:
        self._opens.own_data()

    def action_data(self) -> None:
        self._opens.data()

    def action_baselines(self) -> None:
        self.laboratory.baselines.toggle(self.laboratory.experiment)

    def action_model(self) -> None:
        self._opens.model()

    def action_score(self) -> None:
        self._opens.score()

    # Presets and runs

    def action_presets(self) -> None:
        self._opens.presets()

    def action_runs(self) -> None:
        self._opens.runs()

    @work
    async def action_save(self) -> None:
        from tui_trainer.ui.screens.saving import save_as_preset

        saved = await save_as_preset(self.app, self.laboratory.experiment)
        if saved:
            self._say(f"saved as {saved.name}: press p for it")

    # Forks, variations, comparisons

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "forget_fork":
            return self._filled and self.laboratory.fork_of is not None
        return True

    def action_fork(self) -> None:
        self.laboratory.forks.begin_present()

    def action_forget_fork(self) -> None:
        self.laboratory.forks.forget()

    def action_checkpoints(self) -> None:
        self._opens.checkpoints(self.dashboard.cursor)

    def action_vary(self) -> None:
        self._opens.vary(self.dashboard.row)

    def on_findings_panel_apply(self, message: FindingsPanel.Apply) -> None:
        self.laboratory.forks.apply(message.cure)

    def action_mark(self) -> None:
        folder, view = self.laboratory.folder, self.laboratory.view
        if folder is None or view is None:
            self._say("no run to mark: space starts one")
            return
        marked = self.laboratory.comparisons.mark(folder.id)
        count = len(self.laboratory.comparisons.marked)
        more = "; c compares it with another" if count == 1 else f"; c compares the {count}" if count else ""
        self._say(f"{view.name} is {'marked' if marked else 'marked no more'}{more}")

    def action_compare(self) -> None:
        self.laboratory.compare_chosen()

    def action_inspect(self) -> None:
        self._opens.inspect()

    # What leaves the program

    def action_copy(self) -> None:
        from tui_trainer.ui import export

        view = self.laboratory.view
        if view is None:
            self._say("nothing to copy yet: space starts a run")
            return
        self.app.copy_to_clipboard(export.in_short(view))
        self._say("copied: the run's id and its figures")

    def action_export(self) -> None:
        from tui_trainer.ui import export

        view, folder = self.laboratory.view, self.laboratory.folder
        picture = self.app.export_screenshot(title="tui-trainer")
        job = partial(export.save, folder.path if folder else None, picture, export.table(view) if view else "")
        self.laboratory.save_files(job)
