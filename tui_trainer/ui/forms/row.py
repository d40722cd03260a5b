"""A row of a form: what it shows, and what the keys make of it. No widgets here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal

from tui_trainer.choices.base import Choice
from tui_trainer.choices.data import DataSet
from tui_trainer.choices.forms import FormField
from tui_trainer.experiment.diff import shown
from tui_trainer.experiment.text import clean
from tui_trainer.ui.laboratory.draft import DEFAULT, Edit
from tui_trainer.ui.laboratory.values import next_value, read_typed
from tui_trainer.ui.terminal.glyphs import NONE

OnEnter = Literal["type", "next", "pick"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Row:
    """One line of a form. `touched` says that its value was set, not left to the default; `unused`, why it changes
    nothing as things stand."""

    path: str
    label: str
    touched: bool
    indented: bool = False
    unused: str = ""

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

    def explained(self, *, cut: bool = False) -> tuple[tuple[str, str], ...]:
        """The help, below what hides the field's effect, and its value where it is `cut` on the screen."""
        parts = (("No effect", self.unused), ("Now", self._in_full if cut else ""))
        return (*((heading, text) for heading, text in parts if text), *self.help)

    @property
    def _in_full(self) -> str:
        return f"{self.text} {self.unit}".rstrip()

    @property
    def on_enter(self) -> OnEnter:
        """What Enter does: type a value, take the next one, or open a screen to pick in."""
        return "next"

    def is_among(self, paths: Collection[str]) -> bool:
        """Whether what it shows is at one of `paths`."""
        return self.path in paths

    def problem(self, problems: Mapping[str, str]) -> str:
        """What is wrong with it, of the problems by path."""
        return problems.get(self.path, "")

    def step(self, direction: int) -> Edit | None:
        """The change that an arrow key makes; None at the end of the ladder."""
        return None

    def at_end(self, direction: int) -> str:
        """What there is to say where an arrow key makes no change: what can be typed instead."""
        return ""

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
    notes: tuple[str, ...] = ()  # what is known of the one that is picked

    @property
    def text(self) -> str:
        return self.kind

    @property
    def help(self) -> tuple[tuple[str, str], ...]:
        said = (("", self.family.kinds()[self.kind].summary()), ("Here", "; ".join(map(clean, self.notes))))
        return tuple((heading, text) for heading, text in said if text)

    @property
    def on_enter(self) -> OnEnter:
        return "pick"

    def step(self, direction: int) -> Edit:
        kinds = list(self.family.kinds())
        return Edit(self.path, kinds[(kinds.index(self.kind) + direction) % len(kinds)])


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class FieldRow(Row):
    """One field of a choice. `most` bounds its ladder where the experiment does.

    `table` is the data of whose columns it names one.
    """

    field: FormField
    value: Any
    live: bool = False
    most: float | None = None
    table: DataSet | None = None

    @property
    def unit(self) -> str:  # type: ignore[override]
        return "" if self.value is None or isinstance(self.value, str) else self.field.unit

    @property
    def text(self) -> str:
        if self.value == "":
            return NONE
        return clean(PurePath(self.value).name or self.value if self._is_path else shown(self.value))

    @property
    def _is_path(self) -> bool:
        return bool(self.field.path) and isinstance(self.value, str)

    @property
    def help(self) -> tuple[tuple[str, str], ...]:
        return field_help(self.field)

    def explained(self, *, cut: bool = False) -> tuple[tuple[str, str], ...]:
        """Of a path the name alone stands in the form."""
        return super().explained(cut=cut or (self._is_path and bool(self.value)))

    @property
    def _in_full(self) -> str:
        return clean(self.value) if self._is_path else super()._in_full

    @property
    def on_enter(self) -> OnEnter:
        if self.table is not None:
            return "pick"
        return "next" if self.field.type in ("toggle", "option") else "type"

    def step(self, direction: int) -> Edit | None:
        value = next_value(self.field, self.value, direction, self.most)
        return None if value == self.value else Edit(self.path, value)

    def at_end(self, direction: int) -> str:
        return end_of_ladder(self.field, self.value, self.text, direction, self.most)

    def entry(self) -> str:
        return "" if self.value in (None, "") else clean(self.value) if self._is_path else self.text

    def typed(self, text: str) -> Edit:
        return Edit(self.path, read_typed(self.field, text))

    def starts_typing(self, character: str) -> bool:
        return self.field.type in ("integer", "number") and character in "0789."


def inside(problems: Mapping[str, str], path: str) -> str:
    """What is wrong at `path`, or with something in it."""
    return next((why for place, why in problems.items() if place == path or place.startswith(f"{path}.")), "")


def end_of_ladder(field: FormField, value: Any, text: str, direction: int, most: float | None = None) -> str:
    """What there is beyond the end of a field's ladder, where `value` is, which is shown as `text`."""
    if field.type not in ("integer", "number") or not isinstance(value, int | float):
        return ""
    word, extreme = ("larger", "largest") if direction > 0 else ("smaller", "smallest")
    limits = (field.maximum, most) if direction > 0 else (field.minimum,)
    if any(it is not None and (value - it) * direction >= 0 for it in limits):
        return f"{text} is the {extreme} value allowed."
    return f"{text} is the last step of the arrows; a {word} value can be typed."


def words(name: str) -> str:
    """The name of a field as words."""
    return name.replace("_", " ")


def field_help(field: FormField) -> tuple[tuple[str, str], ...]:
    parts = (("", field.help), ("Low", field.low), ("High", field.high), ("Allowed", field.bounds()))
    return tuple((heading, text) for heading, text in parts if text)
