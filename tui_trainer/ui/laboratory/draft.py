"""The experiment that is being put together: always a valid one, with the way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.fields import live_paths
from tui_trainer.experiment.overrides import set_value
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.schema import Experiment, value_at

DEFAULT: Final = object()
"""In place of a value: take out what was set, so that the default holds."""

MOST_UNDO = 200


@dataclass(frozen=True)
class Edit:
    """A value for the field at `path`, or `DEFAULT`."""

    path: str
    value: Any


class Draft:
    """An experiment as a plain mapping, so that what was never set stays unset, and as a checked Experiment."""

    def __init__(self, mapping: Mapping[str, Any]) -> None:
        """Raises ExperimentError if `mapping` is no experiment."""
        self.experiment = parse(mapping)
        self.mapping: Mapping[str, Any] = dict(mapping)
        self._before: list[Mapping[str, Any]] = []

    def edit(self, edit: Edit) -> bool:
        """Makes one change; whether it changed anything. Raises ExperimentError if it is wrong, and changes nothing."""
        if edit.value is DEFAULT:
            return self._become(without(self.mapping, edit.path))
        return self._become(set_value(self.mapping, edit.path, edit.value))

    def replace(self, experiment: Experiment) -> bool:
        """Puts another experiment in its place, which can be undone."""
        return self._become(to_mapping(experiment))

    def undo(self) -> bool:
        """Takes the last change back, if there is one."""
        if not self._before:
            return False
        self.mapping = self._before.pop()
        self.experiment = parse(self.mapping)
        return True

    def _become(self, mapping: Mapping[str, Any]) -> bool:
        if mapping == self.mapping:
            return False
        self.experiment = parse(mapping)
        self._before = [*self._before[1 - MOST_UNDO :], self.mapping]
        self.mapping = mapping
        return True


def is_set(mapping: Mapping[str, Any], path: str) -> bool:
    """Whether an experiment's mapping says something at `path`."""
    value: Any = mapping
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return False
        value = value[name]
    return True


def without(mapping: Mapping[str, Any], path: str) -> dict[str, Any]:
    """A copy of an experiment's mapping that says nothing at `path`."""
    top, _, rest = path.partition(".")
    changed = dict(mapping)
    if not rest:
        changed.pop(top, None)
    elif isinstance(changed.get(top), Mapping):
        changed[top] = without(changed[top], rest)
        if not changed[top]:
            del changed[top]
    return changed


@cache
def live_fields() -> frozenset[str]:
    """The paths of the fields that can change while training."""
    return frozenset(live_paths())


def effective(experiment: Experiment) -> Experiment:
    """The experiment without the regularizers that do nothing, so that dropout 0 equals no dropout."""
    kept = {name: member for name, member in experiment.regularization.items() if member != member.off()}
    return experiment.model_copy(update={"regularization": kept})


def value_of(experiment: Experiment, path: str) -> Any:
    """The value of a live field; of a regularizer that is absent, the one that does nothing."""
    value = value_at(experiment, path)
    top, _, rest = path.partition(".")
    if value is not None or top != "regularization":
        return value
    name, _, field = rest.partition(".")
    return getattr(Regularizer.kinds()[name].off(), field)
