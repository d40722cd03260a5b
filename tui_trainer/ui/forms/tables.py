"""Rows of fields that hold a table: the blocks of a network. No widgets here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tui_trainer.choices.base import Row as TableRow
from tui_trainer.choices.forms import FormField
from tui_trainer.choices.given import UNKNOWN
from tui_trainer.experiment.diff import shown
from tui_trainer.experiment.text import clean
from tui_trainer.ui.forms.row import FieldRow, OnEnter, Row, field_help, inside
from tui_trainer.ui.laboratory.draft import Edit
from tui_trainer.ui.laboratory.values import read_numbers


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CountRow(Row):
    """How many rows a table has. Enter opens the table."""

    field: FormField
    members: tuple[TableRow, ...]

    @property
    def text(self) -> str:
        return str(len(self.members))

    @property
    def help(self) -> tuple[tuple[str, str], ...]:
        return (("", f"How many. Enter opens the table. {self.field.help}"), *field_help(self.field)[1:])

    @property
    def on_enter(self) -> OnEnter:
        return "pick"

    def step(self, direction: int) -> Edit | None:
        count = len(self.members) + direction
        most = count if self.field.most is None else self.field.most
        return self._resized(count) if self.field.fewest <= count <= most else None

    def typed(self, text: str) -> Edit:
        numbers = read_numbers(text)
        if isinstance(numbers, list) and len(numbers) == 1 and numbers[0] <= (self.field.most or 1000):
            return self._resized(numbers[0])
        return Edit(self.path, numbers)

    def starts_typing(self, character: str) -> bool:
        return character in "0789"

    def _resized(self, count: int) -> Edit:
        kept = self.members[:count]
        return table_edit(self.path, self.field, [*kept, *([another(self.field, self.members)] * (count - len(kept)))])


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class MemberRow(Row):
    """One row of a table: its first column, and what is not as it comes. Enter opens the table there."""

    field: FormField
    members: tuple[TableRow, ...]
    index: int

    @property
    def text(self) -> str:
        return clean(shown((self.members[self.index],)))

    @property
    def help(self) -> tuple[tuple[str, str], ...]:
        columns = ", ".join(f"{name} {shown(value)}" for name, value in self.members[self.index])
        return (("", f"{columns}. Enter opens the table: every column, rows to add, take out and move."),)

    @property
    def _in_full(self) -> str:
        return ""  # the help begins with all of it

    @property
    def on_enter(self) -> OnEnter:
        return "pick"

    @property
    def first(self) -> FieldRow:
        """The cell of its first column, which the arrow keys change."""
        return cell(self.path.rpartition(".")[0], self.members, self.index, self.field.columns[0])

    def is_among(self, paths: Collection[str]) -> bool:
        return self.path.rpartition(".")[0] in paths

    def problem(self, problems: Mapping[str, str]) -> str:
        return inside(problems, self.path)

    def step(self, direction: int) -> Edit | None:
        return self.first.step(direction)

    def typed(self, text: str) -> Edit:
        return self.first.typed(text)

    def starts_typing(self, character: str) -> bool:
        return self.first.starts_typing(character)

    def reset(self) -> Edit:
        """Takes it out."""
        table = self.path.rpartition(".")[0]
        return table_edit(table, self.field, [*self.members[: self.index], *self.members[self.index + 1 :]])


def cell(path: str, members: Sequence[TableRow], index: int, column: FormField) -> FieldRow:
    """One cell of the table at `path`, as a field."""
    member = members[index]
    value, unused = getattr(member, column.name), member.unused(UNKNOWN).get(column.name, "")
    return FieldRow(
        path=f"{path}.{index}.{column.name}",
        label=column.name,
        touched=value != column.default,
        unused=unused,
        field=column,
        value=value,
    )


def another(field: FormField, members: Sequence[TableRow]) -> Any:
    """The row that a table gets when it gets one more: like its last one, else as rows come."""
    return members[-1] if members else {}


def table_edit(path: str, field: FormField, members: Sequence[Any]) -> Edit:
    """The change that puts these rows in the place of a table's."""
    return Edit(path, field.short_rows(members))
