"""A comparison: one base experiment, named changes to it, and how often each is repeated with another seed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from tui_trainer.experiment.diff import change_in_words, diff
from tui_trainer.experiment.dump import plain
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment

MOST_ARMS = 8
"""More curves than this in one plot cannot be told apart."""

MOST_REPEATS = 100

LONGEST_ARM_NAME = 40

FIXED = {
    "seed": "repeats: N trains every arm with N seeds",
    **dict.fromkeys(("version", "name", "about", "teaches"), "it changes nothing that is trained"),
}
"""What no arm may change, and why."""

BESIDE_THE_POINT = {"seed", "device", "data.folder", "training.pace"}
"""What may be set without making untrue what a comparison says about itself."""


@dataclass(frozen=True)
class Arm:
    """One of the experiments that are compared: the base with `changes` (path -> value) made to it."""

    name: str
    changes: Mapping[str, Any]
    experiment: Experiment

    def seeded(self, repeat: int) -> Experiment:
        """Its experiment for the `repeat`-th time, from 0: with the base's seed, the one after that, and so on."""
        return self.experiment.model_copy(update={"seed": (self.experiment.seed + repeat) % 2**32})


@dataclass(frozen=True)
class Comparison:
    """One to eight arms (one alone is a run that is repeated); all of a repeat share their seed."""

    name: str
    base: Experiment
    arms: tuple[Arm, ...]
    repeats: int = 1
    about: str = ""
    teaches: str = ""

    def __post_init__(self) -> None:
        # What is said about the base is not true of the arms.
        object.__setattr__(self, "base", self.base.model_copy(update={"about": "", "teaches": ""}))

    def renamed(self, name: str) -> Comparison:
        """The same under another name, which its arms' experiments carry."""
        changes = {arm.name: arm.changes for arm in self.arms}
        return replace(self, name=name, arms=make_arms(name, self.base, changes))

    def repeated(self, repeats: int) -> Self:
        """The same with another number of repeats."""
        return replace(self, repeats=repeats)

    def with_base(self, changes: Mapping[str, Any]) -> Comparison:
        """The same with values of its base set by path; what an arm changes itself stays as the arm has it.

        What is said about it is left out where it may not be true any more. Raises ExperimentError with every problem.
        """
        base = set_values(self.base, changes)
        arms = make_arms(self.name, base, {arm.name: arm.changes for arm in self.arms})
        changed = replace(self, base=base, arms=arms)
        return changed if set(changes) <= BESIDE_THE_POINT else replace(changed, about="", teaches="")


def same_lesson(a: Comparison, b: Comparison) -> bool:
    """Whether what is said about `a` holds for `b` too: the same changes to a base that is the same where it counts."""
    arms = [[(arm.name, dict(arm.changes)) for arm in comparison.arms] for comparison in (a, b)]
    return arms[0] == arms[1] and {it.path for it in diff(a.base, b.base)} <= BESIDE_THE_POINT


def vary(base: Experiment, path: str, values: Sequence[Any]) -> Comparison:
    """A comparison with one arm for each of 2 to 8 values at `path`, as `v` on a field starts it.

    Picking a kind drops the fields of the old one, so that a learning rate nobody touched is each optimizer's own
    default. Raises ExperimentError with every problem.
    """
    if not 2 <= len(values) <= MOST_ARMS:
        raise ExperimentError([Problem(path, f"{len(values)} values do not fit (from 2 to {MOST_ARMS})")])
    changes = {change_in_words(path, value)[:LONGEST_ARM_NAME]: {path: plain(value)} for value in values}
    if len(changes) < len(values):
        raise ExperimentError([Problem(path, "one of the values stands here twice")])
    name = f"{base.name} {path.removesuffix('.kind').rpartition('.')[2]}".strip()[:100]
    return Comparison(name, base, make_arms(name, base, changes))


def make_arms(name: str, base: Experiment, changes: Mapping[str, Mapping[str, Any]]) -> tuple[Arm, ...]:
    """The arms of the comparison called `name`, each called like its changes to `base`.

    Raises ExperimentError with every problem; a path begins with the name of its arm.
    """
    arms: list[Arm] = []
    problems: list[Problem] = []
    for arm, made in changes.items():
        try:
            arms.append(make_arm(name, base, arm, made))
        except ExperimentError as error:
            problems += [Problem(f"{arm}.{problem.path}", problem.message) for problem in error.problems]
    problems += [*_same(arms), *_lost_sources(arms)]
    if problems:
        raise ExperimentError(problems)
    return tuple(arms)


def make_arm(name: str, base: Experiment, arm: str, changes: Mapping[str, Any]) -> Arm:
    """One arm. Its experiment is called after both, and says nothing of what the base is about."""
    problems = [Problem(path, f"cannot be changed by an arm ({FIXED[path]})") for path in changes if path in FIXED]
    words = {"name": _joined(name or base.name, arm)[:100], "about": "", "teaches": ""}
    try:
        changed = set_values(base, {path: value for path, value in changes.items() if path not in FIXED})
    except ExperimentError as error:
        raise ExperimentError([*problems, *error.problems]) from None
    if problems:
        raise ExperimentError(problems)
    return Arm(arm, changes, changed.model_copy(update=words))


def _joined(name: str, arm: str) -> str:
    """`mine lr` and `lr 0.1` make `mine lr 0.1`: the words that both have between them are there once."""
    words, more = name.split(), arm.split()
    shared = next((n for n in range(len(more), 0, -1) if words[-n:] == more[:n]), 0)
    return " ".join([*words, *more[shared:]])


def _same(arms: Sequence[Arm]) -> list[Problem]:
    """Arms that train the same as one before them."""
    found = []
    bare = [arm.experiment.model_copy(update={"name": ""}) for arm in arms]
    for i, arm in enumerate(arms):
        twin = next((arms[j].name for j in range(i) if bare[j] == bare[i]), None)
        if twin is not None:
            found.append(Problem(arm.name, f"is the same experiment as {twin} (each arm must change something else)"))
    return found


def _lost_sources(arms: Sequence[Arm]) -> list[Problem]:
    """Arms that are to begin from the weights of one that is not there, or that waits for them in turn."""
    sources = {arm.name: arm.experiment.warm_start.arm for arm in arms}
    found = []
    for name, source in sources.items():
        if source and source not in sources:
            message = f"there is no arm {source!r} to begin from (there are {', '.join(sources)})"
            found.append(Problem(f"{name}.warm_start.run", message))
        chain = [name]
        while (source := sources.get(chain[-1], "")) in sources and source not in chain:
            chain.append(source)
        if source in chain:
            message = (
                "it would begin from its own weights" if len(chain) == 1 else "arms begin from each other's weights"
            )
            found.append(Problem(f"{name}.warm_start.run", message))
    return found


def untuned_learning_rates(experiments: Iterable[Experiment]) -> bool:
    """Whether experiments differ in their optimizer's kind while every learning rate is that optimizer's default.

    Such a comparison says how good the defaults are here, not which optimizer is better.
    """
    optimizers = [experiment.optimizer for experiment in experiments]
    kinds = {optimizer.kind for optimizer in optimizers}
    return len(kinds) > 1 and all(
        optimizer.lr == type(optimizer).model_fields["lr"].get_default() for optimizer in optimizers
    )
