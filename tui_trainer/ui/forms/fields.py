"""The rows that the fields of a choice, or of a group of settings, make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tui_trainer.choices.base import Choice, Settings
from tui_trainer.choices.data import DataSet
from tui_trainer.choices.forms import FormField
from tui_trainer.choices.given import UNKNOWN, Given
from tui_trainer.experiment.fields import PICKS
from tui_trainer.ui.forms.lists import LengthRow, ListRow, NumbersRow
from tui_trainer.ui.forms.row import FieldRow, PickRow, Row, words
from tui_trainer.ui.forms.tables import CountRow, MemberRow
from tui_trainer.ui.laboratory.draft import is_set, live_fields


def choice_rows(mapping: Mapping[str, Any], path: str, choice: Choice, given: Given = UNKNOWN) -> list[Row]:
    """A row for which choice is picked, then one for each of its fields; `given` is what is known of the data."""
    family = PICKS[path][0]
    pick = PickRow(path=path, label=words(path), touched=is_set(mapping, path), family=family, kind=choice.kind)
    return [pick, *group_rows(mapping, path, choice, given)]


def group_rows(
    mapping: Mapping[str, Any], path: str, group: Settings, given: Given = UNKNOWN, *, indented: bool = False
) -> list[Row]:
    """A row for each field of a choice or another group of settings; two for a list of numbers."""
    unused = group.unused(given)
    rows = [(field, row) for field in group.form() for row in field_rows(mapping, path, group, field)]
    return [replace(row, indented=indented, unused=unused.get(field.name, "")) for field, row in rows]


def _layers(group: Settings) -> str:
    """What the number of layers is called: apart from convolutions in front of them, and from what they are made of."""
    names = {field.name for field in group.form()}
    return "dense layers" if "blocks" in names else "hidden layers" if "layers" in names else "layers"


def field_rows(mapping: Mapping[str, Any], path: str, group: Settings, field: FormField) -> list[Row]:
    """The rows of one field of `group`, whose own path is `path`."""
    here = f"{path}.{field.name}" if path else field.name
    touched, value, label = is_set(mapping, here), getattr(group, field.name), words(field.name)
    both: dict[str, Any] = {"path": here, "touched": touched, "field": field}
    table = group if isinstance(group, DataSet) and field.name in group.names_columns else None
    if field.type == "table":
        rows = (
            MemberRow(**(both | {"path": f"{here}.{i}"}), label=f"{field.row} {i + 1}", members=value, index=i)
            for i in range(len(value))
        )
        return [CountRow(label=label, **both, members=value), *rows]
    if field.type == "integers" and field.ladder:
        both["values"] = value
        return [LengthRow(label=_layers(group), **both), NumbersRow(label=field.unit or label, **both)]
    if field.is_list:
        return [ListRow(label=label, **both, values=value, table=table)]
    can_change = here in live_fields()
    return [FieldRow(label=label, **both, value=value, live=can_change, table=table)]
