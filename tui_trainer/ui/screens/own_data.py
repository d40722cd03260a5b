"""Opens data of one's own: a path, which Tab completes, and an experiment that suits what lies there."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from tui_trainer.experiment.text import clean
from tui_trainer.plots.spec import Row
from tui_trainer.ui.laboratory.background import in_words
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.hints import Hints
from tui_trainer.ui.widgets.path_input import PathInput, PathMatches
from tui_trainer.ui.widgets.rows import STRONG, Rows

if TYPE_CHECKING:
    from tui_trainer.experiment.own_data import Suggestion

_SUFFIXES = (".csv", ".tsv", ".tab", ".parquet", ".pq", ".npz", ".npy", ".txt")
_WORDS = "A table (CSV, TSV, Parquet), arrays (NPZ, NPY), a text, or a folder with a folder of images for each class."


class OwnDataScreen(ModalScreen["Suggestion | None"]):
    """Returns an experiment for the file or folder that was chosen, or None."""

    CSS_PATH = Path(__file__).with_suffix(".tcss")

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", id="ask.cancel")]

    def __init__(self) -> None:
        super().__init__()
        self._path = PathInput(suffixes=_SUFFIXES, max_length=4000, placeholder="path of a file or folder")
        self._matches = PathMatches(id="matches")
        self._said = Said()
        self._opening = ""  # the path that is being looked at

    def compose(self) -> ComposeResult:
        with Vertical(id="window") as window:
            window.border_title = "Open data of your own"
            yield _Intro()
            yield self._path
            yield self._said
            yield self._matches
            yield Hints()

    def on_mount(self) -> None:
        self._path.focus()

    def on_path_input_listed(self, event: PathInput.Listed) -> None:
        self._matches.show(event.input)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._opening = ""
        self._said.show("", "")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        path = event.value.strip()
        if path and path != self._opening:
            self._opening = path
            self._said.show("looking at it …", "label")
            threading.Thread(target=self._look, args=(path,), name="own data", daemon=True).start()

    def _look(self, path: str) -> None:
        """On a thread."""
        from tui_trainer.experiment.own_data import experiment_for
        from tui_trainer.experiment.problems import ExperimentError

        found: Suggestion | str
        try:
            found = experiment_for(Path(path).expanduser())
        except ExperimentError as error:
            found = "; ".join(problem.message for problem in error.problems)
        except (OSError, RuntimeError) as error:
            found = str(error)
        except Exception as error:
            found = in_words(error)
        with suppress(RuntimeError):  # the dashboard is gone
            self.call_later(self._take, path, found)

    def _take(self, path: str, found: Suggestion | str) -> None:
        if path != self._opening or not self.is_current:
            return
        self._opening = ""
        if isinstance(found, str):
            self._said.show(found, "warning")
        else:
            self.dismiss(found)

    def action_cancel(self) -> None:
        self.dismiss(None)


class _Intro(Rows):
    def rows(self, width: int, height: int) -> Sequence[Row]:
        return [*paragraph("What do you want to learn from?", width, STRONG), *paragraph(_WORDS, width, "label"), []]


class Said(Rows):
    """What is wrong with the path; there is room for it before anything is, so that nothing moves."""

    DEFAULT_CSS = "Said { height: 4; }"

    def __init__(self) -> None:
        super().__init__()
        self._words, self._role = "", ""

    def show(self, words: str, role: str) -> None:
        self._words, self._role = clean(words, 1000), role
        self.update()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        return paragraph(self._words, width, self._role)
