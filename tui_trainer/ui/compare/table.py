"""The table of a comparison: two sides figure by figure, or a row for each of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.message import Message

from tui_trainer.experiment.text import clean
from tui_trainer.insight.arms import letter
from tui_trainer.plots.palette import run_role
from tui_trainer.plots.spec import Span
from tui_trainer.runs.summary import epochs
from tui_trainer.ui.compare.sides import progress
from tui_trainer.ui.compare.text import by_arm, by_figure, short_name, shortened
from tui_trainer.ui.compare.text_table import Text, TextTable
from tui_trainer.ui.figures import figure
from tui_trainer.ui.laboratory.compared import Compared, Side
from tui_trainer.ui.terminal.glyphs import DOWN, EDITED, UP
from tui_trainer.ui.terminal.keys import key_name
from tui_trainer.ui.widgets.row_list import Column, Item, RowList
from tui_trainer.ui.widgets.rows import STRONG
from tui_trainer.ui.widgets.title import entitle

if TYPE_CHECKING:
    from tui_trainer.insight.table import Table

_NAMES = (8, 24)  # cells of a name, at least and at most
_PINNED = "="
_CURSOR = 2  # cells before a row


class CompareTable(RowList):
    """What differs between the sides, and what came of it."""

    DEFAULT_CSS = """
    CompareTable {
        border: round $foreground 25%;
        border-title-color: $foreground;
        padding: 0 1;
    }
    CompareTable:focus { border: round $primary; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Have the keys act on this side", id="table.select", show=False),
        Binding("less_than_sign,comma", "sort(-1)", "Sort by the column before", id="table.sort-left", show=False),
        Binding("greater_than_sign,full_stop", "sort(1)", "Sort by the next column", id="table.sort-right", show=False),
        Binding("r", "reverse", "Reverse the order", id="table.reverse", show=False),
    ]

    class Chosen(Message):
        """A side was chosen, by its index."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self) -> None:
        super().__init__([Column("")], id="compare-table")
        self.border_title = "Table"
        self._state = Compared()
        self._table: Table | None = None
        self._text = TextTable()
        self._sort = ""  # the figure by which the sides are sorted; empty: in their own order
        self._descending = True
        self._widest: list[int] = []
        self._cursor: float | None = None
        self._readings: Sequence[Mapping[str, float | None]] = ()

    def tell(self, state: Compared, table: Table | None) -> None:
        """Show the table of a comparison."""
        changed = table is not self._table or (len(state.sides) > 2) != (len(self._state.sides) > 2)
        self._state, self._table = state, table
        if changed:
            self._write()
        self._list()

    def _entitle(self) -> None:
        """What the figures are, and how many columns there is no room for."""
        at = self._table.epoch if self._table is not None else None
        title = "Table" if at is None else f"Table  figures at epoch {epochs(at)}"
        hidden = self._widths().count(0)
        if hidden and len(self._state.sides) > 2:
            key = key_name(self.app._keymap.get("table.sort-right", ">").split(",")[0].strip())
            title += f"  +{hidden} columns with {key}"
        entitle(self, title)

    def _write(self) -> None:
        """The texts, for the room that there is."""
        if self._table is None:
            self._text = TextTable()
        elif len(self._state.sides) > 2:
            self._text = by_arm(self._table)
        else:
            self._text = by_figure(self._table, self.scrollable_content_region.width - _CURSOR)

    def on_resize(self) -> None:
        super().on_resize()
        self._widest = []
        self._write()
        self._list()

    def read(self, cursor: float | None, readings: Sequence[Mapping[str, float | None]]) -> None:
        """Show what the plots' cursor reads: for each side its figures by name. Two sides have room for that above."""
        if (cursor, readings) != (self._cursor, self._readings):
            self._cursor, self._readings = cursor, readings
            self._list()

    def _list(self) -> None:
        if len(self._state.sides) > 2:
            self.show(list(map(self._side_row, self._order())), columns=self._side_columns())
        else:
            self._show_figures()
        self._entitle()

    def _calm_widths(self) -> list[int]:
        """The widths of the columns, which grow but never shrink, so that nothing jumps with every figure."""
        widths, before = self._text.widths(), self._widest
        if len(before) == len(widths):
            widths = [max(pair) for pair in zip(before, widths, strict=True)]
        self._widest = widths
        return widths

    # Two sides: a row a figure

    def _show_figures(self) -> None:
        text = self._text
        columns = [
            Column(column.heading, width, column.right)
            for column, width in zip(text.columns, text.widths(), strict=True)
        ]
        items = [Item(str(at), tuple(map(_span, cells))) for at, cells in enumerate(text.rows)]
        empty = "The figures come with the first evaluation of each side."
        self.show(items, columns=columns or [Column("")], empty=empty)

    # More: a row a side

    def _side_columns(self) -> list[Column]:
        sides = self._state.sides
        name = max((cell_len(clean(side.arm.name)) for side in sides), default=0)
        progresses = [_progress(side) for side in sides]
        columns = [
            Column("", 3),
            Column("side", max(_NAMES[0], min(_NAMES[1], name))),
            Column("epoch", max((cell_len(text) for text, _ in progresses), default=5)),
        ]
        if self._reads:
            headings = [f"{shortened(name)} at {epochs(self._cursor or 0)}" for name in self._readings[0]]
            columns += [Column(heading, max(6, cell_len(heading)), True) for heading in headings]
        for rank, (column, width) in enumerate(zip(self._text.columns, self._calm_widths(), strict=True), start=1):
            sorted_by = bool(self._sort) and column.key == self._sort
            sign = (DOWN if self._descending else UP) + " " if sorted_by else ""
            columns.append(Column(sign + column.heading, width + len(sign), True, rank=0 if sorted_by else rank))
        return columns

    @property
    def _reads(self) -> bool:
        return self._cursor is not None and len(self._readings) == len(self._state.sides)

    def _order(self) -> list[int]:
        """The sides from the top, those without the figure last."""
        table, count = self._table, len(self._state.sides)
        if table is None or len(table.arms) != count:
            return list(range(count))
        known = any(row.key == self._sort for row in table.rows)
        return [arm.index for arm in table.sort(self._sort if known else "", self._descending).arms]

    def _side_row(self, index: int) -> Item:
        state, side = self._state, self._state.sides[index]
        here = state.selected == index
        sign = EDITED if here else _PINNED if state.pinned == index else ""
        rows = self._text.rows
        figures = rows[index] if len(rows) == len(state.sides) else [Text()] * len(self._text.columns)
        cells = [
            (f"{letter(index)} {sign}", run_role(index)),
            (short_name(side.arm.name, _NAMES[1]), STRONG if here else ""),
            _progress(side),
        ]
        read = [(figure(value), STRONG) for value in self._readings[index].values()] if self._reads else []
        return Item(str(index), (*cells, *read, *map(_span, figures)), side.arm.name)

    # Keys

    def on_row_list_clicked(self, event: RowList.Clicked) -> None:
        event.stop()
        self.action_choose()

    def action_choose(self) -> None:
        if self.highlighted is not None and len(self._state.sides) > 2:
            self.post_message(self.Chosen(int(self.highlighted.key)))

    def action_sort(self, direction: int) -> None:
        """By the column beside; before the first and behind the last one, in the order of the sides."""
        keys = ["", *(column.key for column in self._text.columns)]
        at = keys.index(self._sort) if self._sort in keys else 0
        self._sort = keys[(at + direction) % len(keys)]
        self._list()

    def action_reverse(self) -> None:
        """The largest first, or the smallest."""
        self._descending = not self._descending
        self._list()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Two sides have nothing to sort."""
        return len(self._state.sides) > 2 if action in ("sort", "reverse", "choose") else True


def _span(cell: Text) -> Span:
    return cell.text, cell.role


def _progress(side: Side) -> Span:
    """How far a side is, in few cells: the sign of its state, its seeds if there are several, its epoch."""
    made = progress(side)
    sign, _, word = made.state[0].partition(" ")
    seeds = f"{made.done}/{made.wanted}  " if made.wanted > 1 else ""
    planned = str(made.planned)
    told = f"{made.epoch:{len(planned)}d}/{planned}" if made.run is not None else word.strip().removeprefix("next ")
    return f"{sign} {seeds}{told}", made.state[1]
