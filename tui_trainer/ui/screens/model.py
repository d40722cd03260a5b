"""The model of the draft, without training it: its layers, what is learned, what is chosen, what memory it takes."""

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
from tui_trainer.ui.model.chosen import chosen
from tui_trainer.ui.model.layers import layers
from tui_trainer.ui.model.memory import memory
from tui_trainer.ui.terminal.glyphs import WARNING
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.hints import Hints
from tui_trainer.ui.widgets.page import Page
from tui_trainer.ui.widgets.tabs import Tabs

if TYPE_CHECKING:
    from tui_trainer.ui.laboratory.laboratory import Aspect, Laboratory

TITLES = ("Layers", "Chosen", "Memory")


class ModelScreen(ModalScreen[None]):
    """What a worker says of the draft's model once it has built it."""

    CSS_PATH = Path(__file__).with_name("data.tcss")

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "next_view(1)", "Next view", id="model.next"),
        Binding("shift+tab", "next_view(-1)", "View before", id="model.previous", show=False),
        *(
            Binding(str(n + 1), f"view({n})", title, id=f"model.{title.lower()}", show=False)
            for n, title in enumerate(TITLES)
        ),
        Binding("escape,w", "dismiss", "Back", id="model.back"),
        Binding("question_mark,f1", "app.help", "Help", id="model.help"),
    ]

    def __init__(self, laboratory: Laboratory) -> None:
        super().__init__()
        self._laboratory = laboratory
        self._tabs = Tabs(TITLES, id="tabs")
        self._page = Page(id="page")

    def compose(self) -> ComposeResult:
        with Vertical(id="window") as window:
            experiment = self._laboratory.experiment
            window.border_title = Content(clean(f"Model of {experiment.name or experiment.model.kind}"))
            yield self._tabs
            yield self._page
            yield Hints()

    def on_mount(self) -> None:
        self._page.show(self._rows)
        self._page.focus()

    def draw(self, aspect: Aspect) -> None:
        """Draw what depends on an aspect of the laboratory that has changed."""
        if aspect in ("draft", "sizes") and self.is_mounted:
            self._page.update()

    def _rows(self, width: int, height: int) -> Sequence[Row]:
        laboratory = self._laboratory
        if self._tabs.at == 1:
            return chosen(laboratory.experiment, width)
        known = laboratory.described
        if known is None or known.experiment != laboratory.experiment:
            return [[("Building the model …", "label")]]
        if known.description is None:
            said = known.problems or (("", "the worker does not say what is wrong"),)
            return [row for path, why in said for row in paragraph(f"{WARNING} {_placed(path, why)}", width, "warning")]
        return (layers if self._tabs.at == 0 else memory)(known.description, width)

    # Keys

    def action_view(self, number: int) -> None:
        self._tabs.choose(number)
        self._page.show(self._rows)

    def action_next_view(self, direction: int) -> None:
        self.action_view((self._tabs.at + direction) % len(TITLES))

    def on_tabs_chosen(self, message: Tabs.Chosen) -> None:
        self.action_view(message.at)


def _placed(path: str, why: str) -> str:
    """What is wrong and where, unless the words name the block themselves."""
    return why if not path or why.startswith("block ") else f"{path}: {why}"
