"""A table with a cursor in one of its cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.events import Click, Focus, Key
from textual.message import Message

from tui_trainer.choices.base import Row as TableRow
from tui_trainer.choices.forms import FormField
from tui_trainer.plots.spec import Row as Spans
from tui_trainer.ui.forms.drawing import arrows
from tui_trainer.ui.forms.row import FieldRow, inside, words
from tui_trainer.ui.forms.tables import another, cell, table_edit
from tui_trainer.ui.forms.typed import TypedRows
from tui_trainer.ui.laboratory.draft import Edit
from tui_trainer.ui.terminal.glyphs import NEXT, WARNING
from tui_trainer.ui.widgets.rows import STRONG, fit

_GAP = 2
_NUMBER = 10  # width of what a row is called, and the sign before it


class Grid(TypedRows, can_focus=True):
    """Every row of a table with every column.

    `beside`, which `show` is given, says in a few characters what each row amounts to.
    """

    DEFAULT_CSS = "Grid { height: 1fr; min-height: 3; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1, 0)", "Row above", id="cells.up", show=False),
        Binding("down,j", "move(1, 0)", "Row below", id="cells.down", show=False),
        Binding("left,h,shift+tab", "move(0, -1)", "Column before", id="cells.left", show=False),
        Binding("right,l,tab", "move(0, 1)", "Next column", id="cells.right", show=False),
        Binding("enter", "enter", "Edit", id="cells.edit"),
        Binding("minus", "step(-1)", "Lower", id="cells.lower"),
        Binding("plus,equals_sign", "step(1)", "Higher", id="cells.higher"),
        Binding("a", "add", "Add below", id="cells.add"),
        Binding("d", "take_out", "Delete", id="cells.delete"),
        Binding("K,shift+up", "carry(-1)", "Move up", id="cells.move-up"),
        Binding("J,shift+down", "carry(1)", "Move down", id="cells.move-down"),
        Binding("backspace,delete", "reset", "Back to the default", id="cells.reset", show=False),
    ]

    class Selected(Message):
        """Another cell is selected, or something else is to be said about it."""

    def __init__(self, path: str, field: FormField, change: Callable[[Edit], str], at: int = 0) -> None:
        super().__init__(change, id="grid")
        self._path = path
        self._field = field
        self._members: tuple[TableRow, ...] = ()
        self._problems: dict[str, str] = {}
        self._beside: Sequence[str] = ()
        self._row, self._column = at, 0

    def show(self, members: Sequence[TableRow], problems: dict[str, str], beside: Sequence[str]) -> None:
        """Show other values."""
        self._members, self._problems, self._beside = tuple(members), problems, beside
        self._row = max(0, min(self._row, len(self._members) - 1))
        self.update()
        self._place_entry()

    @property
    def cell(self) -> FieldRow | None:
        """The cell with the cursor; None in a table without rows."""
        return self._cell(self._row, self._column) if self._members else None

    @property
    def problem(self) -> str:
        """What is wrong with the cell or its row."""
        if self.error or self.cell is None:
            return self.error
        return self.cell.problem(self._problems) or inside(self._problems, f"{self._path}.{self._row}")

    def _cell(self, row: int, column: int) -> FieldRow:
        return cell(self._path, self._members, row, self._field.columns[column])

    # Drawing

    def rows(self, width: int, height: int) -> Sequence[Spans]:
        if not self._members:
            return [[(f"no {self._field.row} yet: a adds one", "label")]]
        widths = self._widths()
        head: Spans = [(" " * _NUMBER, "")]
        for column, wide in zip(self._field.columns, widths, strict=True):
            head += [(" " * _GAP, ""), (fit(words(column.name), wide), "label")]
        if any(self._beside):
            head += [(" " * _GAP, ""), ("gives", "label")]
        first = self._first(height - 1)
        return [head, *(self._line(i, widths) for i in range(first, min(len(self._members), first + height - 1)))]

    def _line(self, index: int, widths: Sequence[int]) -> Spans:
        wrong = inside(self._problems, f"{self._path}.{index}")
        here = index == self._row
        row: Spans = [
            (WARNING if wrong else NEXT if here else " ", "warning" if wrong else ""),
            (fit(f" {self._field.row} {index + 1}", _NUMBER - 1), STRONG if here else "label"),
        ]
        for column, wide in enumerate(widths):
            row += [(" " * _GAP, ""), *self._drawn(index, column, wide)]
        beside = self._beside[index] if index < len(self._beside) else ""
        return [*row, (" " * _GAP, ""), (beside, "label")]

    def _drawn(self, index: int, column: int, wide: int) -> Spans:
        shown = self._cell(index, column)
        chosen = (index, column) == (self._row, self._column) and self.has_focus
        told = shown.touched and not shown.unused
        role = "warning" if shown.problem(self._problems) else STRONG if chosen else "" if told else "label"
        if not chosen and shown.unused:
            return [(fit(f"({shown.text})", wide), role)]
        if not chosen:
            return [(" ", ""), (fit(shown.text, wide - 1), role)]
        text = fit(shown.text, min(cell_len(shown.text), wide - 2))
        left, right = arrows(shown)
        return [(left, "label"), (text, role), (right, "label"), (" " * (wide - 2 - cell_len(text)), "")]

    def _widths(self) -> list[int]:
        """Of each column, with room for the signs around its value."""
        values = [[self._cell(i, column).text for i in range(len(self._members))] for column in self._columns]
        names = [words(column.name) for column in self._field.columns]
        offered = [column.options for column in self._field.columns]
        return [
            max(cell_len(name), 2 + max(map(cell_len, [*texts, *options]), default=0))
            for name, texts, options in zip(names, values, offered, strict=True)
        ]

    @property
    def _columns(self) -> range:
        return range(len(self._field.columns))

    def _first(self, room: int) -> int:
        return max(0, min(self._row - room // 2, len(self._members) - room))

    # Keys

    def action_move(self, rows: int, columns: int) -> None:
        self._select(self._row + rows, self._column + columns)

    def action_step(self, direction: int) -> None:
        edit = self.cell.step(direction) if self.cell else None
        if edit is not None:
            self._make(edit)

    def action_enter(self) -> None:
        if self.cell is None:
            self.action_add()
        elif self.cell.on_enter == "type":
            self._type(self.cell.entry(), selected=True)
        else:
            self.action_step(1)

    def action_reset(self) -> None:
        if self.cell is not None:
            self._make(Edit(self.cell.path, self.cell.field.default))

    def action_add(self) -> None:
        """One more row, like the one with the cursor, below it."""
        below = self._row + 1 if self._members else 0
        new = self._members[self._row] if self._members else another(self._field, ())
        if self._put([*self._members[:below], new, *self._members[below:]]):
            self._select(below, self._column)

    def action_take_out(self) -> None:
        if self._members:
            self._put([*self._members[: self._row], *self._members[self._row + 1 :]])

    def action_carry(self, direction: int) -> None:
        """Have the row and the one beside it change places."""
        to = self._row + direction
        if 0 <= to < len(self._members):
            moved = list(self._members)
            moved[to], moved[self._row] = moved[self._row], moved[to]
            if self._put(moved):
                self._select(to, self._column)

    def on_key(self, event: Key) -> None:
        character, cell = event.character, self.cell
        if character and character in "0123456789." and self._entry is None and cell and cell.on_enter == "type":
            event.stop()
            event.prevent_default()
            self._type(character, selected=False)

    def on_focus(self, event: Focus) -> None:
        self.update()

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or offset.y < 1 or not self._members:
            return
        left = _NUMBER
        for column, wide in enumerate(self._widths()):
            if left <= offset.x < left + _GAP + wide:
                self._select(self._first(self.size.height - 1) + offset.y - 1, column)
            left += _GAP + wide

    def _select(self, row: int, column: int) -> None:
        self._row = max(0, min(row, len(self._members) - 1))
        self._column = max(0, min(column, len(self._field.columns) - 1))
        self.error = ""
        self._tell()

    def _put(self, members: Sequence[object]) -> bool:
        if not self._field.fewest <= len(members) <= (self._field.most or len(members)):
            self.error = f"{self._field.bounds()} are needed"
            self._tell()
            return False
        return self._make(table_edit(self._path, self._field, members))

    def _tell(self) -> None:
        self.update()
        self.post_message(self.Selected())

    # Typing

    def _typed_row(self) -> FieldRow | None:
        return self.cell

    def _place_entry(self) -> None:
        if self._entry is not None:
            widths = self._widths()
            left = _NUMBER + sum(wide + _GAP for wide in widths[: self._column]) + _GAP
            self._entry.styles.offset = (left, 1 + self._row - self._first(self.size.height - 1))
            self._entry.styles.width = max(6, widths[self._column])
