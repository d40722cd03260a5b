"""A comparison without the dashboard: what is missing is trained, then table and verdict are written."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import click

from tui_trainer.cli.arguments import parsed
from tui_trainer.cli.comparisons.meant import Meant
from tui_trainer.cli.comparisons.results import Outcome
from tui_trainer.cli.comparisons.training import Training, turns
from tui_trainer.cli.failures import FAILED, INTERRUPTED
from tui_trainer.cli.interruption import Interruption
from tui_trainer.cli.output import columns, complain, on_terminal, say
from tui_trainer.experiment.comparison import Arm
from tui_trainer.experiment.load import located
from tui_trainer.experiment.presets import find
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.description import Description
from tui_trainer.runs.queue import AT_LEAST
from tui_trainer.runs.store import Store


def compare_here(meant: Meant, name: str, assignments: Sequence[str], as_json: bool) -> int:
    """Trains what is missing, writes what came out, and returns the exit code. `name` is where it was read from."""
    if meant.comparison is None:
        write(Outcome(meant.runs), as_json)
        return 0
    store = Store()
    with Interruption() as interruption, Training(store, interruption) as training:
        runs = store.runs_of(meant.id) if meant.id else []
        missing = len(meant.comparison.arms) * meant.comparison.repeats - len(runs)
        if missing > 0:
            training.stand_by(min(missing, AT_LEAST))
        begun = {folder.origin().within(meant.id).arm for folder in runs}
        lacking = [arm for arm in meant.comparison.arms if arm.name not in begun]
        for warning in describe_all(training.describe, lacking, meant, name, assignments):
            complain(f"warning: {warning}")
        id = meant.id or store.comparisons.save(meant.comparison)
        meant.keep_repeats()
        say(f"comparison {id}")
        training.run(turns(meant.comparison, id, store.runs_of(id)))
    folders = store.runs_of(id)
    if folders:
        if not as_json:
            say()
        write(Outcome(folders, meant.comparison, id), as_json)
    for failure in training.failures:
        complain(f"Error: {failure}")
    if interruption.happened:
        return INTERRUPTED
    failed = [name for name, view in training.views.items() if view.state in ("failed", "died")]
    for run in failed:
        complain(f"Error: {run}: {training.views[run].why}")
    return FAILED if failed or training.failures else INTERRUPTED if _stopped(training) else 0


def _stopped(training: Training) -> bool:
    """Whether someone else stopped one of the runs."""
    return any(view.state in ("stopped", "interrupted") for view in training.views.values())


def write(outcome: Outcome, as_json: bool) -> None:
    """Table and verdict for a person, or one line of JSON."""
    if as_json:
        click.echo(json.dumps(outcome.as_mapping(), allow_nan=False))
        return
    for line in outcome.as_lines(columns() if on_terminal() else 0):
        say(line)


def describe_all(
    describe: Callable[[Experiment], Description],
    arms: Sequence[Arm],
    meant: Meant,
    name: str,
    assignments: Sequence[str],
) -> Sequence[str]:
    """What a worker warns of in these arms, each word once. Raises ExperimentError with all that cannot be trained."""
    warnings: dict[str, None] = {}
    problems: dict[Problem, None] = {}
    for arm in arms:
        try:
            warnings |= dict.fromkeys(describe(arm.experiment).warnings)
        except ExperimentError as error:
            problems |= dict.fromkeys(_placed(problem, arm, meant, name, assignments) for problem in error.problems)
    if problems:
        raise ExperimentError(list(problems))
    return list(warnings)


def _placed(problem: Problem, arm: Arm, meant: Meant, name: str, assignments: Sequence[str]) -> Problem:
    """What is wrong with an arm's experiment, with the place at which to mend it."""
    own = any(problem.path.startswith(path) or path.startswith(problem.path) for path in arm.changes)
    if not own and problem.path in parsed(assignments):
        return Problem(problem.path, problem.message, "--set")
    path = f"changes.{arm.name}.{problem.path}" if own else f"base.{problem.path}"
    if meant.id:
        return Problem(path, problem.message, meant.id)
    return located([Problem(path, problem.message)], find(name).path)[0]
