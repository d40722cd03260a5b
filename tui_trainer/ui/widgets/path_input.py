"""A line to type a path into, which Tab completes, and the list of what may follow."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar, Literal

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.message import Message

from tui_trainer.plots.spec import Row
from tui_trainer.ui.laboratory.background import Newest
from tui_trainer.ui.laboratory.paths import Match, Sought, completed, matches
from tui_trainer.ui.terminal.glyphs import MORE
from tui_trainer.ui.widgets.rows import STRONG, Rows, fit
from tui_trainer.ui.widgets.text_input import TextInput

_GAP = 2
_WIDEST = 32  # cells of a name in the list


class PathInput(TextInput):
    """Tab, and right at the end of the line, complete; up and down choose among what may follow, right takes it.

    Folders are listed on a thread; `Listed` says what was found.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "Complete", id="path.complete"),
        Binding("right", "right_or_complete", "Right, complete", id="path.right", show=False),
        Binding("down", "choose(1)", "Next match", id="path.next", show=False),
        Binding("up", "choose(-1)", "Previous match", id="path.previous", show=False),
    ]

    class Listed(Message):
        """What may follow is known, or another match is chosen."""

        def __init__(self, input: PathInput) -> None:
            super().__init__()
            self.input = input

    def __init__(
        self,
        value: str = "",
        *,
        kind: Literal["file", "folder"] = "file",
        suffixes: Sequence[str] = (),
        **arguments: Any,
    ) -> None:
        super().__init__(value, **arguments)
        self.matches: tuple[Match, ...] = ()
        self.at: int | None = None  # the match that is chosen
        self._listed_for: str | None = None  # what was typed when they were found
        self._completing = False  # once it is known what may follow
        self._kind: Literal["file", "folder"] = kind
        self._suffixes = tuple(suffix.lower() for suffix in suffixes)
        self._listing: Newest[Sought] = Newest("paths", self._list, lambda words: None)

    def on_mount(self) -> None:
        self._ask()

    def on_unmount(self) -> None:
        self._listing.stop()

    def _on_input_changed(self) -> None:
        self._ask()

    def _ask(self) -> None:
        self.at = None
        self._completing = False
        self._listing.give(Sought(self.value, self._kind, self._suffixes))

    def _list(self, sought: Sought) -> None:
        found = matches(sought)
        with suppress(RuntimeError):  # the dashboard is gone
            self.app.call_later(partial(self._take, sought, found))

    def _take(self, sought: Sought, found: tuple[Match, ...]) -> None:
        if self.is_mounted and sought.typed == self.value:
            self.matches, self._listed_for = found, sought.typed
            self.post_message(self.Listed(self))
            if self._completing:
                self.action_complete()

    def action_complete(self) -> None:
        """To where all matches agree; where that is no further, choose the next of them."""
        self._completing = self._listed_for != self.value  # what was found for less than that must not replace it
        if self._completing:
            return
        longer = completed(self.value, self.matches) if self.at is None else self.value
        if longer != self.value:
            self._type(longer)
        elif self.matches and self.matches[0].path != self.value:
            self.action_choose(1)

    def action_right_or_complete(self) -> None:
        if self.at is not None:
            self._type(self.matches[self.at].path)
        elif self.cursor_position >= len(self.value):
            self.action_complete()
        else:
            self.action_cursor_right()

    def action_choose(self, direction: int) -> None:
        """Choose another match."""
        if self.matches:
            first = 0 if direction > 0 else len(self.matches) - 1
            self.at = first if self.at is None else (self.at + direction) % len(self.matches)
            self.post_message(self.Listed(self))

    async def action_submit(self) -> None:
        """A match that is chosen is taken first; a folder on the way to a file is opened."""
        if self.at is None:
            await super().action_submit()
            return
        chosen = self.matches[self.at]
        self._type(chosen.path)
        if not chosen.is_folder or self._kind == "folder":
            await super().action_submit()

    def _type(self, path: str) -> None:
        self.value = path
        self.cursor_position = len(path)


class PathMatches(Rows):
    """What may follow a path that is being typed, as many columns of names as fit."""

    DEFAULT_CSS = "PathMatches { height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._input: PathInput | None = None

    def show(self, input: PathInput | None) -> None:
        """Show what may follow what stands in a line."""
        self._input = input
        self.update()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        return listed(self._input, width, height) if self._input is not None else []


def listed(input: PathInput, width: int, height: int) -> list[Row]:
    """What may follow what stands in a line, in columns; around the one that is chosen where there are many."""
    names = [match.name for match in input.matches]
    if not names:
        return [[(f"no file or folder begins with {input.value.rpartition('/')[2]}" if input.value else "", "label")]]
    cell = min(width, _WIDEST, max(map(cell_len, names))) + _GAP
    columns = max(1, (width + _GAP) // cell)
    room = max(1, height)
    page = columns * room
    if len(names) > page:
        page = columns * max(1, room - 1)
    first = (input.at or 0) // page * page
    shown = names[first : first + page]
    lines = -(-len(shown) // columns)
    rows: list[Row] = []
    for line in range(lines):
        row: Row = []
        for i in range(line, len(shown), lines):
            chosen = first + i == input.at
            row += [(fit(shown[i], cell - _GAP), STRONG if chosen else "" if shown[i][-1] != "/" else "label")]
            row += [(" " * _GAP, "")]
        rows.append(row)
    left = len(names) - len(shown)
    return [*rows, [(f"{MORE} {left:,} more", "label")]] if left and room > 1 else rows
