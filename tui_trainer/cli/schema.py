"""`schema` prints the JSON schema of experiments and comparisons, which editors complete and check YAML by."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import click

from tui_trainer.choices.base import Settings
from tui_trainer.experiment.comparison import FIXED, LONGEST_ARM_NAME, MOST_ARMS, MOST_REPEATS
from tui_trainer.experiment.fields import PICKS, paths
from tui_trainer.experiment.schema import Experiment

Schema = dict[str, Any]


@click.command("schema")
def schema_command() -> None:
    """Print the JSON schema of experiment and comparison files, for editors.

    \b
    An editor with a YAML language server reads it from a comment:
      tui-trainer schema > tui-trainer.schema.json
      # yaml-language-server: $schema=tui-trainer.schema.json
    """
    click.echo(json.dumps(file_schema(), indent=2))


def file_schema() -> Schema:
    """The JSON schema (draft 2020-12) of a file: a comparison where it has a base or changes, else an experiment."""
    experiment = Experiment.model_json_schema(mode="validation")
    definitions = experiment.pop("$defs")
    for group in (experiment, *definitions.values()):
        for form in group.get("anyOf", [group]):  # a row of a table has a short form beside its own
            if "properties" in form:
                form["properties"] = {name: _explained(field) for name, field in form["properties"].items()}
    comparison = _comparison(experiment)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Experiment or comparison",
        "type": "object",
        "if": {"anyOf": [{"required": ["base"]}, {"required": ["changes"]}]},
        "then": {"$ref": "#/$defs/Comparison"},
        "else": {"$ref": "#/$defs/Experiment"},
        "$defs": definitions | {"Experiment": experiment, "Comparison": comparison},
    }


def _explained(field: Schema) -> Schema:
    """A field with all its words in its description, which editors show, and without what only panels use."""
    kept = {
        name: value
        for name, value in field.items()
        if name not in ("low", "high", "unit", "live", "ladder", "path", "suffixes")
    }
    words = [field.get("description", "")]
    words += [f"Unit: {field['unit']}."] if "unit" in field else []
    words += [f"Too low: {field['low']}"] if "low" in field else []
    words += [f"Too high: {field['high']}"] if "high" in field else []
    description = " ".join(word for word in words if word)
    return kept | {"description": description} if description else kept


def _comparison(experiment: Schema) -> Schema:
    values = {path: _at(path, owners, experiment) for path, owners in paths().items() if path not in FIXED}
    members = {path: value for path, value in values.items() if ".0." in path}
    lists = {path: items for path, value in values.items() for items in _items(value)}
    arm = {
        "type": ["object", "null"],
        "description": "What this arm changes: values by path, as --set takes them.",
        "properties": {path: value for path, value in values.items() if path not in members}
        | {"regularization": experiment["properties"]["regularization"]}
        | {f"{name}.kind": {"enum": list(family.kinds())} for name, (family, _) in PICKS.items()},
        "patternProperties": {
            **{_pattern(f"{path}.0"): items for path, items in lists.items()},
            **{_pattern(path): value for path, value in members.items()},
        },
        "additionalProperties": False,
    }
    return {
        "title": "Comparison",
        "description": "A base experiment, named changes to it, and how often each is repeated with another seed.",
        "type": "object",
        "properties": {name: experiment["properties"][name] for name in FIXED if name != "seed"}
        | {
            "base": {
                "anyOf": [{"type": "string"}, {"$ref": "#/$defs/Experiment"}],
                "description": "The experiment that the arms change: a preset's name, or written out.",
            },
            "changes": {
                "type": "object",
                "description": "The arms by name; the first is the baseline.",
                "propertyNames": {"minLength": 1, "maxLength": LONGEST_ARM_NAME},
                "additionalProperties": arm,
                "minProperties": 1,
                "maxProperties": MOST_ARMS,
            },
            "repeats": {
                "type": "integer",
                "minimum": 1,
                "maximum": MOST_REPEATS,
                "default": 1,
                "description": "How often each arm is trained: with the base's seed, the one after that, and so on.",
            },
        },
        "required": ["base", "changes"],
        "additionalProperties": False,
    }


def _at(path: str, owners: tuple[type[Settings], ...], experiment: Schema) -> Schema:
    """What may stand at a path of an experiment."""
    above, _, name = path.rpartition(".")
    if Experiment in owners or not above:
        schema: Schema = experiment["properties"][path]
        return schema
    if above == "regularization":
        member: Schema = experiment["properties"][above]["properties"][name]
        return {"anyOf": [member, {"type": "null"}]}
    names = path.split(".")[2 if path.startswith("regularization.") else 1 :]
    fields = [_field_of(owner, *names) for owner in owners]
    distinct = [field for i, field in enumerate(fields) if field not in fields[:i]]
    return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}


def _field_of(owner: type[Settings], name: str, *column: str) -> Schema:
    """What a field of a group may hold, or a column (`0.filters`) of the table that it is."""
    field = _fields_of(owner)[name]
    return _items(field)[0]["anyOf"][1]["properties"][column[1]] if column else field


@cache
def _fields_of(owner: type[Settings]) -> dict[str, Schema]:
    """The schemas of a group's fields by name, with the rows of its tables written out."""
    schema = owner.model_json_schema(mode="validation")
    fields = {name: _explained(field) for name, field in schema["properties"].items()}
    for items in (items for field in fields.values() for items in _items(field) if "$ref" in items):
        short, row = schema["$defs"][items.pop("$ref").rpartition("/")[2]]["anyOf"]
        columns = {name: _explained(column) for name, column in row["properties"].items()}
        items["anyOf"] = [short, row | {"properties": columns}]
    return fields


def _items(field: Schema) -> list[Schema]:
    """What a member of a list must be; nothing for what is no list."""
    forms = field.get("anyOf", [field])
    return [form["items"] for form in forms if form.get("type") == "array"]


def _pattern(path: str) -> str:
    """A pattern for the path of any member, made of that of the first one."""
    return "^" + path.replace(".", r"\.").replace(r"\.0", r"\.[0-9]+") + "$"
