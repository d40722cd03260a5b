"""Arguments that several commands take, with the completion of their values in the shell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from tui_trainer.cli.failures import BadInput
from tui_trainer.cli.output import complain
from tui_trainer.experiment.problems import ExperimentError, Problem

if TYPE_CHECKING:
    from tui_trainer.experiment.comparison import Comparison
    from tui_trainer.experiment.schema import Experiment
    from tui_trainer.runs.folder import RunFolder
    from tui_trainer.runs.store import Store

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
Changed = TypeVar("Changed")


class _Word(click.types.StringParamType):
    """A word whose completions are looked up when the shell asks for them."""

    def __init__(self, name: str, known: Callable[[str], Iterable[CompletionItem]]) -> None:
        self.name = name
        self._known = known

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [item for item in self._known(incomplete) if item.type == "file" or item.value.startswith(incomplete)]


def _preset_names(incomplete: str) -> Iterable[CompletionItem]:
    from tui_trainer.experiment.presets import presets

    yield from (CompletionItem(preset.name) for preset in presets())


def _experiments(incomplete: str) -> Iterable[CompletionItem]:
    yield from _preset_names(incomplete)
    yield CompletionItem(incomplete, type="file")


def _compared(incomplete: str) -> Iterable[CompletionItem]:
    from tui_trainer.experiment.presets import presets

    yield from (CompletionItem(preset.name) for preset in presets() if preset.is_comparison)
    yield from _run_ids(incomplete)
    yield CompletionItem(incomplete, type="file")


def _run_ids(incomplete: str) -> Iterable[CompletionItem]:
    from tui_trainer.runs.store import Store

    yield CompletionItem(LATEST)
    folder = Store().runs_folder
    if folder.is_dir():
        yield from (CompletionItem(path.name) for path in sorted(folder.iterdir(), reverse=True) if path.is_dir())


def _assignments(incomplete: str) -> Iterable[CompletionItem]:
    from tui_trainer.experiment.fields import paths

    yield from (CompletionItem(f"{path}=") for path in paths() if path != "training")


LATEST = "latest"
"""Stands for the run that was made last, or the comparison."""

EXPERIMENT = _Word("experiment", _experiments)
PRESET = _Word("preset", _preset_names)
RUN = _Word("run", _run_ids)
COMPARED = _Word("run or comparison", _compared)


def set_option(command: Decorated) -> Decorated:
    """`--set path=value`, as often as wanted."""
    return click.option(
        "--set",
        "assignments",
        multiple=True,
        metavar="PATH=VALUE",
        type=_Word("assignment", _assignments),
        help="Change one value, such as optimizer.lr=0.1 or regularization.l2=0.01. May be repeated.",
    )(command)


def allow_code_option(command: Decorated) -> Decorated:
    """`--allow-code`: the only way in which code of the person's own may run, for as long as the command does."""
    return click.option(
        "--allow-code",
        is_flag=True,
        expose_value=False,
        callback=_allow_code,
        help="Let models of the kind module run the Python function that they name.",
    )(command)


def _allow_code(ctx: click.Context, parameter: click.Parameter, allowed: bool) -> None:
    if allowed:
        from tui_trainer.runs.workers import allow_code

        allow_code()
        ctx.call_on_close(partial(allow_code, False))


def read_any(name: str, assignments: Sequence[str]) -> Experiment | Comparison:
    """The preset or file of that name, with the assignments made in their order: to a comparison's base.

    Raises ExperimentError with all that is wrong.
    """
    from tui_trainer.experiment.presets import find
    from tui_trainer.experiment.schema import Experiment

    try:
        loaded = find(name).load()
    except ExperimentError as error:
        _, problems = _changes(assignments)
        raise ExperimentError([*error.problems, *problems]) from None
    if isinstance(loaded, Experiment):
        return assign(loaded, assignments)
    return _assigned(loaded.with_base, assignments)


def assign(experiment: Experiment, assignments: Sequence[str]) -> Experiment:
    """The experiment with the assignments made in their order. Raises ExperimentError with all that is wrong."""
    from tui_trainer.experiment.overrides import set_values

    return _assigned(partial(set_values, experiment), assignments)


def _assigned(change: Callable[[Mapping[str, Any]], Changed], assignments: Sequence[str]) -> Changed:
    changes, problems = _changes(assignments)
    try:
        changed = change(changes)
    except ExperimentError as error:
        problems += [Problem(problem.path, problem.message, "--set") for problem in error.problems]
    if problems:
        raise ExperimentError(problems)
    return changed


def parsed(assignments: Sequence[str]) -> dict[str, Any]:
    """The values by their paths. Raises ExperimentError with all that is no assignment."""
    changes, problems = _changes(assignments)
    if problems:
        raise ExperimentError(problems)
    return changes


def _changes(assignments: Sequence[str]) -> tuple[dict[str, Any], list[Problem]]:
    """The values by their paths, and what is no assignment."""
    from tui_trainer.experiment.overrides import parse_assignment

    problems: list[Problem] = []
    changes: dict[str, Any] = {}
    for text in assignments:
        try:
            path, value = parse_assignment(text)
            changes[path] = value
        except ExperimentError as error:
            problems += error.problems
    return changes, problems


def locate(error: ExperimentError, name: str, assignments: Sequence[str]) -> ExperimentError:
    """What a worker finds wrong with an experiment that could be read, with the place at which to mend it."""
    from tui_trainer.experiment.load import located
    from tui_trainer.experiment.own_path import own_data_path
    from tui_trainer.experiment.presets import find

    assigned = parsed(assignments)
    if own_data_path(name) is not None:
        return error  # which says itself in which line of the data
    return ExperimentError(
        [
            Problem(problem.path, problem.message, "--set")
            if any(problem.path == path or problem.path.startswith(f"{path}.") for path in assigned)
            else located([problem], find(name).path)[0]
            for problem in error.problems
        ]
    )


def find_run(word: str) -> RunFolder:
    """The run whose id begins with `word`, or the latest one of that name, or of all.

    Raises BadInput where there is none, or the beginning is that of several ids.
    """
    from tui_trainer.runs.store import AmbiguousRun, RunNotFound, Store

    store = Store()
    try:
        if word != LATEST:
            return store.find(word)
    except AmbiguousRun as error:
        raise BadInput(str(error)) from None
    except RunNotFound as error:
        if (named := latest_named(word, store)) is None:
            raise BadInput(f"{error} (tui-trainer runs lists ids and names)") from None
        return named
    folders = store.folders()
    if not folders:
        raise BadInput("there is no run yet (start one: tui-trainer run digits-mlp)")
    return max(folders, key=lambda folder: folder.id)


def latest_named(name: str, store: Store) -> RunFolder | None:
    """The latest run of that name, which is said where there are others."""
    named = [run.folder for run in store.list() if run.name == name] if name else []
    if len(named) > 1:
        complain(f"{len(named):,} runs are called {name}; this is the latest: {named[0].id}")
    return named[0] if named else None
