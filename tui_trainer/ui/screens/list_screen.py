"""What the screens with a list have in common: the list, the explanation of what is highlighted, a filter, hints."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from tui_trainer.plots.spec import Row
from tui_trainer.ui.widgets.explanation import Explanation
from tui_trainer.ui.widgets.hints import Hints
from tui_trainer.ui.widgets.row_list import Column, Item, RowList
from tui_trainer.ui.widgets.text_input import TextInput

T = TypeVar("T")
Result = TypeVar("Result")


class ListScreen(ModalScreen[Result]):
    """A list of items, one of which is explained.

    A subclass calls `show_items`, says in `explain` what there is to know about an item, in `open` what Enter does, and
    binds Enter to the action `open`. It is modal so that the keys of the screen below do nothing here.
    """

    CSS_PATH = Path(__file__).with_suffix(".tcss")

    heading: str
    columns: ClassVar[Sequence[Column]]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="list.filter"),
        Binding("escape", "back", "Back", id="list.back"),
        Binding("question_mark,f1", "app.help", "Help", id="list.help", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._list = RowList(self.columns, headed=any(column.heading for column in self.columns), id="list")
        self._explanation = Explanation(id="explanation")
        self._filter = _Filter(placeholder="words to look for", id="filter")
        self._all: tuple[Item, ...] = ()
        self._empty = ""
        self._columns = self.columns

    def compose(self) -> ComposeResult:
        with Vertical(id="window") as window:
            window.border_title = self.heading
            yield self._filter
            with Container(id="body"):
                yield self._list
                yield self._explanation
            yield Hints()

    def on_mount(self) -> None:
        self._filter.display = False
        self._list.focus()

    # What a subclass says

    def explain(self, item: Item | None, width: int) -> Sequence[Row]:
        """What there is to know about an item, in rows of `width` cells."""
        raise NotImplementedError

    def open(self, item: Item) -> None:
        """Does what Enter does."""
        raise NotImplementedError

    def show_items(
        self,
        items: Sequence[Item],
        *,
        highlight: str | None = None,
        empty: str = "",
        columns: Sequence[Column] | None = None,
    ) -> None:
        """Show those of these items that the filter leaves; `empty` where there are none."""
        self._all = tuple(items)
        self._empty = empty
        self._columns = columns or self.columns
        self._apply_filter(highlight)

    @property
    def highlighted(self) -> Item | None:
        return self._list.highlighted

    def in_background(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Have `work` done on a daemon thread, and `then` called with what it returns if this screen is still there."""

        def run() -> None:
            result = work()
            with suppress(RuntimeError):  # the dashboard is gone
                self.call_later(finish, result)

        def finish(result: T) -> None:
            if self.is_mounted:
                then(result)

        threading.Thread(target=run, name=f"{self.heading} list", daemon=True).start()

    # Filter

    def action_filter(self) -> None:
        self._filter.display = True
        self._filter.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """What fits best is highlighted."""
        self._apply_filter(first=bool(self._filter.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """What was found stays, and the keys are for it."""
        if not self._filter.value.strip():
            self.action_back()
        self._list.focus()

    def action_move(self, by: int) -> None:
        self._list.action_move(by)

    def action_page(self, direction: int) -> None:
        self._list.action_page(direction)

    def action_back(self) -> None:
        """Takes back the filter, if there is one; else leaves."""
        if self._filter.display:
            self._filter.value = ""
            self._filter.display = False
            self._list.focus()
        else:
            self.dismiss(None)

    def _apply_filter(self, highlight: str | None = None, *, first: bool = False) -> None:
        sought = self._filter.value
        ranked = [(rank, item) for item in self._all if (rank := item.rank(sought)) is not None]
        items = [item for _, item in sorted(ranked, key=lambda each: each[0])] if sought.strip() else self._all
        if first and items:
            highlight = items[0].key
        empty = "nothing holds these words; Esc shows all again" if self._all else self._empty
        self._list.show(items, highlight=highlight, empty=empty, columns=self._columns)
        self._explanation.update()

    # The list

    def on_row_list_highlighted(self, event: RowList.Highlighted) -> None:
        """Explain it from its beginning."""
        item = event.item
        self._explanation.show(lambda width: self.explain(item, width))
        self.refresh_bindings()

    def on_row_list_clicked(self, event: RowList.Clicked) -> None:
        self.open(event.item)

    def action_open(self) -> None:
        if self.highlighted:
            self.open(self.highlighted)


class _Filter(TextInput):
    """Where the words to look for are typed, while the keys that no text takes move in the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "screen.move(-1)", "Up", id="filter.up", show=False),
        Binding("down", "screen.move(1)", "Down", id="filter.down", show=False),
        Binding("pageup", "screen.page(-1)", "Page up", id="filter.page-up", show=False),
        Binding("pagedown", "screen.page(1)", "Page down", id="filter.page-down", show=False),
    ]
