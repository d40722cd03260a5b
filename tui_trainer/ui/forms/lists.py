"""Rows of fields that hold several values: the units of each layer, classes, columns. No widgets here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui_trainer.choices.data import DataSet
from tui_trainer.choices.forms import FormField
from tui_trainer.experiment.text import clean
from tui_trainer.ui.forms.row import OnEnter, Row, end_of_ladder, field_help, inside
from tui_trainer.ui.laboratory.draft import Edit
from tui_trainer.ui.laboratory.values import read_numbers, read_texts, written_texts
from tui_trainer.ui.terminal.glyphs import NONE


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class LengthRow(Row):
    """How many numbers a list of them holds: the layers of a network."""

    field: FormField
    values: tuple[int, ...]

    @property
    def text(self) -> str:
        return str(len(self.values))

    @property
    def help(self) -> tuple[tuple[str, str], ...]:
        return (("", f"How many. Another one is as large as the last. {self.field.help}"),)

    @property
    def on_enter(self) -> OnEnter:
        return "type"

    def step(self, direction: int) -> Edit | None:
        length = len(self.values) + direction
        return self._resized(length) if length >= self.field.fewest and length <= _most(self.field) else None

    def typed(self, text: str) -> Edit:
        numbers = read_numbers(text)
        if isinstance(numbers, list) and len(numbers) == 1 and numbers[0] <= _most(self.field):
            return self._resized(numbers[0])
        return Edit(self.path, numbers)

    def starts_typing(self, character: str) -> bool:
        return character in "0789"

    def _resized(self, length: int) -> Edit:
        kept = self.values[:length]
        another = [*self.field.ladder[:1], *self.field.default, *self.values][-1]
        return Edit(self.path, [*kept, *([int(another)] * (length - len(kept)))])


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class NumbersRow(Row):
    """The numbers of a list, all of them at once: the units of each layer."""

    field: FormField
    values: tuple[int, ...]

    @property
    def text(self) -> str:
        return str(self.values[0]) if len(set(self.values)) == 1 else ",".join(map(str, self.values)) or NONE

    @property
    def help(self) -> tuple[tuple[str, str], ...]:
        return (*field_help(self.field), ("Type", "100 for all layers alike, or one number a layer: 256,128"))

    @property
    def on_enter(self) -> OnEnter:
        return "type"

    def problem(self, problems: Mapping[str, str]) -> str:
        return inside(problems, self.path)

    def entry(self) -> str:
        return self.text if self.values else ""

    def step(self, direction: int) -> Edit | None:
        moved = tuple(int(self.field.neighbour(value, direction)) for value in self.values)
        return None if moved == self.values else Edit(self.path, list(moved))

    def at_end(self, direction: int) -> str:
        ladder = sorted(self.values, reverse=direction < 0)
        member = self.field.member()
        return end_of_ladder(member, ladder[0], str(ladder[0]), direction) if ladder and member else ""

    def typed(self, text: str) -> Edit:
        numbers = read_numbers(text)
        if isinstance(numbers, list) and len(numbers) == 1:
            numbers = numbers * max(1, len(self.values))
        return Edit(self.path, numbers)

    def starts_typing(self, character: str) -> bool:
        return character in "0789"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ListRow(Row):
    """Numbers or texts with commas between them: classes by number, columns by name.

    `table` is the data whose columns they name.
    """

    field: FormField
    values: tuple[Any, ...]
    table: DataSet | None = None

    @property
    def text(self) -> str:
        return clean(self.entry()) or NONE

    @property
    def help(self) -> tuple[tuple[str, str], ...]:
        several = ("Type", "several with commas between them; nothing takes them out")
        return (*field_help(self.field), several)

    @property
    def on_enter(self) -> OnEnter:
        return "type" if self.table is None else "pick"

    def problem(self, problems: Mapping[str, str]) -> str:
        return inside(problems, self.path)

    def entry(self) -> str:
        return ", ".join(map(str, self.values)) if self.field.type == "integers" else written_texts(self.values)

    def typed(self, text: str) -> Edit:
        if not text.strip():
            return Edit(self.path, [])
        return Edit(self.path, read_numbers(text) if self.field.type == "integers" else read_texts(text))

    def starts_typing(self, character: str) -> bool:
        return self.field.type == "integers" and character in "0789"


def _most(field: FormField) -> int:
    return 1000 if field.most is None else field.most
