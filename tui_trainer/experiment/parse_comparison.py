"""From a mapping to a Comparison, or to all that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_trainer.experiment import presets
from tui_trainer.experiment.comparison import (
    LONGEST_ARM_NAME,
    MOST_ARMS,
    MOST_REPEATS,
    Arm,
    Comparison,
    make_arms,
)
from tui_trainer.experiment.fields import places_of
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.problems import ExperimentError, Problem, meant_elsewhere, suggestion
from tui_trainer.experiment.schema import VERSION, Experiment
from tui_trainer.experiment.text import clean

NAMES = ("version", "name", "about", "teaches", "base", "changes", "repeats")
"""What stands at the top of a comparison."""

WORDS = ("name", "about", "teaches")


def is_comparison(mapping: Mapping[str, Any]) -> bool:
    """Whether a file's mapping means a comparison."""
    return "base" in mapping or "changes" in mapping


def parse_comparison(mapping: Mapping[str, Any]) -> Comparison:
    """The comparison that `mapping` describes.

    Raises ExperimentError with every problem and its path.
    """
    problems = _problems_at_top(mapping)
    changes, wrong = _read_changes(mapping.get("changes"))
    problems += wrong
    base, wrong = _read_base(mapping)
    problems += wrong
    name = mapping.get("name", "") if isinstance(mapping.get("name", ""), str) else ""
    arms: tuple[Arm, ...] = ()
    if base is not None:
        try:
            arms = make_arms(name, base, changes)
        except ExperimentError as error:
            problems += [Problem(f"changes.{problem.path}", problem.message) for problem in error.problems]
    if base is None or problems:
        raise ExperimentError(problems)
    words = {word: mapping.get(word, "") for word in WORDS}
    return Comparison(base=base, arms=arms, repeats=mapping.get("repeats", 1), **words)


def _problems_at_top(mapping: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the names at the top, and with the values that stand there by themselves."""
    version = mapping.get("version", VERSION)
    if _whole(version) and version > VERSION:
        newer = f"version {version} is newer than this program knows ({VERSION}; upgrade tui-trainer)"
        raise ExperimentError([Problem("version", newer)])
    problems = [Problem(name, f"unknown name ({_right_place(name)})") for name in mapping if name not in NAMES]
    if not (_whole(version) and version >= 1):
        problems.append(Problem("version", f"{version!r:.60} does not fit (must be {VERSION})"))
    for word in WORDS:
        limit = 100 if word == "name" else 1000
        if not (isinstance(text := mapping.get(word, ""), str) and len(text) <= limit):
            problems.append(Problem(word, f"{text!r:.60} does not fit (must be a text of at most {limit} characters)"))
    repeats = mapping.get("repeats", 1)
    if not (_whole(repeats) and 1 <= repeats <= MOST_REPEATS):
        right = f"must be a whole number, at least 1, at most {MOST_REPEATS}"
        problems.append(Problem("repeats", f"{repeats!r:.60} does not fit ({right})"))
    return problems


def _right_place(name: str) -> str:
    if name in Experiment.model_fields:
        return f"write it below base, as base: {{{name}: …}}"
    places = places_of(name)
    return meant_elsewhere([f"base.{path}" for path in places]) if places else suggestion(name, NAMES)


def _read_base(mapping: Mapping[str, Any]) -> tuple[Experiment | None, list[Problem]]:
    """The base, or what is wrong with it."""
    named = mapping.get("base")
    if isinstance(named, str):
        return _preset(named)
    if not isinstance(named, Mapping):
        said = "is missing" if "base" not in mapping else f"{named!r:.60} does not fit"
        return None, [Problem("base", f"{said} (must be the name of a preset, or an experiment: {{data: …}})")]
    if is_comparison(named):
        return None, [Problem("base", "is a comparison itself (must be one experiment)")]
    try:
        return parse(named), []
    except ExperimentError as error:
        return None, [Problem(f"base.{problem.path}", problem.message) for problem in error.problems]


def _preset(name: str) -> tuple[Experiment | None, list[Problem]]:
    """The experiment of the preset of that name; only a name will do, never a path."""
    known = {preset.name: preset for preset in presets.presets()}
    if name not in known:
        experiments = [preset.name for preset in known.values() if not preset.is_comparison]
        return None, [Problem("base", f"there is no preset {name!r:.60} ({suggestion(name, experiments)})")]
    if known[name].is_comparison:
        return None, [Problem("base", f"{name} is a comparison itself (must be the preset of one experiment)")]
    try:
        return known[name].experiment(), []
    except ExperimentError as error:
        return None, [Problem("base", f"the preset {name} is wrong: {problem}") for problem in error.problems]


def _read_changes(written: Any) -> tuple[dict[str, Mapping[str, Any]], list[Problem]]:
    """The changes of each arm that can be read, and what is wrong with the others and with their number."""
    shape = "name: {path: value}, such as l2 0.01: {regularization.l2: 0.01}"
    if not isinstance(written, Mapping):
        said = "is missing" if written is None else f"{written!r:.60} does not fit"
        return {}, [Problem("changes", f"{said} (must be a mapping of arms, {shape})")]
    changes: dict[str, Mapping[str, Any]] = {}
    problems: list[Problem] = []
    if not 1 <= len(written) <= MOST_ARMS:
        problems.append(Problem("changes", f"{len(written)} arms do not fit (from 1 to {MOST_ARMS})"))
    for arm, made in written.items():
        if not arm.strip() or len(arm) > LONGEST_ARM_NAME or clean(arm) != arm:
            right = f"1 to {LONGEST_ARM_NAME} characters that can be printed"
            problems.append(Problem(f"changes.{arm}", f"{arm!r:.60} cannot name an arm ({right})"))
        elif made is not None and not isinstance(made, Mapping):
            problems.append(Problem(f"changes.{arm}", f"{made!r:.60} does not fit (must be a mapping, {shape})"))
        else:
            changes[arm] = made or {}
    return changes, problems


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
