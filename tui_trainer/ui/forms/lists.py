"""Rows of fields that hold several values: the units of each layer. No widgets here."""

from __future__ import annotations

from dataclasses import dataclass

from tui_trainer.choices.forms import FormField
from tui_trainer.ui.forms.row import OnEnter, Row, field_help
from tui_trainer.ui.laboratory.draft import Edit
from tui_trainer.ui.laboratory.values import read_numbers


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
        return self._resized(len(self.values) + direction) if len(self.values) + direction > 0 else None

    def typed(self, text: str) -> Edit:
        numbers = read_numbers(text)
        if isinstance(numbers, list) and len(numbers) == 1 and 0 < numbers[0] <= 1000:
            return self._resized(numbers[0])
        return Edit(self.path, numbers)

    def starts_typing(self, character: str) -> bool:
        return character in "0789"

    def _resized(self, length: int) -> Edit:
        kept = self.values[:length]
        return Edit(self.path, [*kept, *([self.values[-1]] * (length - len(kept)))])


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class NumbersRow(Row):
    """The numbers of a list, all of them at once: the units of each layer."""

    field: FormField
    values: tuple[int, ...]

    @property
    def text(self) -> str:
        return str(self.values[0]) if len(set(self.values)) == 1 else ",".join(map(str, self.values))

    @property
    def help(self) -> tuple[tuple[str, str], ...]:
        return (*field_help(self.field), ("Type", "100 for all layers alike, or one number a layer: 256,128"))

    @property
    def on_enter(self) -> OnEnter:
        return "type"

    def step(self, direction: int) -> Edit | None:
        moved = tuple(int(self.field.neighbour(value, direction)) for value in self.values)
        return None if moved == self.values else Edit(self.path, list(moved))

    def typed(self, text: str) -> Edit:
        numbers = read_numbers(text)
        if isinstance(numbers, list) and len(numbers) == 1:
            numbers = numbers * len(self.values)
        return Edit(self.path, numbers)

    def starts_typing(self, character: str) -> bool:
        return character in "0789"
