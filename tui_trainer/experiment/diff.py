"""What differs between two experiments, and what an experiment is in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tui_trainer.choices.base import Choice, Row, Settings
from tui_trainer.choices.models import Model
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.fields import PICKS, is_index, kind_in
from tui_trainer.experiment.schema import Experiment

_WORDS_ONLY = ("version", "name", "about", "teaches")

_NOTHING = ("", ())  # a default that is no value to set against another

MOST_CELLS = 2
"""Tables that differ in more than this are shown as a whole."""


@dataclass(frozen=True)
class Difference:
    """One path at which two experiments differ; None where one has no such value."""

    path: str
    a: Any
    b: Any

    def __str__(self) -> str:
        cells = _cells(self.path, self.a, self.b)
        return ", ".join(f"{path} {shown(a)} → {shown(b)}" for path, a, b in cells)


def _cells(path: str, a: Any, b: Any) -> list[tuple[str, Any, Any]]:
    """What differs, cell by cell, where `a` and `b` are tables of the same length that differ in little; else both."""
    tables = all(isinstance(it, tuple) and it and isinstance(it[0], Row) for it in (a, b))
    if not tables or len(a) != len(b):
        return [(path, a, b)]
    cells = [
        (f"{path}.{i}.{name}", getattr(left, name), getattr(right, name))
        for i, (left, right) in enumerate(zip(a, b, strict=True))
        for name in type(left).model_fields
        if getattr(left, name) != getattr(right, name)
    ]
    return cells if len(cells) <= MOST_CELLS else [(path, a, b)]


def diff(a: Experiment, b: Experiment) -> list[Difference]:
    """Every path at which `a` and `b` differ, names and descriptions aside."""
    left, right = flat(a), flat(b)
    order = list(Experiment.model_fields)
    paths = sorted(left | right, key=lambda path: order.index(path.partition(".")[0]))
    differing = [path for path in paths if left.get(path) != right.get(path)]
    # A regularizer that one side lacks is said once, by its main field; its own defaults go without saying.
    told = [path for path in differing if not (_lacks(path, left, right) and _is_own_default(path, left | right))]
    said = {path.rpartition(".")[0] for path in told if path.count(".") == 2}
    return [Difference(path, left.get(path), right.get(path)) for path in told if path not in said]


def _lacks(path: str, left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """Whether `path` is a field of a regularizer that one side lacks."""
    return path.startswith("regularization.") and path.count(".") == 2 and (path in left) != (path in right)


def _is_own_default(path: str, values: Mapping[str, Any]) -> bool:
    """Whether a regularizer's field beside its main one has its default."""
    _, name, field = path.split(".")
    kind = Regularizer.kinds()[name]
    return kind.main_field not in (None, field) and values[path] == kind.model_fields[field].default


def from_defaults(experiment: Experiment) -> list[Difference]:
    """What was set: choices other than the usual ones, and fields that have not what is their own choice's default."""
    plain = Experiment()
    own = {name: value.pick(value.kind) for name, value in experiment if isinstance(value, Choice)}
    picked = [Difference(name, getattr(plain, name).kind, it.kind) for name, it in own.items()]
    fields = [replace(it, a=None) if it.a in _NOTHING else it for it in diff(plain.model_copy(update=own), experiment)]
    order = list(Experiment.model_fields)
    found = [*(it for it in picked if it.a != it.b), *fields]
    return sorted(found, key=lambda it: order.index(it.path.partition(".")[0]))


def flat(experiment: Experiment) -> dict[str, Any]:
    """Every value by its path; a choice stands under its own name (`optimizer`: "sgd"), its fields below it."""
    values: dict[str, Any] = {}
    for name in Experiment.model_fields:
        value = getattr(experiment, name)
        if name in _WORDS_ONLY:
            continue
        if name == "regularization":
            for kind, member in value.items():
                values |= _flat_group(f"{name}.{kind}", member)
        elif isinstance(value, Settings):
            values |= _flat_group(name, value)
        else:
            values[name] = value
    return values


