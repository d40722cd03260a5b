"""What differs between two experiments, and what an experiment is in a few words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tui_trainer.choices.base import Choice, Settings
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.fields import PICKS
from tui_trainer.experiment.schema import Experiment

_WORDS_ONLY = ("version", "name", "about", "teaches")


@dataclass(frozen=True)
class Difference:
    """One path at which two experiments differ; None where one has no such value."""

    path: str
    a: Any
    b: Any

    def __str__(self) -> str:
        return f"{self.path} {shown(self.a)} → {shown(self.b)}"


def diff(a: Experiment, b: Experiment) -> list[Difference]:
    """Every path at which `a` and `b` differ, names and descriptions aside."""
    left, right = flat(a), flat(b)
    order = list(Experiment.model_fields)
    paths = sorted(left | right, key=lambda path: order.index(path.partition(".")[0]))
    differing = [path for path in paths if left.get(path) != right.get(path)]
    # A regularizer that one side lacks is said once, by its main field.
    said = {path.rpartition(".")[0] for path in differing if path.count(".") == 2}
    return [Difference(path, left.get(path), right.get(path)) for path in differing if path not in said]


def from_defaults(experiment: Experiment) -> list[Difference]:
    """What differs from an experiment in which nothing was set; another kind's own defaults go without saying."""
    own = {name: value.pick(value.kind) for name, value in experiment if isinstance(value, Choice)}
    plain, values = flat(Experiment().model_copy(update=own)), flat(experiment)
    return [
        difference
        for difference in diff(Experiment(), experiment)
        if difference.path in own
        or (difference.path in values and values[difference.path] != plain.get(difference.path))
    ]


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
        f"{experiment.model.kind} {experiment.model.shape()}".strip(),
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
    *above, name = path.removesuffix(".kind").split(".")
    if not above and isinstance(value, str) and name in PICKS:
        return value
    if len(above) == 2 and above[0] == "regularization":
        kind = Regularizer.kinds().get(above[1])
        name = above[1] if kind is not None and kind.main_field == name else f"{above[1]} {name}"
    if isinstance(value, list | tuple) and len(value) > 1 and len(set(value)) == 1:
        return f"{name} {len(value)} × {value[0]}"
    return f"{name} {'off' if value is None and above[:1] == ['regularization'] else shown(value)}"


def shown(value: Any) -> str:
    """A value as a person would write it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value)


def _flat_group(path: str, group: Settings) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "kind" in type(group).model_fields:
        values[path] = True if path.startswith("regularization.") else group.kind  # type: ignore[attr-defined]
    for name in type(group).model_fields:
        if name != "kind":
            values[f"{path}.{name}"] = getattr(group, name)
    return values
