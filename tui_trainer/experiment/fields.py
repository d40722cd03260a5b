"""Finds the form field that a path names: `optimizer.lr`, `regularization.l2.strength`, `model.blocks.0.filters`.

Members of lists and rows of tables are named by their index, from 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_trainer.choices.base import Choice, Pick, Settings
from tui_trainer.choices.forms import FormField
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.schema import Experiment


def picks() -> dict[str, tuple[type[Choice], str]]:
    """The fields of an experiment that hold one choice: each with its family and the kind that is the default."""
    found = {}
    for name, info in Experiment.model_fields.items():
        for mark in info.metadata:
            if isinstance(mark, Pick) and isinstance(info.annotation, type) and issubclass(info.annotation, Choice):
                found[name] = (info.annotation, mark.default)
    return found


PICKS = picks()

GROUPS: dict[str, type[Settings]] = {
    name: info.annotation
    for name, info in Experiment.model_fields.items()
    if name not in PICKS and isinstance(info.annotation, type) and issubclass(info.annotation, Settings)
}
"""The fields of an experiment that hold a group of fields."""


def is_index(word: str) -> bool:
    """Whether a word of a path names a member of a list."""
    return word.isascii() and word.isdigit() and len(word) < 10


def kind_in(mapping: Mapping[str, Any], name: str) -> str:
    """The kind that an experiment's mapping, in short or long form, names for one of its choices."""
    family, default = PICKS[name]
    value = mapping.get(name)
    kind = value if isinstance(value, str) else value.get("kind", default) if isinstance(value, Mapping) else default
    return kind if isinstance(kind, str) and kind in family.kinds() else default


def group_at(path: str, mapping: Mapping[str, Any]) -> type[Settings] | None:
    """The class whose fields stand below `path` (`optimizer`, `regularization.l2`, `training`), if there is one."""
    top, _, rest = path.partition(".")
    if top in PICKS and not rest:
        return PICKS[top][0].kinds()[kind_in(mapping, top)]
    if top in GROUPS and not rest:
        return GROUPS[top]
    if top == "regularization" and rest:
        return Regularizer.kinds().get(rest)
    return Experiment if not path else None


def field_at(path: str, mapping: Mapping[str, Any]) -> FormField | None:
    """The form field at `path`, given the kinds that `mapping` picks; None if there is none.

    `model.hidden.0` has the field of one number of `model.hidden`, `model.blocks.0.filters` that of a column, and
    `model.blocks.0` none: a row has fields of its own.
    """
    group_path, _, name = path.rpartition(".")
    group = group_at(group_path, mapping)
    if group is not None:
        return next((field for field in group.form() if field.name == name), None)
    if is_index(name):
        listed = field_at(group_path, mapping)
        return listed.member() if listed else None
    return next((column for column in columns_at(group_path, mapping) if column.name == name), None)


def columns_at(path: str, mapping: Mapping[str, Any]) -> tuple[FormField, ...]:
    """The columns of the table in which `path` (`model.blocks.0`) is a row; none if it is no row."""
    table_path, _, index = path.rpartition(".")
    table = field_at(table_path, mapping) if is_index(index) and table_path else None
    return table.columns if table else ()


def paths() -> dict[str, tuple[type[Settings], ...]]:
    """Every path at which an experiment can be changed, each with the classes that have such a field.

    Where a choice, a regularizer or a whole group stands, these are the classes that may stand there. A table has
    the paths of its first row: `model.blocks.0.filters`.
    """
    groups: dict[str, tuple[type[Settings], ...]] = {name: (group,) for name, group in GROUPS.items()}
    groups |= {name: tuple(family.kinds().values()) for name, (family, _) in PICKS.items()}
    groups |= {f"regularization.{name}": (kind,) for name, kind in Regularizer.kinds().items()}
    found = dict(groups)
    for path, classes in groups.items():
        for owner in classes:
            for field in owner.form():
                for inner in ("", *(f".0.{column.name}" for column in field.columns)):
                    place = f"{path}.{field.name}{inner}"
                    found[place] = (*found.get(place, ()), owner)
    return found | {"seed": (Experiment,), "device": (Experiment,)}


def places_of(name: str) -> list[str]:
    """Where else in an experiment something of that name can stand, if that is plain: at one path, or at few."""
    found = [path for path in paths() if path.rpartition(".")[2] == name]
    return found if len(found) <= 3 else []


def live_paths() -> tuple[str, ...]:
    """The paths of all fields that may change while training."""
    found = [f"{name}.{field.name}" for name, group in GROUPS.items() for field in group.form() if field.live]
    for name, (family, _) in PICKS.items():
        found += [f"{name}.{field.name}" for kind in family.kinds().values() for field in kind.form() if field.live]
    for name, kind in Regularizer.kinds().items():
        if kind.off() is not None:
            found += [f"regularization.{name}.{field.name}" for field in kind.form() if field.live]
    return tuple(dict.fromkeys(found))
