"""What is compared: runs, put together where they are one experiment with several seeds, and what tells them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tui_trainer.choices.base import Settings
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.diff import change_in_words, flat
from tui_trainer.experiment.fields import PICKS
from tui_trainer.experiment.schema import Experiment, value_at
from tui_trainer.experiment.text import clean, cut
from tui_trainer.runs.records import Change, RunView
from tui_trainer.runs.summary import epochs

LONGEST_NAME = 40
_NO_RESULT = ("seed", "training.pace")
"""What may differ between two runs without making them different experiments."""


@dataclass(frozen=True)
class Arm:
    """One side of a comparison: an experiment, and the runs of it, one for each seed, by seed."""

    name: str  # what tells it from the other arms, such as `l2 0.01`
    runs: tuple[RunView, ...]


def letter(index: int) -> str:
    """What an arm is called in words and on the screen: A, B, C …"""
    return chr(ord("A") + index) if index < 26 else str(index + 1)


def title(index: int, arm: Arm) -> str:
    """The arm with its letter in front: `B l2 0.1`."""
    return f"{letter(index)} {arm.name}".strip()


def seed_of(run: RunView) -> int:
    """The seed that a run drew everything from."""
    return run.experiment.seed if run.experiment else 0


def experiment_of(arm: Arm) -> Experiment | None:
    """The experiment of its first run, with the changes that were made while it trained; None if it cannot be read."""
    return next((made for run in arm.runs if (made := run.present or run.experiment)), None)


# Grouping


@dataclass
class _Group:
    runs: list[RunView] = field(default_factory=list)
    keys: set[Any] = field(default_factory=set)


def group(views: Sequence[RunView]) -> tuple[Arm, ...]:
    """Runs of one experiment with several seeds become one arm, in the order in which the first of each stands.

    One experiment: they belong to the same arm of the same comparison, or they are equal but for the seed, with the
    same changes made while they trained. A seed that an arm has already makes another arm. If all would be one arm,
    each run is one.
    """
    groups: list[_Group] = []
    for view in views:
        keys = _keys(view)
        found = next((it for it in groups if it.keys & keys), None)
        if found is None:
            found = _Group()
            groups.append(found)
        found.runs.append(view)
        found.keys |= keys
    members = [part for it in groups for part in _without_twins(it.runs)]
    if len(members) == 1:
        members = [[view] for view in members[0]]
    names = _names(members)
    return tuple(Arm(name, tuple(sorted(runs, key=seed_of))) for name, runs in zip(names, members, strict=True))


def _keys(view: RunView) -> set[Any]:
    """What makes a run belong to an arm: any of these."""
    origin = view.origin
    keys: set[Any] = set()
    if origin.comparison and origin.arm:
        keys.add((origin.comparison, origin.arm))
    experiment = view.present or view.experiment
    if experiment is None:
        keys.add(view.id)
    else:
        values = {path: value for path, value in flat(experiment).items() if path not in _NO_RESULT}
        changes = tuple((change.epoch, change.path, repr(change.new)) for change in telling_changes(view))
        keys.add((repr(sorted(values.items(), key=lambda it: it[0])), changes, origin.from_epoch))
    return keys


def telling_changes(view: RunView) -> list[Change]:
    """The changes made while it trained that changed its curves."""
    return [change for change in chosen_changes(view) if change.path not in ("training.pace", "training.epochs")]


def chosen_changes(view: RunView) -> list[Change]:
    """The changes made while it trained, without what another kind brings with it.

    That are the fields of the kind before, which are gone, and its own ones at their defaults.
    """
    kinds = {(it.epoch, it.path): str(it.new) for it in view.changes if it.path in PICKS}

    def comes_along(change: Change) -> bool:
        group, _, name = change.path.partition(".")
        picked = kinds.get((change.epoch, group)) if name else None
        kind = PICKS[group][0].kinds().get(picked) if picked is not None else None
        if kind is None:
            return False
        known = kind.model_fields.get(name)
        return change.new is None if known is None else change.new == known.default

    return [change for change in view.changes if not comes_along(change)]


def _without_twins(runs: Sequence[RunView]) -> list[list[RunView]]:
    """The runs in as many lists as it takes for no list to hold a seed twice."""
    lists: list[list[RunView]] = []
    for run in runs:
        seed = seed_of(run)
        free = next((it for it in lists if all(seed_of(other) != seed for other in it)), None)
        if free is None:
            free = []
            lists.append(free)
        free.append(run)
    return lists


# What differs


def differing(experiments: Sequence[Experiment]) -> list[str]:
    """The paths at which experiments differ, in the order of the form; names, seed and pace aside.

    What only some of them have (the fields of another kind, or of a regularizer that is absent elsewhere) is left out
    where it is as it comes; the learning rate always counts.
    """
    flats = [flat(experiment) for experiment in experiments]
    paths = sorted(dict.fromkeys(path for it in flats for path in it), key=_place)
    return [
        path
        for path in paths
        if path not in _NO_RESULT
        and len({repr(it.get(path)) for it in flats}) > 1
        and not _said_elsewhere(path)
        and (
            _is_main(path)
            or all(path in it for it in flats)
            or any(
                path in it and not is_default(experiment, path)
                for it, experiment in zip(flats, experiments, strict=True)
            )
        )
    ]


def _place(path: str) -> int:
    return list(Experiment.model_fields).index(path.partition(".")[0])


def _said_elsewhere(path: str) -> bool:
    """Whether it says only that a regularizer is there, which its main field says too."""
    family, _, kind = path.partition(".")
    return family == "regularization" and "." not in kind and _main_field(kind) is not None


def _is_main(path: str) -> bool:
    """Whether it is what a choice is known by: the kind, or a regularizer's main field."""
    family, *rest = path.split(".")
    if family == "regularization":
        return len(rest) == 1 or rest[1:] == [_main_field(rest[0])]
    return not rest


