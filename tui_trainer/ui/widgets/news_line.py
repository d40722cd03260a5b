"""What happened to runs while the dashboard was closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tui_trainer.plots.spec import Row
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.store import News
from tui_trainer.ui.terminal.glyphs import SEPARATOR, STATES
from tui_trainer.ui.widgets.rows import STRONG, Rows

if TYPE_CHECKING:
    from tui_trainer.runs.summary import RunSummary


SOON = 15.0
"""Seconds after which what nobody turned to is no news any more."""
_CUT_OFF = ("interrupted", "died", "failed")


class NewsLine(Rows, can_focus=True):
    """One line, and none once it was read. Enter opens the run that it is about, any movement leaves it."""

    DEFAULT_CSS = """
    NewsLine { height: 1; padding: 0 1; display: none; }
    NewsLine:focus { background: $panel; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open the run", id="news.open"),
        Binding("escape", "leave", "Go on, the news is read", id="news.leave", show=False),
    ]

    class Opened(Message):
        """The run that the news is about is to be opened."""

        def __init__(self, folder: RunFolder) -> None:
            super().__init__()
            self.folder = folder

    class Left(Message):
        """It was read."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._news = News((), ())
        self._read = False

    @property
    def any(self) -> bool:
        """Whether there is something to read."""
        return not self._read and bool(self._news.running or self._news.ended)

    def show(self, news: News) -> None:
        if not self._read:
            if not self.any:
                self.set_timer(SOON, self._grow_old)
            self._news = news
            self.display = self.any
            self.update()

    def _grow_old(self) -> None:
        if not self.has_focus:
            self.dismiss()

    def dismiss(self) -> None:
        """Show it no more."""
        self._read = True
        self.display = False

    def on_focus(self) -> None:
        self.update()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        if not self.any:
            return []
        cut_off, over = _cut_off(self._news), _over(self._news)
        parts = [*_ended(cut_off, "cut off"), *_running(self._news.running), *_ended(over, "ended")]
        between = (f" {SEPARATOR} ", "label")
        row = [span for part in parts for span in (*part, between)][:-1]
        opens = [("Enter", STRONG), (" opens ", "label")] if self.has_focus else []
        return [[*opens, *row]]

    def action_open(self) -> None:
        run = next(iter((*_cut_off(self._news), *self._news.running, *_over(self._news))))
        self.dismiss()
        self.post_message(self.Opened(run.folder))

    def action_leave(self) -> None:
        self.dismiss()
        self.post_message(self.Left())


def _cut_off(news: News) -> list[RunSummary]:
    """What ended before its time and not at a person's word: what died with its dashboard first."""
    return sorted((run for run in news.ended if run.state in _CUT_OFF), key=lambda run: _CUT_OFF.index(run.state))


def _over(news: News) -> list[RunSummary]:
    return [run for run in news.ended if run.state not in _CUT_OFF]


def _running(runs: Sequence[RunSummary]) -> list[Row]:
    if not runs:
        return []
    first = runs[0]
    more = f", {len(runs) - 1} more too" if len(runs) > 1 else ""
    return [[(first.name, STRONG), (f" {STATES[first.state]} is still {first.state}{more}", "train")]]


def _ended(runs: Sequence[RunSummary], word: str) -> list[Row]:
    if not runs:
        return []
    first = runs[0]
    more = f", {len(runs) - 1} more {word}" if len(runs) > 1 else ""
    was = "was " if first.state in ("stopped", "interrupted") else ""
    role = "warning" if first.state in ("failed", "died") else ""
    return [[(first.name, STRONG), (f" {STATES[first.state]} {was}{first.state}{more} since last time", role)]]
