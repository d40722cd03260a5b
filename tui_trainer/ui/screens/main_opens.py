"""The screens that the main one opens, and what is done with what they return."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import App

from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.text import clean
from tui_trainer.ui.laboratory.draft import Edit
from tui_trainer.ui.screens.downloading import download_first

if TYPE_CHECKING:
    from tui_trainer.choices.base import Choice
    from tui_trainer.experiment.comparison import Comparison
    from tui_trainer.experiment.own_data import Suggestion
    from tui_trainer.experiment.presets import Preset
    from tui_trainer.runs.folder import RunFolder
    from tui_trainer.runs.records import Checkpoint, RunView
    from tui_trainer.ui.forms.row import Row
    from tui_trainer.ui.laboratory.laboratory import Aspect, Laboratory
    from tui_trainer.ui.laboratory.watched import Severity
    from tui_trainer.ui.screens.data import DataScreen
    from tui_trainer.ui.screens.model import ModelScreen
    from tui_trainer.ui.screens.runs import RunsResult


def begin_comparison(app: App[Any], laboratory: Laboratory, comparison: Comparison) -> None:
    """Train a new comparison; if what it lacks is not to be downloaded, it is only shown."""
    begin = laboratory.comparisons.begin
    experiments = [arm.experiment for arm in comparison.arms]
    download_first(app, experiments, lambda: begin(comparison), lambda: begin(comparison, start=False))


class Opens:
    """Opens screens over the main one. What a screen needs is imported when it is opened first."""

    def __init__(self, app: App[Any], laboratory: Laboratory) -> None:
        self._app = app
        self._laboratory = laboratory
        self._over: DataScreen | ModelScreen | None = None

    def _say(self, text: str, severity: Severity = "information") -> None:
        self._app.notify(clean(text), severity=severity, markup=False)

    # Of the draft

    def pick(self, row: Row) -> None:
        """Choose a kind, a run or columns, or edit a table."""
        from tui_trainer.ui.forms.lists import ListRow
        from tui_trainer.ui.forms.row import FieldRow, PickRow
        from tui_trainer.ui.forms.runs import RunRow
        from tui_trainer.ui.forms.tables import CountRow, MemberRow
        from tui_trainer.ui.screens.columns import Columns
        from tui_trainer.ui.screens.picker import Picker
        from tui_trainer.ui.screens.table import TableScreen

        def picked(value: object) -> None:
            if value is not None:
                self._laboratory.change(Edit(row.path, value))

        def edited(cell: Row | None) -> None:
            if cell is not None:
                self.vary(cell)

        match row:
            case RunRow():
                self._choose_run(str(row.value), picked)
            case PickRow():
                draft = self._laboratory.experiment, self._laboratory.sizes
                self._app.push_screen(Picker(row.family, row.kind, self._misfit(), *draft), picked)
            case CountRow():
                self._app.push_screen(TableScreen(self._laboratory, row.path, row.field), edited)
            case MemberRow():
                table = row.path.rpartition(".")[0]
                self._app.push_screen(TableScreen(self._laboratory, table, row.field, row.index), edited)
            case FieldRow() | ListRow() if row.table is not None:
                self._app.push_screen(Columns(row, row.table), picked)

    def _misfit(self) -> Callable[[type[Choice]], str]:
        """Says why a choice cannot work with the draft."""
        from tui_trainer.ui.laboratory.fitting import given, misfit

        experiment = self._laboratory.experiment
        return partial(misfit, experiment=experiment, data=given(experiment, self._laboratory.sizes))

    def _choose_run(self, present: str, picked: Callable[[str | None], None]) -> None:
        from tui_trainer.ui.laboratory.fitting import given
        from tui_trainer.ui.screens.run_picker import RunPicker

        def chosen(result: RunsResult | None) -> None:
            picked(result.folder.id if result is not None else None)

        laboratory = self._laboratory
        known = given(laboratory.experiment, laboratory.sizes)
        self._app.push_screen(RunPicker(laboratory.store, present, laboratory.experiment, known), chosen)

    def vary(self, row: Row) -> None:
        """Choose values of a field, and compare them."""
        from tui_trainer.ui.screens.vary import VaryScreen, fixed

        if why := fixed(row):
            self._say(why)
            return

        def chosen(comparison: Comparison | None) -> None:
            if comparison is not None:
                begin_comparison(self._app, self._laboratory, comparison)

        self._app.push_screen(VaryScreen(row, self._laboratory.experiment, self._laboratory.at_once), chosen)

    def presets(self) -> None:
        """Choose a preset to load, or a comparison to open."""
        from tui_trainer.ui.screens.presets import PresetsScreen

        def chosen(preset: Preset | None) -> None:
            if preset is not None:
                try:
                    if preset.is_comparison:
                        self._laboratory.comparisons.begin(preset.comparison(), start=False)
                    else:
                        self._laboratory.load(preset.experiment())
                except ExperimentError as error:
                    self._say(str(error), "error")

        self._app.push_screen(PresetsScreen(self._laboratory.experiment), chosen)

    def data(self) -> None:
        """See what its data holds."""
        from tui_trainer.ui.screens.data import DataScreen

        self._show(DataScreen(self._laboratory))

    def model(self) -> None:
        """See the layers of its model."""
        from tui_trainer.ui.screens.model import ModelScreen

        self._show(ModelScreen(self._laboratory))

    def own_data(self) -> None:
        """Choose a file or folder of data, and put an experiment for it in the draft's place."""
        from tui_trainer.ui.screens.own_data import OwnDataScreen

        def chosen(suggestion: Suggestion | None) -> None:
            if suggestion is not None:
                self._laboratory.take_suggestion(suggestion)

        self._app.push_screen(OwnDataScreen(), chosen)

    def _show(self, screen: DataScreen | ModelScreen) -> None:
        """Open a screen that is drawn anew when something changes."""
        self._over = screen
        self._app.push_screen(screen)

    def draw(self, aspect: Aspect) -> None:
        """Draw what is open and depends on an aspect of the laboratory that has changed."""
        if self._over is not None and self._over.is_mounted:
            self._over.draw(aspect)

    # Of the run that is looked at

    def train(self, go: Callable[[], object], *, anew: bool = False) -> None:
        """Do what trains the draft; what must be downloaded first is asked for.

        It trains the draft if that is begun `anew`, or if no run is under way that it would be a command to.
        """
        laboratory = self._laboratory
        begins = anew or not laboratory.alive or laboratory.fork_of is not None
        if begins and not laboratory.impossible:
            download_first(self._app, [laboratory.experiment], go)
        else:
            go()

    def stop(self) -> None:
        """Stop it, if that is meant."""
        from tui_trainer.ui.screens.ask import yes_or_no

        laboratory = self._laboratory
        if not laboratory.alive:
            self._say("no run to stop")
            return
        detail = "What it has learned is kept."
        question = yes_or_no("Stop this run?", "stop it", "let it go on", detail, lambda: laboratory.alive)

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._laboratory.stop()

        self._app.push_screen(question, answered)

    def score(self) -> None:
        """Score it on its test part, if that is meant: it can be looked at for the first time only once."""
        from tui_trainer.ui.screens.ask import yes_or_no

        if not self._laboratory.unscored():
            return
        detail = "Look when you have chosen. Whoever trains on until the test figures please has no test part any more."
        question = yes_or_no("Score this run on its test part?", "score it", "not yet", detail)

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._laboratory.score()

        self._app.push_screen(question, answered)

    def extend(self) -> None:
        """Train it for more epochs."""
        from tui_trainer.ui.screens.ask import AskText, epochs_problem

        view = self._laboratory.view
        if view is None or not view.planned_epochs:
            self._say("no run to extend: space starts one")
            return

        def answered(text: str | None) -> None:
            if text is not None:
                self._laboratory.extend(int(text))

        question = f"How many epochs more than the {view.planned_epochs:,} planned?"
        self._app.push_screen(AskText(question, str(view.planned_epochs), epochs_problem), answered)

    def checkpoints(self, near: float | None) -> None:
        """Fork it from a checkpoint; the one nearest to the epoch `near` is offered first."""
        folder, view = self._laboratory.folder, self._laboratory.view
        if folder is None or view is None:
            self._say("no run to fork: space starts one")
        else:
            self._checkpoints_of(folder, view, near)

    def inspect(self) -> None:
        """See what its model sees."""
        from tui_trainer.ui.screens.inspect import InspectScreen

        folder, view = self._laboratory.folder, self._laboratory.view
        if folder is None or view is None:
            self._say("no run to look into: space starts one")
        else:
            self._app.push_screen(InspectScreen([(view.name, folder)]))

    # Of all runs

    def runs(self) -> None:
        """Choose a run, and what to do with it."""
        from tui_trainer.ui.screens.runs import RunsScreen

        current = self._laboratory.folder.id if self._laboratory.folder else None
        self._app.push_screen(RunsScreen(self._laboratory.store, current, self._laboratory), self._run_chosen)

    def _run_chosen(self, result: RunsResult | None) -> None:
        if result is None:
            return
        laboratory, folder = self._laboratory, result.folder
        match result.action:
            case "open":
                laboratory.open(folder)
            case "again":
                laboratory.again(folder, lambda: self.train(laboratory.start, anew=True))
            case "compare":
                laboratory.compare_chosen(folder)
            case "fork":
                laboratory.read(folder, lambda view: laboratory.forks.begin(folder, view))
            case "checkpoints":
                laboratory.read(folder, lambda view: self._checkpoints_of(folder, view))

    def _checkpoints_of(self, folder: RunFolder, view: RunView, near: float | None = None) -> None:
        from tui_trainer.ui.screens.checkpoints import CheckpointsScreen

        def chosen(checkpoint: Checkpoint | None) -> None:
            if checkpoint is not None:
                self._laboratory.forks.begin(folder, view, checkpoint)

        self._app.push_screen(CheckpointsScreen(folder, view, near), chosen)
