"""A look at the data of the draft, before anything is trained on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from tui_trainer.experiment.text import clean
from tui_trainer.plots.spec import Row
from tui_trainer.runs.data_look import DataLook
from tui_trainer.ui.data.features import features
from tui_trainer.ui.data.methods import methods, progress_bar
from tui_trainer.ui.data.overview import overview
from tui_trainer.ui.data.samples import shown_samples
from tui_trainer.ui.data.scatter import scatter
from tui_trainer.ui.pictures.look import terminal_look
from tui_trainer.ui.screens.downloading import about
from tui_trainer.ui.terminal.glyphs import WARNING
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.hints import Hints
from tui_trainer.ui.widgets.page import Page
from tui_trainer.ui.widgets.rows import STRONG
from tui_trainer.ui.widgets.tabs import Tabs

if TYPE_CHECKING:
    from tui_trainer.choices.data.base import Missing
    from tui_trainer.ui.laboratory.laboratory import Aspect, Laboratory
    from tui_trainer.ui.laboratory.looking import Looked

TITLES = ("Overview", "Features", "Samples", "Scatter", "Baselines")
SAMPLES, SCATTER, BASELINES = map(TITLES.index, ("Samples", "Scatter", "Baselines"))


class DataScreen(ModalScreen[None]):
    """What the draft's data holds; data that is not here yet can be downloaded."""

    CSS_PATH = Path(__file__).with_name("data.tcss")

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "next_view(1)", "Next view", id="data.next"),
        Binding("shift+tab", "next_view(-1)", "View before", id="data.previous", show=False),
        *(
            Binding(str(n + 1), f"view({n})", title, id=f"data.{title.lower()}", show=False)
            for n, title in enumerate(TITLES)
        ),
        Binding("left,h", "across(-1)", "Feature across", id="data.left", show=False),
        Binding("right,l", "across(1)", "Feature across", id="data.right"),
        Binding("up,k", "up(1)", "Feature upwards", id="data.up", show=False, priority=True),
        Binding("down,j", "up(-1)", "Feature upwards", id="data.down", priority=True),
        Binding("n", "others(1)", "Other samples", id="data.others"),
        Binding("N", "others(-1)", "Samples before", id="data.before", show=False),
        Binding("b", "baselines", "Baselines", id="draft.baselines"),
        Binding("d", "download", "Download", id="data.download"),
        Binding("escape,a", "dismiss", "Back", id="data.back"),
        Binding("question_mark,f1", "app.help", "Help", id="data.help"),
    ]

    def __init__(self, laboratory: Laboratory) -> None:
        super().__init__()
        self._laboratory = laboratory
        self._experiment = laboratory.experiment
        self._tabs = Tabs(TITLES, id="tabs")
        self._page = Page(id="page")
        self._samples_page = 0
        self._pair: tuple[int, int] | None = None  # the axes that were chosen

    def compose(self) -> ComposeResult:
        with Vertical(id="window") as window:
            name = self._experiment.name or self._experiment.data.kind
            window.border_title = Content(clean(f"Data of {name}"))
            yield self._tabs
            yield self._page
            yield Hints()

    def on_mount(self) -> None:
        self._look = terminal_look(self.app)
        self._laboratory.looking.ask(self._experiment)
        self._show()
        self._page.focus()

    def on_unmount(self) -> None:
        self._laboratory.baselines.shown = False

    def draw(self, aspect: Aspect) -> None:
        """Draw what depends on an aspect of the laboratory that has changed."""
        if aspect in ("look", "baselines") and self.is_mounted:
            self._page.update()
            self.refresh_bindings()

    # What it shows

    @property
    def _looked(self) -> Looked | None:
        return self._laboratory.looking.of(self._experiment)

    @property
    def _seen(self) -> DataLook | None:
        return self._looked.look if self._looked else None

    @property
    def view(self) -> str:
        """The title of the view that is shown."""
        return TITLES[self._tabs.at]

    def _show(self) -> None:
        self._laboratory.baselines.shown = self._tabs.at == BASELINES
        self._page.show(self._rows)
        self.refresh_bindings()

    def _rows(self, width: int, height: int) -> Sequence[Row]:
        looked = self._looked
        if looked is not None and looked.missing is not None:
            return self._absent(looked, looked.missing, width)
        if looked is None or (looked.look is None and not looked.problems):
            return [[("Looking at the data …", "label")]]
        if looked.look is None:
            return _problems(looked.problems, width)
        return self._of(looked.look, width, height)

    def _of(self, seen: DataLook, width: int, height: int) -> Sequence[Row]:
        match self._tabs.at:
            case 0:
                return overview(seen, width, self._look)
            case 1:
                return features(seen, width, self._look)
            case 2:
                return shown_samples(seen, width, self._look)
            case 3:
                return scatter(seen, *self._axes(seen), width, height, self._look)
            case _:
                return self._methods(width)

    def _methods(self, width: int) -> Sequence[Row]:
        watch, experiment = self._laboratory.baselines, self._experiment
        return methods(
            watch.of(experiment),
            watch.run_of(experiment),
            watch.sentence(experiment),
            watch.why_not(experiment),
            watch.progress(experiment),
            width,
        )

    def _absent(self, looked: Looked, missing: Missing, width: int) -> Sequence[Row]:
        """What must be downloaded first."""
        rows: list[Row] = [[(f"{missing.what} is not on this machine yet.", STRONG)], []]
        rows += _problems(looked.problems, width)
        looking = self._laboratory.looking
        if looking.fetching:
            words = f"Downloading {about(missing)} d calls it off."
            bar = progress_bar(looking.fetched, width) if looking.fetched is not None else []
            return [*rows, *paragraph(words, width), [], *bar]
        return [
            *rows,
            *paragraph(f"d downloads it: {about(missing)} A run that needs it asks, and does so, too.", width),
        ]

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that would do nothing in this view are not offered."""
        if action in ("across", "up"):
            return self._tabs.at == SCATTER and self._seen is not None and self._seen.points is not None
        if action == "others":
            return (
                self._tabs.at == SAMPLES and self._seen is not None and self._seen.samples_of > len(self._seen.samples)
            )
        if action == "download":
            return self._looked is not None and self._looked.missing is not None
        return True

    def action_view(self, number: int) -> None:
        self._tabs.choose(number)
        self._show()

    def action_next_view(self, direction: int) -> None:
        self.action_view((self._tabs.at + direction) % len(TITLES))

    def on_tabs_chosen(self, message: Tabs.Chosen) -> None:
        self.action_view(message.at)

    def action_across(self, direction: int) -> None:
        self._choose(direction, 0)

    def action_up(self, direction: int) -> None:
        self._choose(0, direction)

    def action_others(self, direction: int) -> None:
        """Another page of samples."""
        self._samples_page += direction
        self._laboratory.looking.ask(self._experiment, self._samples_page)
        self._page.scroll_home(animate=False)

    def _axes(self, seen: DataLook) -> tuple[int, int]:
        return self._pair or (seen.points.pair if seen.points else (0, 0))

    def _choose(self, across: int, up: int) -> None:
        """Other axes; what is drawn across is not drawn upwards, too."""
        seen = self._seen
        if seen is None or seen.points is None:
            return
        count = len(seen.points.axes)
        x, y = self._axes(seen)
        x, y = (x + across) % count, (y + up) % count
        if x == y and count > 2:
            x, y = (x + across) % count, (y + up) % count
        self._pair = x, y
        self._page.update()

    def action_baselines(self) -> None:
        self.action_view(BASELINES)
        self._laboratory.baselines.toggle(self._experiment)

    def action_download(self) -> None:
        self._laboratory.looking.fetch(self._experiment)


def _problems(problems: Sequence[tuple[str, str]], width: int) -> list[Row]:
    """What is wrong with the data, and what would be right."""
    rows: list[Row] = []
    for path, why in problems:
        rows += [*paragraph(f"{WARNING} {path}: {why}" if path else f"{WARNING} {why}", width, "warning"), []]
    return rows
