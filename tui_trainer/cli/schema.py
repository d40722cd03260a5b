"""`schema` prints the JSON schema of experiments, which editors complete and check YAML by."""

from __future__ import annotations

import json
from typing import Any

import click

from tui_trainer.experiment.schema import Experiment


@click.command("schema")
def schema_command() -> None:
    """Print the JSON schema of experiment files, for editors.

    \b
    An editor with a YAML language server reads it from a comment:
      tui-trainer schema > experiment.schema.json
      # yaml-language-server: $schema=experiment.schema.json
    """
    click.echo(json.dumps(experiment_schema(), indent=2))


def experiment_schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of an experiment's file, short forms included."""
    schema = Experiment.model_json_schema(mode="validation")
    for group in (schema, *schema["$defs"].values()):
        group["properties"] = {name: _explained(field) for name, field in group.get("properties", {}).items()}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _explained(field: dict[str, Any]) -> dict[str, Any]:
    """A field with all its words in its description, which editors show, and without what only panels use."""
    kept = {
        name: value for name, value in field.items() if name not in ("low", "high", "unit", "live", "ladder", "path")
    }
    words = [field.get("description", "")]
    words += [f"Unit: {field['unit']}."] if "unit" in field else []
    words += [f"Too low: {field['low']}"] if "low" in field else []
    words += [f"Too high: {field['high']}"] if "high" in field else []
    description = " ".join(word for word in words if word)
    return kept | {"description": description} if description else kept
