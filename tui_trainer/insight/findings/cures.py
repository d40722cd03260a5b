"""Cures: changes that would mend it, with the present value and the new one in their words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import log
from typing import Any

from tui_trainer.choices.base import Settings
from tui_trainer.choices.forms import FormField
from tui_trainer.choices.given import Given
from tui_trainer.choices.models import Model
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.diff import shown
from tui_trainer.experiment.schema import Experiment, value_at
from tui_trainer.insight.findings.base import Cure
from tui_trainer.runs.view import RunView

FEW_UNITS = 8
"""A layer of no more than these is small for nearly everything."""


def change(
    experiment: Experiment, path: str, new: Any, *, from_step: int | None = None, certain: bool = True, words: str = ""
) -> Cure:
    """The cure that sets one value: `lr 0.01 → 0.1`."""
    return Cure(words or f"{_name(path)} {_present(experiment, path)} → {_shown(new)}", {path: new}, from_step, certain)


def lr_times(
    experiment: Experiment, factor: float, *, from_step: int | None = None, certain: bool = True
) -> list[Cure]:
    """A learning rate about so many times the present one: the nearest rung of its ladder; none if it has no such."""
    present = experiment.optimizer.lr
    field = _field(type(experiment.optimizer), "lr")
    rungs = [rung for rung in field.ladder if (rung - present) * (factor - 1) > 1e-9 * present]
    new = min(rungs, key=lambda rung: abs(log(rung / (present * factor))), default=None)
    return [] if new is None else [change(experiment, "optimizer.lr", new, from_step=from_step, certain=certain)]


def calmer(experiment: Experiment, from_step: int | None = None) -> list[Cure]:
    """A tenth of the learning rate, or the optimizer's own default where that is lower still."""
    own = _field(type(experiment.optimizer), "lr").default
    return lr_times(experiment, min(0.1, own / experiment.optimizer.lr), from_step=from_step)


def activate(experiment: Experiment, kind: str, *, certain: bool = True) -> list[Cure]:
    """Another activation, where the model has hidden units to apply it to."""
    if not experiment.model.activated or experiment.activation.kind == kind:
        return []
    return [change(experiment, "activation", kind, certain=certain)]


def initialize(experiment: Experiment) -> list[Cure]:
    """The initialization that fits the activation, where another one was picked."""
    return [] if fits(experiment) else [change(experiment, "initialization", "auto")]


def scale(experiment: Experiment) -> list[Cure]:
    """Scaled inputs, where they are left as they are."""
    return [change(experiment, "data.scaling", "standard")] if experiment.data.scaling == "none" else []


def fits(experiment: Experiment) -> bool:
    """Whether the initial weights have the size that suits the activation and the widths of the layers."""
    return experiment.initialization.fits(experiment.model.inner_activation(experiment.activation))


def add(experiment: Experiment, kind: str, *, certain: bool = True) -> list[Cure]:
    """A regularizer that is on or off, where it is off and there are hidden units for it."""
    if kind in experiment.regularization or not experiment.model.activated:
        return []
    return [change(experiment, f"regularization.{kind}", True, certain=certain)]


def strengthen(experiment: Experiment, kind: str, *, certain: bool = True) -> list[Cure]:
    """A regularizer at its default where it is off, else one or two rungs up; none beyond what is strong for it."""
    cls = Regularizer.kinds()[kind]
    if not cls.main_field or cls.strong is None:
        return []
    present, field = strength(experiment, kind), _field(cls, cls.main_field)
    if not present:
        return [change(experiment, f"regularization.{kind}", field.default, certain=certain)]
    once = field.neighbour(present, 1)
    new = max((rung for rung in (once, field.neighbour(once, 1)) if present < rung <= cls.strong), default=None)
    return [] if new is None else [change(experiment, f"regularization.{kind}", new, certain=False)]


def weaken(experiment: Experiment) -> list[Cure]:
    """Less of the first regularizer that is strong."""
    for kind, member in experiment.regularization.items():
        value = strength(experiment, kind)
        if member.main_field and member.strong is not None and value > member.strong:
            weaker = _field(type(member), member.main_field).neighbour(value / 3, -1)
            return [change(experiment, f"regularization.{kind}", weaker)]
    return []


def strength(experiment: Experiment, kind: str) -> float:
    """The main field of a regularizer, 0 if it is off."""
    member = experiment.regularization.get(kind)
    return float(getattr(member, member.main_field)) if member and member.main_field else 0.0


def rung(settings: type[Settings], name: str, value: float) -> float:
    """The rung nearest to `value` on a field's ladder."""
    return min(_field(settings, name).ladder, key=lambda it: abs(it - value))


