"""What a run differs in, and from what: its parent, the preset that it is of, else the defaults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.diff import Difference, diff, from_defaults, shown
from tui_trainer.experiment.presets import presets
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.text import clean
from tui_trainer.runs.records import Change
from tui_trainer.runs.summary import RunSummary

_TELLING = ("regularization", "optimizer", "activation", "model", "initialization", "data", "training")
"""What says most about a run among others comes first."""

_MOST_VALUES = 3  # of a field that was changed while training

PresetOf = Callable[[str], Experiment | None]
"""The preset experiment of a name, if there is one."""


@dataclass(frozen=True)
class Differing:
    """In which settings a run differs, from what, and what was changed in it while it trained."""

    base: Literal["parent", "preset", "defaults"]
    name: str = ""  # of the parent or the preset
    differences: tuple[Difference, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def in_full(self) -> str:
        """`optimizer.lr 20 → 0.1 (against its parent, digits-mlp)`."""
        said = clean(", ".join(map(str, self.differences)))
        match self.base:
            case "parent":
                return f"{said} (against its parent, {self.name})" if said else f"settings of its parent, {self.name}"
            case "preset":
                return f"{said} (against the preset {self.name})" if said else f"the preset {self.name} as it is"
        return f"{said} (against the defaults)" if said else "no setting differs from the defaults"

    @property
    def in_short(self) -> str:
        """`fork: lr 0.1`, `preset: no l2`, `lr 20, then 10`; the most telling first."""
        values: dict[str, list[Any]] = {it.path: [it.b] for it in sorted(self.differences, key=_rank)}
        for change in self.changes:
            values.setdefault(change.path, [change.old]).append(change.new)
        said = clean(", ".join(_in_short(path, several) for path, several in values.items()))
        match self.base:
            case "parent":
                return f"fork: {said}" if said else "fork"
            case "preset":
                return f"preset: {said}" if said else "preset as it is"
        return said


def differing(run: RunSummary, parent: RunSummary | None, preset_of: PresetOf) -> Differing | None:
    """What a run differs in; `parent` is the run that it was forked from, if that is still there.

    None if its experiment cannot be read.
    """
    experiment = run.experiment
    if experiment is None:
        return None
    changes = tuple(it for it in run.own_changes if it.path != "training.pace")
    if parent is not None and run.origin.from_step is not None:
        made = tuple(Difference(it.path, it.old, it.new) for it in run.fork_changes)
        return Differing("parent", parent.name, made, changes)
    if parent is not None and (before := parent.present or parent.experiment) is not None:
        return Differing("parent", parent.name, tuple(diff(before, experiment)), changes)
    preset = preset_of(experiment.name)
    if preset is not None:
        return Differing("preset", clean(experiment.name), tuple(diff(preset, experiment)), changes)
    return Differing("defaults", "", tuple(from_defaults(experiment)), changes)


class PresetExperiments:
    """The preset experiments by name, each read once. Reads the disk: for a thread."""

    def __init__(self) -> None:
        self._presets = {preset.name: preset for preset in presets()}
        self._read: dict[str, Experiment | None] = {}

    def __call__(self, name: str) -> Experiment | None:
        """None where there is none of that name, or it cannot be read or is a comparison."""
        if name not in self._read:
            self._read[name] = self._experiment(name)
        return self._read[name]

    def _experiment(self, name: str) -> Experiment | None:
        try:
            return self._presets[name].experiment() if name in self._presets else None
        except ExperimentError:
            return None


def _rank(difference: Difference) -> int:
    family = difference.path.partition(".")[0]
    return _TELLING.index(family) if family in _TELLING else len(_TELLING)


def _in_short(path: str, values: list[Any]) -> str:
    """`lr 0.3`, `lr 20, then 10`; a choice by its name alone, a regularizer with its main value."""
    family, *names = path.split(".")
    first, *later = values
    if not later and first is None:
        return f"no {' '.join(names) or family}"
    if family == "regularization" and names[1:] == [Regularizer.kinds()[names[0]].main_field]:
        names = names[:1]
    name = " ".join(names) if names else "" if family in _TELLING else family
    if len(later) >= _MOST_VALUES:
        told = f"{_shown(later[0])} … {_shown(later[-1])}"
    else:
        told = ", ".join(map(_shown, later))
    return f"{name} {_shown(first)}{f', then {told}' if later else ''}".strip()


def _shown(value: Any) -> str:
    """`6x100` for six equal layers, else as everywhere."""
    if isinstance(value, list | tuple) and len(value) > 2 and all(it == value[0] for it in value):
        return f"{len(value)}x{shown(value[:1])}"
    return shown(value)
