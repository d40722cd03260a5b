"""From an Experiment or a Comparison to a mapping and to YAML: only what was set, in the short forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_trainer.choices.base import Choice, Row, Settings
from tui_trainer.experiment.schema import VERSION, Experiment
from tui_trainer.experiment.yaml_text import write

if TYPE_CHECKING:
    from tui_trainer.experiment.comparison import Comparison


def to_mapping(experiment: Experiment, *, full: bool = False) -> dict[str, Any]:
    """Plain data that `parse` reads back to an equal experiment.

    `full` writes every field, so that a later version with other defaults reads the same experiment.
    """
    mapping: dict[str, Any] = {}
    for name in Experiment.model_fields:
        value = getattr(experiment, name)
        if not full and value == Experiment.model_fields[name].get_default(call_default_factory=True):
            continue
        if name == "regularization":
            mapping[name] = {kind: _short_regularizer(member, full) for kind, member in value.items()}
        elif isinstance(value, Choice):
            mapping[name] = _short_choice(value, full)
        elif isinstance(value, Settings):
            mapping[name] = _fields(value, full)
        else:
            mapping[name] = plain(value, full=full)
    return mapping


def to_yaml(experiment: Experiment, *, full: bool = False) -> str:
    """The experiment as YAML, with the version of the format, so that a later program knows what it reads."""
    return write(to_mapping(experiment, full=full) | {"version": experiment.version})


def comparison_to_yaml(comparison: Comparison, *, full: bool = False) -> str:
    """The comparison as YAML: its base written out, so that it does not depend on a preset, and one line an arm."""
    words = {name: text for name in ("name", "about", "teaches") if (text := getattr(comparison, name))}
    arms = write({arm.name: dict(arm.changes) for arm in comparison.arms})
    changes = "".join(f"  {line}\n" for line in arms.splitlines())
    top = write(words | {"base": to_mapping(comparison.base, full=full)})
    return f"{top}changes:\n{changes}{write({'repeats': comparison.repeats, 'version': VERSION})}"


def _fields(settings: Settings, full: bool) -> dict[str, Any]:
    """The fields that were set, or all, as plain data."""
    names = [
        name for name in type(settings).model_fields if name != "kind" and (full or name in settings.model_fields_set)
    ]
    return {name: plain(getattr(settings, name), full=full) for name in names}


def _short_choice(choice: Choice, full: bool) -> Any:
    fields = _fields(choice, full)
    return {"kind": choice.kind, **fields} if fields else choice.kind


def _short_regularizer(choice: Choice, full: bool) -> Any:
    fields = _fields(choice, full)
    main_field = getattr(choice, "main_field", None)
    if main_field and set(fields) == {main_field}:
        return fields[main_field]
    return fields or True


def plain(value: Any, *, full: bool = False) -> Any:
    """A value of an experiment as a file has it: lists for tuples, rows of tables in their short form."""
    if isinstance(value, Row):
        fields = _fields(value, full)
        return fields[value.first()] if set(fields) == {value.first()} else fields or getattr(value, value.first())
    return [plain(member, full=full) for member in value] if isinstance(value, list | tuple) else value