def widen(experiment: Experiment, *, certain: bool = False) -> list[Cure]:
    """Twice the units (four times a few), or hidden units where there are none.

    Where single numbers say how wide the network is, as of a Transformer or a bottleneck, those grow together; of the
    blocks of a convolutional network and the layers behind them, first what is narrower.
    """
    if not has_hidden_units(experiment.model):
        return [change(experiment, "model", "mlp", certain=certain)]
    form = experiment.model.form()
    if widths := [field for field in form if field.type == "integer" and field.unit in ("units", "numbers")]:
        return _wider(experiment, widths, certain)
    lists = [field for field in form if field.type == "integers"]
    wider = [*_more_filters(experiment, form, certain), *_wider(experiment, lists[:1], certain)]
    return sorted(wider, key=_narrowest)


def deepen(experiment: Experiment, task: str) -> list[Cure]:
    """More layers of those that say how many there are, where the task has a use for them."""
    model, unused = experiment.model, experiment.model.unused(Given(task=task))
    found = []
    for field in model.form():
        if field.type == "integer" and field.unit == "layers" and field.name not in unused:
            present = getattr(model, field.name)
            if (more := int(field.neighbour(present, 1))) > present:
                found.append(change(experiment, f"model.{field.name}", more, certain=False))
    return _together(found)


def _wider(experiment: Experiment, fields: Sequence[FormField], certain: bool) -> list[Cure]:
    """More of what some fields hold, numbers or lists of them, as many times for each as for the first."""
    found, times = [], 0
    for field in fields:
        present = getattr(experiment.model, field.name)
        sizes = list(present) if field.type == "integers" else [present]
        times = times or _times(sizes)
        if sizes and times * max(sizes) <= max(field.ladder, default=0):
            new = [times * size for size in sizes]
            wider = new if field.type == "integers" else new[0]
            found.append(change(experiment, f"model.{field.name}", wider, certain=certain))
    return _together(found)


def _more_filters(experiment: Experiment, form: Sequence[FormField], certain: bool) -> list[Cure]:
    """More filters in all blocks."""
    columns = [(table.name, column) for table in form for column in table.columns if column.unit == "filters"]
    found = []
    for table, column in columns:
        sizes = [getattr(row, column.name) for row in getattr(experiment.model, table)]
        new = [_times(sizes) * size for size in sizes]
        if max(new) <= max(column.ladder):
            words = f"{column.name} {_shown(sizes)} → {_shown(new)}"
            changes = {f"model.{table}.{i}.{column.name}": size for i, size in enumerate(new)}
            found.append(Cure(words, changes, certain=certain))
    return found


def _narrowest(cure: Cure) -> int:
    """Of the widths that it comes to, the least."""
    return min(int(size) for value in cure.changes.values() for size in (value if isinstance(value, list) else [value]))


def _times(sizes: Sequence[int]) -> int:
    """How many times as many are clearly more."""
    return 4 if max(sizes, default=0) <= FEW_UNITS else 2


def _together(cures: Sequence[Cure]) -> list[Cure]:
    """All of them as one; none of none."""
    if not cures:
        return []
    changes = {path: value for cure in cures for path, value in cure.changes.items()}
    return [Cure(", ".join(cure.words for cure in cures), changes, certain=all(cure.certain for cure in cures))]


def has_hidden_units(model: Model) -> bool:
    """Whether it has: what can be said of none in a form has none."""
    return bool(model.form())


def last_checkpoint(view: RunView, step: int) -> int | None:
    """The step of the newest checkpoint up to `step` that is sure to be kept; None if there is none behind step 0."""
    kept = {it.step for it in view.checkpoints[-2:]} | {view.best.step if view.best else 0}
    steps = [it.step for it in view.checkpoints if it.step in kept or "ladder" in it.reasons]
    return max((it for it in steps if 0 < it <= step), default=None)


def _name(path: str) -> str:
    return path.rpartition(".")[2]


def _present(experiment: Experiment, path: str) -> str:
    value = value_at(experiment, path)
    if isinstance(value, Regularizer):
        value = getattr(value, value.main_field) if value.main_field else True
    elif value is None and path.startswith("regularization."):
        return "off"
    elif value is None:
        return "all"
    return _shown(getattr(value, "kind", value))


def _shown(value: Any) -> str:
    return "all" if value is None else shown(tuple(value) if isinstance(value, list) else value)


@lru_cache
def _field(settings: type[Settings], name: str) -> FormField:
    return next(field for field in settings.form() if field.name == name)
