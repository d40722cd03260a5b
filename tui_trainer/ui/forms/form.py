"""A panel with a form: a line or two while it is closed, every field while it is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click, Focus, Key
from textual.message import Message
from textual.strip import Strip

from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.drawing import (
    is_cut,
    label_room,
    label_width,
    row_line,
    side_signs,
    summary_line,
    upper_border,
)
from tui_trainer.ui.forms.entry import PathEntry
from tui_trainer.ui.forms.help import Drawing
from tui_trainer.ui.forms.row import Row
from tui_trainer.ui.forms.state import FormState
from tui_trainer.ui.forms.typed import TypedRows
from tui_trainer.ui.laboratory.draft import Edit
from tui_trainer.ui.terminal.glyphs import EDITED
from tui_trainer.ui.widgets.path_input import PathInput
from tui_trainer.ui.widgets.rows import STRONG, draw_row, exact, fit

_ENOUGH = 6  # rows that are shown before anything is kept of the sums
_KEPT = 2  # lines of the sums that stay


class FormPanel(TypedRows, can_focus=True):
    """Title and key in the upper border, which it shares with the panel above; below it the summary or the form.

    Subclasses say which rows there are, what they add up to, and what stands there while the panel is closed.
    `change` makes an edit and says what is wrong with it. `lines`, set by the column, is the panel's height.
    """

    number: ClassVar[str]
    title: ClassVar[str]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Previous field", id="form.up", show=False),
        Binding("down,j", "move(1)", "Next field", id="form.down", show=False),
        Binding("left,h", "step(-1)", "Lower, previous", id="form.lower", show=False),
        Binding("right,l", "step(1)", "Higher, next", id="form.higher", show=False),
        Binding("enter", "enter", "Edit", id="form.edit", show=False),
        Binding("backspace,delete", "reset", "Back to the default", id="form.reset", show=False),
    ]

    class Selected(Message):
        """Another field is selected, or something else is to be said about it."""

        def __init__(self, panel: FormPanel) -> None:
            super().__init__()
            self.panel = panel

    class Pick(Message):
        """Something is to be picked on a screen of its own."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    def __init__(
        self, state: FormState, change: Callable[[Edit], str], *, first: bool = False, last: bool = False
    ) -> None:
        super().__init__(change, id=self.title.lower(), classes="form")
        self.state = state
        self.is_open = False
        self._first, self._last = first, last
        self._selected = 0
        self._end = ("", "", "")  # path, value, and what was said where an arrow key found no further one

    # What subclasses say

    def form(self, state: FormState) -> list[Row]:
        """The rows of the form."""
        raise NotImplementedError

    def sums(self, state: FormState) -> list[str]:
        """What the settings add up to, a line each, below the form."""
        return []

    def summary(self, state: FormState) -> list[Spans]:
        """One or two lines that stand for the form while it is closed."""
        raise NotImplementedError

    @property
    def drawing(self) -> Drawing | None:
        """A picture of what the row that is selected does, if there is one."""
        return None

    # What it shows

    @property
    def row(self) -> Row:
        """The row that is selected."""
        rows = self.form(self.state)
        return rows[min(self._selected, len(rows) - 1)]

    @property
    def explained(self) -> tuple[tuple[str, str], ...]:
        """What there is to say about it, its value included where the form has no room for it."""
        row, width = self.row, self._inner
        cut = width > 0 and is_cut(row, width, label_width(self.form(self.state), width))  # 0: it has no place yet
        end = (("End", self.end),) if self.end else ()
        return (*end, *row.explained(cut=cut))

    @property
    def end(self) -> str:
        """What there is beyond the last step of the arrow keys, where one of them has come to it."""
        *there, words = self._end
        return words if there == [self.row.path, self.row.text] else ""

    @property
    def at_first(self) -> bool:
        """Whether that is the first one."""
        return self._selected == 0

    def select_first(self) -> None:
        """Select the first row."""
        self._select(0)

    @property
    def problem(self) -> str:
        """What is wrong with the row that is selected; if nothing is, why the experiment cannot be trained."""
        elsewhere = f"cannot be trained: {self.state.impossible}" if self.state.impossible else ""
        return self.error or self.row.problem(self.state.problems) or elsewhere

    def show(self, state: FormState) -> None:
        """Show other values."""
        if state != self.state:
            before, self.state = self.row.path, state
            paths = [row.path for row in self.form(state)]
            if self.row.path != before and before in paths:
                self._selected = paths.index(before)
            self.update()
            self._place_entry()

    def wanted(self, is_open: bool) -> int:
        """The lines that it would fill below its upper border."""
        return len(self.form(self.state)) + len(self.sums(self.state)) if is_open else len(self.summary(self.state))

    def rows(self, width: int, height: int) -> Sequence[Spans]:
        inner = max(0, width - 2)
        room = max(0, height - 1 - self._last)
        lines = self._form_lines(inner, room) if self.is_open else self._summary_lines(inner)[:room]
        role = self._border_role
        beyond = self._beyond(room) if self.is_open else (0, 0)
        shown = self._room_for_rows(len(self.form(self.state)), room) if self.is_open else 0
        signs = [*side_signs(min(shown, len(lines)), beyond), *"│" * room]
        lines = [*lines, *[[]] * (room - len(lines))]
        body = [[("│", role), *exact(line, inner), (sign, role)] for line, sign in zip(lines, signs, strict=False)]
        bottom: list[Spans] = [[("╰" + "─" * inner + "╯", role)]] if self._last else []
        return [self._upper_border(width, beyond), *body, *bottom]

    @property
    def _inner(self) -> int:
        """The cells between its borders."""
        return max(0, self.size.width - 2)

    @property
    def _border_role(self) -> str:
        return STRONG if self.has_focus or self._entry is not None else "axis"

    def _upper_border(self, width: int, beyond: tuple[int, int]) -> Spans:
        mine = self.form(self.state)
        wrong = any(row.problem(self.state.problems) for row in mine)
        edited = f"{EDITED} " if any(row.is_among(self.state.edited) for row in mine) else ""
        title = f" {self.number} {self.title} {edited}"
        return upper_border(title, width, self._border_role, first=self._first, wrong=wrong, beyond=beyond)

    def _summary_lines(self, width: int) -> list[Spans]:
        return [[(" ", ""), *summary_line(line, width - 1)] for line in self.summary(self.state)]

    def _form_lines(self, width: int, room: int) -> list[Spans]:
        """The rows, as many as there is room for around the one that is selected, then the sums."""
        rows = self.form(self.state)
        sums: list[Spans] = [[(fit(f" {text}", width), "label")] for text in self.sums(self.state)]
        left = self._room_for_rows(len(rows), room)
        first = self._first_shown(len(rows), left)
        labels = label_width(rows, width)
        lines = [
            row_line(row, self.state, width, labels, chosen=i == self._selected and self.has_focus)
            for i, row in enumerate(rows)
        ][first : first + left]
        return (lines + sums)[:room]

    def _room_for_rows(self, count: int, room: int) -> int:
        """Sums stay as far as enough rows do."""
        return min(room, max(min(count, _ENOUGH), room - min(_KEPT, len(self.sums(self.state)))))

    def _first_shown(self, count: int, room: int) -> int:
        self._selected = min(self._selected, count - 1)
        return max(0, min(self._selected - room // 2, count - room))

    def _beyond(self, room: int) -> tuple[int, int]:
        """How many rows there are above, and below, those for which there is room."""
        count = len(self.form(self.state))
        shown = self._room_for_rows(count, room)
        first = self._first_shown(count, shown)
        return first, count - first - shown

    @property
    def _rows_shown(self) -> int:
        """How many rows there is room for."""
        return self._room_for_rows(len(self.form(self.state)), max(0, self.size.height - 1 - self._last))

    def render_line(self, y: int) -> Strip:
        if self.has_focus and self.is_open and y == self._line_of_selected():
            width = self.size.width
            row = self._rows[y] if y < len(self._rows) else []
            colour = self.app.current_theme
            over = Style(reverse=True) if self.app.no_color else Style(bgcolor=colour.panel)
            strip = draw_row(self, row, width, over)
            plain = draw_row(self, row, width)
            return Strip([*plain.crop(0, 1), *strip.crop(1, width - 1), *plain.crop(width - 1, width)], width)
        return super().render_line(y)

    def _line_of_selected(self) -> int:
        return 1 + self._selected - self._first_shown(len(self.form(self.state)), self._rows_shown)

    def unfold(self, is_open: bool) -> None:
        """Show the form, or the summary."""
        if is_open != self.is_open:
            self.is_open = is_open
            self.redraw()

    def redraw(self) -> None:
        """Draw the selection as well, which is more than text."""
        self.update()
        self.refresh()

    # Keys

    def action_move(self, rows: int) -> None:
        count = len(self.form(self.state))
        self._select(max(0, min(self._selected + rows, count - 1)))

    def action_step(self, direction: int) -> None:
        edit = self.row.step(direction)
        if edit is not None:
            self._make(edit)
        elif words := self.row.at_end(direction):
            self._end = self.row.path, self.row.text, words
            self._tell()

    def action_enter(self) -> None:
        row = self.row
        if row.on_enter == "pick":
            self.post_message(self.Pick(row))
        elif row.on_enter == "type":
            self._type(row.entry(), selected=True)
        else:
            self.action_step(1)

    def action_reset(self) -> None:
        self._make(self.row.reset())

    def on_key(self, event: Key) -> None:
        character = event.character
        if character and self._entry is None and self.row.starts_typing(character):
            event.stop()
            event.prevent_default()
            self._type(character, selected=False)

    def on_focus(self, event: Focus) -> None:
        self.error = ""
        self.redraw()
        self.post_message(self.Selected(self))

    def on_blur(self) -> None:
        self.redraw()

    def on_resize(self) -> None:
        if self.is_open:
            self.post_message(self.Selected(self))  # more or less of its value is to be seen

    def on_click(self, event: Click) -> None:
        if event.widget is self and self.is_open:
            line = event.y - 1
            room, count = self._rows_shown, len(self.form(self.state))
            if 0 <= line < min(room, count):
                self._select(line + self._first_shown(count, room))
                if event.chain == 2:
                    self.action_enter()

    def _select(self, index: int) -> None:
        self._selected = index
        self.error = ""
        self._end = "", "", ""
        self._tell()

    # Typing

    @property
    def typing_path(self) -> PathEntry | None:
        """The line into which a path is being typed."""
        return self._entry if isinstance(self._entry, PathEntry) else None

    def _typed_row(self) -> Row:
        return self.row

    def _place_entry(self) -> None:
        if self._entry is not None:
            label = 1  # a path takes all the room there is
            if not isinstance(self._entry, PathEntry):
                rows = self.form(self.state)
                label += label_room(self.row, self._inner, label_width(rows, self._inner))
            self._entry.styles.offset = (label + 1, self._line_of_selected())
            self._entry.styles.width = max(4, self.size.width - label - 2)

    def on_path_input_listed(self, event: PathInput.Listed) -> None:
        event.stop()
        self.post_message(self.Selected(self))

    def _tell(self) -> None:
        self.redraw()
        self.post_message(self.Selected(self))
