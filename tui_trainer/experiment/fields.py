"""Finds the form field that a path such as `optimizer.lr` or `regularization.l2.strength` names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_trainer.choices.base import Choice, Pick, Settings
from tui_trainer.choices.forms import FormField
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.choices.training import Training
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
    if top == "training" and not rest:
        return Training
    if top == "regularization" and rest:
        return Regularizer.kinds().get(rest)
    return Experiment if not path else None


def field_at(path: str, mapping: Mapping[str, Any]) -> FormField | None:
    """The form field at `path`, given the kinds that `mapping` picks; None if there is none."""
    group_path, _, name = path.rpartition(".")
    group = group_at(group_path, mapping)
    if group is None:
        return None
    return next((field for field in group.form() if field.name == name), None)


def paths() -> dict[str, tuple[type[Settings], ...]]:
    """Every path at which an experiment can be changed, each with the classes that have such a field.

    Where a choice, a regularizer or a whole group stands, these are the classes that may stand there.
    """
    groups: dict[str, tuple[type[Settings], ...]] = {"training": (Training,)}
    groups |= {name: tuple(family.kinds().values()) for name, (family, _) in PICKS.items()}
    groups |= {f"regularization.{name}": (kind,) for name, kind in Regularizer.kinds().items()}
    found = dict(groups)
    for path, classes in groups.items():
        for owner in classes:
            for field in owner.form():
                found.setdefault(f"{path}.{field.name}", ())
                found[f"{path}.{field.name}"] += (owner,)
    return found | {"seed": (Experiment,), "device": (Experiment,)}


def places_of(name: str) -> list[str]:
    """Where else in an experiment something of that name can stand, if that is plain: at one path, or at two."""
    found = [path for path in paths() if path.rpartition(".")[2] == name]
    return found if len(found) <= 2 else []


def live_paths() -> tuple[str, ...]:
    """The paths of all fields that may change while training."""
    found = [f"training.{field.name}" for field in Training.form() if field.live]
    for name, (family, _) in PICKS.items():
        found += [f"{name}.{field.name}" for kind in family.kinds().values() for field in kind.form() if field.live]
    for name, kind in Regularizer.kinds().items():
        if kind.off() is not None:
            found += [f"regularization.{name}.{field.name}" for field in kind.form() if field.live]
    return tuple(dict.fromkeys(found))
