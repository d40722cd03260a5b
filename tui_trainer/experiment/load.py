"""From a text or a file to an Experiment or a Comparison, or to all that is wrong with it, each with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from tui_trainer.experiment.comparison import Comparison
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.parse_comparison import is_comparison, parse_comparison
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.yaml_text import Positions, read

MAX_BYTES = 4_000_000

Loaded = TypeVar("Loaded")


def load_text(text: str, file: str = "") -> Experiment:
    """The experiment in a YAML text; `file` is the name that its problems carry.

    Raises ExperimentError with every problem, its line and its path.
    """
    return _load(text, file, _experiment)


def load_comparison_text(text: str, file: str = "") -> Comparison:
    """The comparison in a YAML text; `file` is the name that its problems carry.

    Raises ExperimentError with every problem, its line and its path.
    """
    return _load(text, file, parse_comparison)


def load_any_text(text: str, file: str = "") -> Experiment | Comparison:
    """The comparison in a YAML text that has a base or changes at its top, else the experiment.

    Raises ExperimentError with every problem, its line and its path.
    """
    return _load(text, file, lambda mapping: parse_comparison(mapping) if is_comparison(mapping) else parse(mapping))


def is_comparison_file(path: Path) -> bool:
    """Whether the file at `path` means a comparison; not if it cannot be read."""
    try:
        return is_comparison(read(read_file(path))[0])
    except ExperimentError:
        return False


def _experiment(mapping: Mapping[str, Any]) -> Experiment:
    if is_comparison(mapping):
        raise ExperimentError([Problem("", "is a comparison (here one experiment is wanted)")])
    return parse(mapping)


def _load(text: str, file: str, parse: Callable[[Mapping[str, Any]], Loaded]) -> Loaded:
    mapping, positions, wrong_keys = read(text, file)
    try:
        loaded = parse(mapping)
    except ExperimentError as error:
        placed = [_placed(problem, positions, file) for problem in error.problems]
        raise ExperimentError(sorted([*wrong_keys, *placed], key=lambda problem: problem.line or 0)) from None
    if wrong_keys:
        raise ExperimentError(wrong_keys)
    return loaded


def load_file(path: Path) -> Experiment:
    """The experiment in a YAML file. Raises ExperimentError also where the file cannot be read."""
    return load_text(read_file(path), str(path))


def read_file(path: Path) -> str:
    """The text of an experiment's file. Raises ExperimentError where there is none."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise ExperimentError([Problem("", f"too large (at most {MAX_BYTES:,} bytes)", str(path))])
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ExperimentError([Problem("", "not UTF-8 text", str(path), line)]) from None
    except OSError as error:
        raise ExperimentError([Problem("", f"cannot be read: {error.strerror or error}", str(path))]) from None


def located(problems: Iterable[Problem], path: Path) -> list[Problem]:
    """The same problems, each with its place in the file at `path`. Raises ExperimentError if it cannot be read."""
    _, positions, _ = read(read_file(path), str(path))
    return [_placed(problem, positions, str(path)) for problem in problems]


def _placed(problem: Problem, positions: Positions, file: str) -> Problem:
    """The problem with the place of its path, or of the nearest one above it; a key may have dots in it."""
    places = {".".join(map(str, path)): place for path, place in positions.items()}
    path = problem.path
    while path and path not in places:
        path = path.rpartition(".")[0]
    line, column = places.get(path, (1, 1))
    return Problem(problem.path, problem.message, file, line, column)
