"""The rows of the regularizers, which combine freely. No widgets here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tui_trainer.choices.forms import FormField
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.diff import shown
from tui_trainer.ui.forms.fields import group_rows
from tui_trainer.ui.forms.row import OnEnter, Row, end_of_ladder, field_help, words
from tui_trainer.ui.laboratory.draft import DEFAULT, Edit, live_fields
from tui_trainer.ui.laboratory.values import next_value, read_typed


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

    def at_end(self, direction: int) -> str:
        return end_of_ladder(self.field, self.value, self.text, direction) if self.field else ""

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


def _main_value(member: Regularizer) -> Any:
    return getattr(member, member.main_field or "")
