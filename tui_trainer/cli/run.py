"""`run` and `resume`: training without the dashboard, by the same worker."""

from __future__ import annotations

import json
from queue import SimpleQueue
from typing import Any

import click

from tui_trainer.cli.arguments import EXPERIMENT, RUN, find_run, read_experiment, set_option
from tui_trainer.cli.failures import FAILED, INTERRUPTED, BadInput
from tui_trainer.cli.figures import finite, metrics, rate, span
from tui_trainer.cli.interruption import Interruption
from tui_trainer.cli.output import complain, say
from tui_trainer.cli.progress import progress
from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs import view as views
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.follow import Follower
from tui_trainer.runs.records import Evaluation, RunView
from tui_trainer.runs.store import Store
from tui_trainer.runs.workers import Worker

EXIT_CODES = {"finished": 0, "failed": FAILED, "died": FAILED, "interrupted": INTERRUPTED, "stopped": INTERRUPTED}

json_option = click.option("--json", "as_json", is_flag=True, help="Make the last line of stdout one JSON object.")
detach_option = click.option("--detach", is_flag=True, help="Return once it trains; it goes on by itself.")


@click.command("run")
@click.argument("experiment", type=EXPERIMENT)
@set_option
@json_option
@detach_option
@click.pass_context
def run_command(ctx: click.Context, experiment: str, assignments: tuple[str, ...], as_json: bool, detach: bool) -> None:
    """Train without the dashboard.

    EXPERIMENT is a preset's name or a YAML file. Exit code: 0 finished, 1 failed, 2 bad input (nothing was started),
    130 interrupted (Ctrl-C stops cleanly and keeps the run). A preset's pace is not kept to.

    \b
    Examples:
      tui-trainer run digits-mlp
      tui-trainer run digits-mlp --set optimizer=adam --set seed=1 --json
      tui-trainer run mine.yaml --detach
    """
    chosen = _at_full_pace(read_experiment(experiment, assignments))
    with Interruption() as interruption, Worker() as worker:
        description = worker.describe(to_mapping(chosen))
        for warning in description.warnings:
            complain(f"warning: {warning}")
        folder = Store().create(chosen)
        worker.run(folder, detached=detach)
        ctx.exit(_attend(folder, interruption, as_json, detach))


@click.command("resume")
@click.argument("run", type=RUN)
@click.option("--epochs", "more", type=click.IntRange(min=1), help="Train so many epochs more than planned.")
@json_option
@detach_option
@click.pass_context
def resume_command(ctx: click.Context, run: str, more: int | None, as_json: bool, detach: bool) -> None:
    """Go on with a run that has ended, from its last checkpoint.

    RUN is the beginning of a run's id (see `tui-trainer runs`).

    \b
    Examples:
      tui-trainer resume 20250102-1504
      tui-trainer resume 20250102-1504 --epochs 10    (10 more than planned)
    """
    folder = find_run(run)
    before = views.read(folder)
    if before.alive:
        raise BadInput(f"run {folder.id} is {before.state} already")
    if before.state == "finished" and not more:
        raise BadInput(f"run {folder.id} has finished (go further with --epochs N)")
    with Interruption() as interruption, Worker() as worker:
        worker.run(folder, detached=detach, extend=more or 0)
        ctx.exit(_attend(folder, interruption, as_json, detach))


def _at_full_pace(experiment: Experiment) -> Experiment:
    return experiment if experiment.training.pace == "full" else set_values(experiment, {"training.pace": "full"})


def _attend(folder: RunFolder, interruption: Interruption, as_json: bool, detach: bool) -> int:
    """Shows a run until it ends, then its results; returns the exit code."""
    if detach:
        say(json.dumps({"run": folder.id, "state": "running"}) if as_json else f"run {folder.id}")
        return 0
    interruption.point_at(folder)
    say(f"run {folder.id}")
    view = _follow(folder)
    if as_json:
        click.echo(json.dumps(results(view), allow_nan=False))
    else:
        for line in summary(view):
            say(line)
    if view.state in ("failed", "died"):
        complain(f"Error: {' at '.join(part for part in (view.reason, view.where) if part)}")
        complain(f"what the worker said: {folder.log_file}")
    return EXIT_CODES[view.state]


def _follow(folder: RunFolder) -> RunView:
    arrived: SimpleQueue[RunView] = SimpleQueue()
    follower = Follower(folder, arrived.put)
    shown = progress()
    try:
        while True:
            view = arrived.get()
            shown.show(view)
            if view.ended:
                return view
    finally:
        follower.stop()
        shown.end()


def results(view: RunView) -> dict[str, Any]:
    """What `--json` prints. A figure that is not finite, or is not known, is null."""
    last, best = view.last, view.best
    return {
        "run": view.id,
        "name": view.name,
        "state": view.state,
        "reason": view.reason,
        "epochs": finite(view.epoch),
        "steps": view.step,
        "parameters": view.parameters,
        "device": view.device,
        "seconds": finite(view.seconds),
        "steps_per_second": finite(view.steps_per_second),
        "train": finite(last.train) if last else None,
        "validation": finite(last.validation) if last else None,
        "best": {"epoch": finite(best.epoch), **finite(best.validation)} if best else None,
    }


def summary(view: RunView) -> list[str]:
    """How a run ended, and its figures, for a person."""
    reason = f" ({view.reason})" if view.reason and view.state not in ("failed", "died") else ""
    lines = [
        f"{view.state}{reason} after {view.epoch:g} epochs, {view.step:,} updates, "
        f"{span(view.seconds)} at {rate(view.steps_per_second)} steps/s on {view.device or '?'}"
    ]
    if view.last:
        lines.append(f"train       {metrics(view.last.train)}")
        lines.append(f"validation  {metrics(view.last.validation)}")
    if view.best:
        lines.append(_best_line(view.best))
    return lines


def _best_line(best: Evaluation) -> str:
    return f"best        {metrics(best.validation)}  at epoch {best.epoch:g}"
