"""Changes one value of an experiment by its path: `--set optimizer.lr=0.1`, a key in a panel, a live change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_trainer.choices.base import Choice
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.fields import PICKS
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
    text = write({"value": list(value) if isinstance(value, tuple) else value}).partition(": ")[2].strip()
    return f"{path}={text}"


def set_value(mapping: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of an experiment's mapping with `value` at `path`; short forms on the way are written out.

    Picking another kind drops the fields that belong to the old one. What is nonsense is found when it is parsed.
    """
    changed = dict(mapping)
    top, *rest = path.split(".")
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