def _main_field(kind: str) -> str | None:
    found = Regularizer.kinds().get(kind)
    return found.main_field if found else None


def is_default(experiment: Experiment, path: str) -> bool:
    """Whether the value at `path` is the one that its choice comes with."""
    group_path, _, name = path.rpartition(".")
    holder = value_at(experiment, group_path) if group_path else experiment
    info = type(holder).model_fields.get(name) if isinstance(holder, Settings) else None
    return info is not None and getattr(holder, name) == info.get_default(call_default_factory=True)


# Names


def _names(members: Sequence[Sequence[RunView]]) -> list[str]:
    names = [_own_name(runs) for runs in members]
    if not all(names):
        described = _described(members)
        names = [own or words for own, words in zip(names, described, strict=True)]
    return _told_apart(names)


def _own_name(runs: Sequence[RunView]) -> str:
    """The name that the comparison gave the arm."""
    return next((name for run in runs if (name := _name(run.origin.arm))), "")


def _name(text: str) -> str:
    return cut(clean(text, 10 * LONGEST_NAME), LONGEST_NAME)


def _described(members: Sequence[Sequence[RunView]]) -> list[str]:
    """What differs; where nothing does, the names of the runs, or their seeds."""
    firsts = [runs[0] for runs in members]
    experiments = [run.present or run.experiment for run in firsts]
    known = [experiment for experiment in experiments if experiment]
    paths = differing(known) if len(known) == len(firsts) else []
    changed = len({repr([(it.epoch, it.path, it.new) for it in telling_changes(run)]) for run in firsts}) > 1
    if paths or changed:
        names = [
            _in_words(experiment, _unsaid(_own(experiment, known, paths), run)) + _changes_in_words(run)
            if changed
            else _in_words(experiment, _own(experiment, known, paths))
            for run, experiment in zip(firsts, known, strict=True)
        ]
        return [_name(name.strip()) or "baseline" for name in names]
    own = [_name(run.name) for run in firsts]
    seeds = [f"seed {seed_of(run)}" for run in firsts]
    return next((names for names in (own, seeds) if len(set(names)) == len(names)), own)


def _unsaid(paths: Sequence[str], run: RunView) -> list[str]:
    """The paths but for those that were changed while it trained, which is said with the epoch."""
    changed = [change.path for change in telling_changes(run)[:2]]
    return [path for path in paths if not any(path == it or path.startswith(f"{it}.") for it in changed)]


def _own(experiment: Experiment, all_of_them: Sequence[Experiment], paths: Sequence[str]) -> list[str]:
    """The paths worth naming: where several things differ among several experiments, those that most do not share."""
    if len(paths) < 2 or len(all_of_them) < 3:
        return list(paths)
    flats = [flat(it) for it in all_of_them]
    own = flat(experiment)
    common = {path: Counter(repr(it.get(path)) for it in flats).most_common(1)[0] for path in paths}
    return [path for path in paths if common[path][1] == 1 or repr(own.get(path)) != common[path][0]]


def _in_words(experiment: Experiment, paths: Sequence[str]) -> str:
    """`adam`, `lr 0.1 l2 0.01`; empty where all that differs is absent."""
    values = flat(experiment)
    kinds = {path for path in paths if "." not in path}
    words = []
    for path in paths:
        if values.get(path) is None and (path not in values or path.startswith("regularization.")):
            continue
        if path.partition(".")[0] in kinds and "." in path and is_default(experiment, path):
            continue
        words.append(change_in_words(path, values[path]).removesuffix(" on").replace("_", " "))
    return " ".join(words)


def _changes_in_words(run: RunView) -> str:
    changes = telling_changes(run)
    return "".join(f" {change_in_words(it.path, it.new)} at epoch {epochs(it.epoch)}" for it in changes[:2])


def _told_apart(names: Sequence[str]) -> list[str]:
    """The names, with `again` behind those that stand there already."""
    seen: dict[str, int] = {}
    apart = []
    for name in names:
        count = seen[name] = seen.get(name, 0) + 1
        apart.append(name if count == 1 else f"{name} again" if count == 2 else f"{name} again {count - 1}")
    return apart
