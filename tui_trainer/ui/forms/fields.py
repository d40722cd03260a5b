"""The rows of a form: what each shows, and what the keys make of it. No widgets here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tui_trainer.choices.base import Choice, Settings
from tui_trainer.choices.forms import FormField
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.diff import shown
from tui_trainer.experiment.fields import PICKS
from tui_trainer.experiment.text import clean
from tui_trainer.ui.laboratory.draft import DEFAULT, Edit, is_set, live_fields
from tui_trainer.ui.laboratory.values import next_value, read_numbers, read_typed

OnEnter = Literal["type", "next", "pick"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Row:
    """One line of a form. `touched` says that its value was set, not left to the default."""

    path: str
    label: str
    touched: bool
    indented: bool = False

    unit = ""
    live = False  # whether it can change while training

    @property
    def text(self) -> str:
        """The value, as it is shown."""
        raise NotImplementedError

    @property
    def help(self) -> tuple[tuple[str, str], ...]:
        """What the field does, and more, each under its heading."""
        return ()

    @property
    def on_enter(self) -> OnEnter:
        """What Enter does: type a value, take the next one, or pick from a list."""
        return "next"

    def is_among(self, paths: Collection[str]) -> bool:
        """Whether what it shows is at one of `paths`."""
        return self.path in paths

    def step(self, direction: int) -> Edit | None:
        """The change that an arrow key makes; None at the end of the ladder."""
        return None

    def entry(self) -> str:
        """What typing starts from."""
        return self.text

    def typed(self, text: str) -> Edit:
        """The change that a typed text asks for; whether it is right is found when it is made."""
        return Edit(self.path, text.strip())

    def starts_typing(self, character: str) -> bool:
        """Whether this character, pressed on the row, begins a value."""
        return False

    def reset(self) -> Edit:
        return Edit(self.path, DEFAULT)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class PickRow(Row):
    """One choice of a family."""

    family: type[Choice]
    kind: str

    @property
    def text(self) -> str:
        return self.kind

    @property
    def help(self) -> tuple[tuple[str, str], ...]:
        return (("", self.family.kinds()[self.kind].summary()),)

    @property
    def on_enter(self) -> OnEnter:
        return "pick"

    def step(self, direction: int) -> Edit:
        kinds = list(self.family.kinds())
        return Edit(self.path, kinds[(kinds.index(self.kind) + direction) % len(kinds)])


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class FieldRow(Row):
    """One field of a choice. `most` bounds its ladder where the experiment does."""

    field: FormField
    value: Any
    live: bool = False
    most: float | None = None

    @property
    def unit(self) -> str:  # type: ignore[override]
        return "" if self.value is None or isinstance(self.value, str) else self.field.unit

    @property
    def text(self) -> str:
        return clean(shown(self.value))

    @property
    def help(self) -> tuple[tuple[str, str], ...]:
        return field_help(self.field)

    @property
    def on_enter(self) -> OnEnter:
        return "next" if self.field.type in ("toggle", "option") else "type"

    def step(self, direction: int) -> Edit | None:
        value = next_value(self.field, self.value, direction, self.most)
        return None if value == self.value else Edit(self.path, value)

    def entry(self) -> str:
        return "" if self.value is None else self.text

    def typed(self, text: str) -> Edit:
        return Edit(self.path, read_typed(self.field, text))

    def starts_typing(self, character: str) -> bool:
        return self.field.type in ("integer", "number") and character in "0789."


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


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RegularizerRow(Row):
    """A regularizer: its main number, or whether it is there."""

    kind: type[Regularizer]
    member: Regularizer | None
    live: bool = False

    @property
    def field(self) -> FormField | None:
        """Its main field."""
        return next((field for field in self.kind.form() if field.name == self.kind.main_field), None)

    @property
    def value(self) -> Any:
        return getattr(self.member, self.field.name) if self.member and self.field else None

    @property
    def unit(self) -> str:  # type: ignore[override]
        return self.field.unit if self.member and self.field else ""

    @property
    def text(self) -> str:
        if self.member is None:
            return shown(_main_value(off)) if (off := self.kind.off()) else "off"
        return shown(self.value) if self.field else "on"

    @property
    def help(self) -> tuple[tuple[str, str], ...]:
        return (("", self.kind.summary()), *(field_help(self.field)[1:] if self.field else ()))

    @property
    def on_enter(self) -> OnEnter:
        return "type" if self.field else "next"

    def is_among(self, paths: Collection[str]) -> bool:
        return self.path in paths or f"{self.path}.{self.kind.main_field}" in paths

    def step(self, direction: int) -> Edit | None:
        """Upwards from nothing: its defaults. Downwards from its lowest value: nothing."""
        if self.member is None:
            return Edit(self.path, True) if direction > 0 or self.field is None else None
        if self.field is None:
            return self._off()
        value = next_value(self.field, self.value, direction)
        if value == self.value:
            return self._off() if direction < 0 else None
        return self._edit(value)

    def entry(self) -> str:
        return "" if self.member is None else self.text

    def typed(self, text: str) -> Edit:
        word = text.strip()
        if word in ("", "off", "on") or self.field is None:
            return Edit(self.path, True) if word == "on" else self._off()
        return self._edit(read_typed(self.field, word))

    def starts_typing(self, character: str) -> bool:
        return self.field is not None and character in "0789."

    def _edit(self, value: Any) -> Edit:
        off = self.kind.off()
        if off is not None and value == _main_value(off):
            return self._off()
        return Edit(f"{self.path}.{self.kind.main_field}", value)

    def _off(self) -> Edit:
        return Edit(self.path, DEFAULT)


def choice_rows(mapping: Mapping[str, Any], path: str, choice: Choice) -> list[Row]:
    """A row for which choice is picked, then one for each of its fields."""
    family = PICKS[path][0]
    pick = PickRow(path=path, label=words(path), touched=is_set(mapping, path), family=family, kind=choice.kind)
    return [pick, *group_rows(mapping, path, choice)]


def group_rows(mapping: Mapping[str, Any], path: str, group: Settings, *, indented: bool = False) -> list[Row]:
    """A row for each field of a choice or another group of settings; two for a list of numbers."""
    return [row for field in group.form() for row in field_rows(mapping, path, group, field, indented=indented)]


def field_rows(
    mapping: Mapping[str, Any], path: str, group: Settings, field: FormField, *, indented: bool = False
) -> list[Row]:
    """The rows of one field of `group`, whose own path is `path`."""
    here = f"{path}.{field.name}" if path else field.name
    touched = is_set(mapping, here)
    value = getattr(group, field.name)
    if field.type == "integers":
        both: dict[str, Any] = {"path": here, "touched": touched, "field": field, "values": value}
        return [LengthRow(label="layers", **both), NumbersRow(label=field.unit or words(field.name), **both)]
    label, can_change = words(field.name), here in live_fields()
    return [
        FieldRow(path=here, label=label, touched=touched, indented=indented, field=field, value=value, live=can_change)
    ]


def regularizer_rows(mapping: Mapping[str, Any], members: Mapping[str, Regularizer]) -> list[Row]:
    """Every regularizer, each with its further fields below it where it is on."""
    rows: list[Row] = []
    for name, kind in Regularizer.kinds().items():
        path, member = f"regularization.{name}", members.get(name)
        main = f"{path}.{kind.main_field}"
        label, touched, can_change = words(name), member is not None, main in live_fields()
        rows.append(RegularizerRow(path=path, label=label, touched=touched, kind=kind, member=member, live=can_change))
        if member is not None:
            rows += [row for row in group_rows(mapping, path, member, indented=True) if row.path != main]
    return rows


def words(name: str) -> str:
    """The name of a field as words."""
    return name.replace("_", " ")


def field_help(field: FormField) -> tuple[tuple[str, str], ...]:
    parts = (("", field.help), ("Low", field.low), ("High", field.high), ("Allowed", field.bounds()))
    return tuple((heading, text) for heading, text in parts if text)


def _main_value(member: Regularizer) -> Any:
    return getattr(member, member.main_field or "")
