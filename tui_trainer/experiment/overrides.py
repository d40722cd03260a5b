"""Changes one value of an experiment by its path: `--set optimizer.lr=0.1`, a key in a panel, a live change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_trainer.choices.base import Choice
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.dump import plain, to_mapping
from tui_trainer.experiment.fields import PICKS, columns_at, field_at, is_index
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.yaml_text import read, write


def parse_assignment(text: str) -> tuple[str, Any]:
    """`optimizer.lr=1e-3` as a path and a value; the value is read as YAML.

    Raises ExperimentError where it is no assignment.
    """
    path, equals, value = text.partition("=")
    path = path.strip()
    if not equals or not path:
        raise ExperimentError(
            [Problem("", f"{text!r} sets nothing (write path=value, such as optimizer.lr=0.1)", "--set")]
        )
    try:
        mapping, _, wrong_keys = read(f"value: {value}")
    except ExperimentError as error:
        raise ExperimentError([Problem(path, problem.message, "--set") for problem in error.problems]) from None
    if wrong_keys or set(mapping) != {"value"}:
        raise ExperimentError([Problem(path, f"{value!r} is no single value", "--set")])
    return path, mapping["value"]


def assignment(path: str, value: Any) -> str:
    """What `parse_assignment` reads as that path and value: `optimizer.lr=0.001`."""
    text = write({"value": plain(value)}).partition(": ")[2].strip()
    return f"{path}={text}"


def set_value(mapping: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of an experiment's mapping with `value` at `path`; short forms on the way are written out.

    Picking another kind drops the fields that belong to the old one. An index behind the last member of a list adds
    one. What is nonsense is found when it is parsed. Raises ExperimentError for an index that the list does not have.
    """
    changed = dict(mapping)
    top, *rest = path.split(".")
    list_path = _list_on(path, mapping)
    if list_path:
        return set_value(mapping, list_path, _set_in_list(mapping, list_path, path[len(list_path) + 1 :], value))
    if top in PICKS:
        changed[top] = _set_in_choice(mapping.get(top), PICKS[top][0], rest, value)
    elif top == "regularization" and rest:
        group = mapping.get(top)
        members = dict(group) if isinstance(group, Mapping) else {}
        members[rest[0]] = _set_in_regularizer(members.get(rest[0]), rest, value)
        changed[top] = {name: member for name, member in members.items() if member is not False and member is not None}
    else:
        changed[top] = _set_deep(mapping.get(top), rest, value)
    return changed


def set_values(experiment: Experiment, changes: Mapping[str, Any]) -> Experiment:
    """The experiment with other values at some paths, in their order.

    Raises ExperimentError where a path or a value is wrong.
    """
    mapping = to_mapping(experiment)
    for path, value in changes.items():
        mapping = set_value(mapping, path, value)
    return parse(mapping)


def _list_on(path: str, mapping: Mapping[str, Any]) -> str:
    """The path of the list in which `path` names a member, if it does."""
    words = path.split(".")
    for i, word in enumerate(words):
        above = ".".join(words[:i])
        if is_index(word) and (field := field_at(above, mapping)) and field.is_list:
            return above
    return ""


def _set_in_list(mapping: Mapping[str, Any], path: str, inner: str, value: Any) -> list[Any]:
    """The list at `path` with another value at `inner`: `0`, or `0.filters` where it is a table."""
    field = field_at(path, mapping)
    top, _, name = path.rpartition(".")
    group = mapping.get(top)
    written = group.get(name) if isinstance(group, Mapping) else None
    members = list(written if isinstance(written, list | tuple) else plain(field.default if field else None) or ())
    word, _, column = inner.partition(".")
    index = int(word)
    if index > len(members):
        there = f"it has {len(members)}, and the first one is 0" if members else "it has none"
        raise ExperimentError([Problem(f"{path}.{inner}", f"{path} has no such member ({there})")])
    if column:
        row = members[index] if index < len(members) else {}
        columns = columns_at(f"{path}.{index}", mapping)
        fields = dict(row) if isinstance(row, Mapping) else {columns[0].name: row} if columns else {}
        value = fields | {column: value}
    members[index : index + 1] = [value]
    return members


def _set_in_choice(old: Any, family: type[Choice], rest: list[str], value: Any) -> Any:
    fields = {"kind": old} if isinstance(old, str) else dict(old) if isinstance(old, Mapping) else {}
    if rest in ([], ["kind"]) and isinstance(value, str):
        if fields.get("kind") == value:
            return fields
        shared = {name for name, info in family.model_fields.items() if not info.is_required() and name != "kind"}
        return {"kind": value, **{name: kept for name, kept in fields.items() if name in shared}}
    return _set_deep(fields, rest, value)


def _set_in_regularizer(old: Any, rest: list[str], value: Any) -> Any:
    if len(rest) == 1:
        return value
    fields = dict(old) if isinstance(old, Mapping) else {}
    kind = Regularizer.kinds().get(rest[0])
    if kind and kind.main_field and isinstance(old, int | float) and not isinstance(old, bool):
        fields = {kind.main_field: old}
    return _set_deep(fields, rest[1:], value)


def _set_deep(old: Any, rest: list[str], value: Any) -> Any:
    if not rest:
        return value
    fields = dict(old) if isinstance(old, Mapping) else {}
    fields[rest[0]] = _set_deep(fields.get(rest[0]), rest[1:], value)
    return fields