def summary(experiment: Experiment) -> str:
    """The experiment in a few words: data, model, and what regularizes it."""
    parts = [
        experiment.data.kind,
        f"{experiment.model.kind} {experiment.model.shape(experiment.data.given())}".strip(),
        *([experiment.activation.kind] if experiment.model.activated else []),
        f"{experiment.optimizer.kind} lr {experiment.optimizer.lr:g}",
    ]
    for kind, member in experiment.regularization.items():
        main = getattr(member, member.main_field) if member.main_field else None
        parts.append(kind if main is None else f"{kind} {main:g}")
    return " · ".join(parts)


def change_in_words(path: str, value: Any) -> str:
    """A change in as few words as tell it from others: `lr 0.1`, `adam`, `l2 0.01`, `dropout off`, `hidden 6 × 100`."""
    if path == "data.train_samples" and value is None:
        return "all samples"
    if isinstance(value, Mapping):
        return _group_in_words(path, value)
    *above, name = path.removesuffix(".kind").split(".")
    if not above and isinstance(value, str) and name in PICKS:
        return value
    if len(above) == 2 and above[0] == "regularization":
        kind = Regularizer.kinds().get(above[1])
        name = above[1] if kind is not None and kind.main_field == name else f"{above[1]} {name}"
    name = _with_rows(above, name)
    if isinstance(value, list | tuple) and len(value) > 1 and all(it == value[0] for it in value):
        return f"{name} {len(value)} × {_shown_member(value[0])}"
    return f"{name} {'off' if value is None and above[:1] == ['regularization'] else shown(value)}"


def _group_in_words(path: str, values: Mapping[str, Any]) -> str:
    """All that is set in a choice or a group at once: `cnn 16-32`, `normal std 0.01`, `l2 strength 0.1`."""
    if path in PICKS:
        kind = PICKS[path][0].kinds()[kind_in({path: values}, path)]
        shape = kind.model_validate(values).shape() if issubclass(kind, Model) else ""
        said = [shape] if shape else _named({name: value for name, value in values.items() if name != "kind"})
        return " ".join([kind.model_fields["kind"].default, *said])
    if path == "regularization":
        return ", ".join(change_in_words(f"{path}.{kind}", value) for kind, value in values.items())
    return f"{path.rpartition('.')[2].replace('_', ' ')} {', '.join(_named(values))}".strip()


def _with_rows(above: list[str], name: str) -> str:
    """The name of a value in a list with its place in it, counted from 1: `block 3 kernel`, `hidden 2`."""
    if is_index(name) and above:
        return f"{above[-1].removesuffix('s')} {int(name) + 1}"
    if len(above) > 1 and is_index(above[-1]):
        return f"{above[-2].removesuffix('s')} {int(above[-1]) + 1} {name}"
    return name


def shown(value: Any) -> str:
    """A value as a person would write it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        if not value:
            return "none"
        members = [_shown_member(member) for member in value]
        return (", " if any(" " in member for member in members) else ",").join(members)
    return str(value)


def _shown_member(member: Any) -> str:
    """A member of a list; of a table's row the first column, and what else is not as it comes: `32 kernel 5`."""
    if isinstance(member, Row):
        fields, first = type(member).model_fields, member.first()
        others = {name: value for name, value in member if name != first and value != fields[name].default}
        return " ".join([shown(getattr(member, first)), *_named(others)])
    return " ".join(_named(member)) if isinstance(member, Mapping) else str(member)


def _named(values: Mapping[str, Any]) -> list[str]:
    return [f"{name} {shown(value)}" for name, value in values.items()]


def _flat_group(path: str, group: Settings) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "kind" in type(group).model_fields:
        values[path] = True if path.startswith("regularization.") else group.kind  # type: ignore[attr-defined]
    for name in type(group).model_fields:
        if name != "kind":
            values[f"{path}.{name}"] = getattr(group, name)
    return values
