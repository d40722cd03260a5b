"""From a mapping to an Experiment, or to all that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tui_trainer.choices.base import Choice
from tui_trainer.choices.forms import FormField
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.fields import GROUPS, PICKS, columns_at, field_at, group_at, places_of
from tui_trainer.experiment.problems import ExperimentError, Problem, meant_elsewhere, suggestion
from tui_trainer.experiment.schema import VERSION, Experiment

_WORDS = {
    "integer": "a whole number",
    "number": "a number",
    "toggle": "true or false",
    "text": "a text",
    "integers": "a list of whole numbers, [100, 50]",
    "texts": "a list of texts, [one, two]",
    "path": "a path",
}


def parse(mapping: Mapping[str, Any]) -> Experiment:
    """The experiment that `mapping` describes.

    Raises ExperimentError with every problem and its path.
    """
    version = mapping.get("version", VERSION)
    if isinstance(version, int) and version > VERSION:
        newer = f"version {version} is newer than this program knows ({VERSION}; upgrade tui-trainer)"
        raise ExperimentError([Problem("version", newer)])
    try:
        return Experiment.model_validate(dict(mapping))
    except ValidationError as error:
        problems: dict[str, Problem] = {}
        for details in error.errors(include_url=False):
            path = _path(details["loc"], mapping)
            problems.setdefault(path, Problem(path, _explain(details, path, mapping)))
        # A list with a wrong member is also too short once that is left out: one problem, said once.
        inner = {path[:i] for path in problems for i, character in enumerate(path) if character == "."}
        raise ExperimentError([problem for path, problem in problems.items() if path not in inner]) from None


def _path(location: tuple[int | str, ...], mapping: Mapping[str, Any]) -> str:
    """pydantic's location without the tags of its unions: `optimizer.sgd.lr` is `optimizer.lr` to a person."""
    parts = list(location)
    if len(parts) > 1 and parts[0] in PICKS:
        del parts[1]
    depth = 3 if parts[0] == "regularization" else 2 if parts[0] in {*PICKS, *GROUPS} else 1
    path = ".".join(map(str, parts[:depth]))
    for part in parts[depth:]:
        if isinstance(part, int) or columns_at(path, mapping):
            path += f".{part}"
    return path


def _explain(details: ErrorDetails, path: str, mapping: Mapping[str, Any]) -> str:
    """What is wrong, and in brackets what would be right."""
    error, value = details["type"], details.get("input")
    if error == "extra_forbidden" and "." in (name := str(details["loc"][-1])):
        top, _, rest = name.partition(".")
        return f"a name with a dot (nest it: {top}: {{{rest}: …}})"
    if error == "extra_forbidden":
        return f"unknown name ({_right_name(path, mapping)})"
    if path in PICKS:
        return _explain_kind(value, *PICKS[path])
    if error == "missing":
        return "is missing"
    if error == "value_error":
        return str(details["ctx"]["error"])
    field = field_at(path, mapping)
    if field is None or path in GROUPS or path == "regularization":
        return f"{_shown(value)} does not fit here ({_right_shape(path)})"
    return f"{_shown(value)} does not fit ({_right_value(field)})"


def _right_value(field: FormField) -> str:
    if field.type == "table":
        first, second = field.columns[0], field.columns[-1]
        row = f"{{{first.name}: {first.default}, {second.name}: {second.default}}}"
        return f"must be a list of {field.bounds()}, such as [{first.default}, {row}]"
    if field.type == "text" and field.help:
        return field.help
    right = ", ".join(part for part in (_WORDS.get(field.type, ""), field.bounds()) if part)
    return f"must be {right}{', or nothing' if field.optional else ''}"


def _explain_kind(value: Any, family: type[Choice], default: str) -> str:
    kind = value.get("kind") if isinstance(value, Mapping) else value
    if isinstance(kind, str):
        return f"there is no {family.family} {_shown(kind)} ({suggestion(kind, family.kinds())})"
    return f"{_shown(kind)} does not fit (must be a name such as {default}, or {{kind: {default}, …}})"


def _right_name(path: str, mapping: Mapping[str, Any]) -> str:
    group, _, name = path.rpartition(".")
    places = places_of(name)
    # What stands at its own path has a name of another kind, which is no reason to look for it elsewhere.
    if places and path not in places:
        return meant_elsewhere(places)
    return suggestion(name, _known_below(group, mapping))


def _known_below(path: str, mapping: Mapping[str, Any]) -> list[str]:
    if path == "regularization":
        return list(Regularizer.kinds())
    group = group_at(path, mapping)
    return list(group.model_fields) if group else [column.name for column in columns_at(path, mapping)]


def _right_shape(path: str) -> str:
    name = path.rpartition(".")[2]
    if path.startswith("regularization."):
        kind = Regularizer.kinds().get(name)
        main = f"a number, {{{kind.main_field}: …}}, " if kind and kind.main_field else ""
        return f"must be {main}true or false"
    return "must be a mapping of names to values"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
