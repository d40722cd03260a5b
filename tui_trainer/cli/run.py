"""`run` and `resume`: training without the dashboard, by the same worker."""

from __future__ import annotations

import contextlib
import json
import sys
import time

import click

from tui_trainer.cli.arguments import EXPERIMENT, RUN, allow_code_option, find_run, locate, read_any, set_option
from tui_trainer.cli.comparisons.headless import compare_here
from tui_trainer.cli.comparisons.meant import Meant
from tui_trainer.cli.comparisons.training import at_full_pace
from tui_trainer.cli.downloads import AfterDownload, announce
from tui_trainer.cli.failures import FAILED, INTERRUPTED, BadInput
from tui_trainer.cli.found import in_short
from tui_trainer.cli.interruption import Interruption
from tui_trainer.cli.output import complain, on_terminal, say
from tui_trainer.cli.own import suggested, target_option
from tui_trainer.cli.progress import progress
from tui_trainer.cli.results import as_lines, as_mapping
from tui_trainer.experiment.comparison import Comparison
from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.runs import view as views
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.mailbox import NoWorker, send
from tui_trainer.runs.records import RunView
from tui_trainer.runs.store import Store
from tui_trainer.runs.summary import summarize
from tui_trainer.runs.workers import Worker

EXIT_CODES = {"finished": 0, "failed": FAILED, "died": FAILED, "interrupted": INTERRUPTED, "stopped": INTERRUPTED}

_LOOK_SECONDS = 0.1

json_option = click.option("--json", "as_json", is_flag=True, help="Make the last line of stdout one JSON object.")
detach_option = click.option("--detach", is_flag=True, help="Return once it trains; it goes on by itself.")


@click.command("run")
@click.argument("experiment", type=EXPERIMENT)
@set_option
@target_option
@json_option
@detach_option
@allow_code_option
@click.pass_context
def run_command(
    ctx: click.Context, experiment: str, assignments: tuple[str, ...], target: str, as_json: bool, detach: bool
) -> None:
    """Train without the dashboard.

    EXPERIMENT is a preset's name or a YAML file; of a comparison all arms are trained, as by `compare --plain`. It may
    also be data of your own: a table, arrays, a text or a folder of images; what suits it is trained. Exit code: 0
    finished, 1 failed, 2 bad input (nothing was started), 130 interrupted (Ctrl-C stops cleanly and keeps the run). A
    preset's pace is not kept to.

    \b
    Examples:
      tui-trainer run digits-mlp
      tui-trainer run digits-mlp --set optimizer=adam --set seed=1 --json
      tui-trainer run mine.yaml --detach
      tui-trainer run sales.csv --target price
    """
    own = suggested(experiment, target, assignments)
    loaded = own.experiment if own else read_any(experiment, assignments)
    for note in own.notes if own else ():
        say(note)
    if isinstance(loaded, Comparison):
        if detach:
            raise BadInput(
                f"{experiment} is a comparison: several runs in turn cannot be left alone (leave out --detach)"
            )
        ctx.exit(compare_here(Meant(loaded), experiment, assignments, as_json))
    chosen = at_full_pace(loaded)
    with Interruption() as interruption, Worker() as worker:
        try:
            description = worker.describe(to_mapping(chosen))
        except ExperimentError as error:
            raise locate(error, experiment, assignments) from None
        for warning in description.warnings:
            complain(f"warning: {warning}")
        announce([chosen])
        folder = Store().create(chosen)
        worker.run(folder, detached=detach)
        ctx.exit(_attend(folder, interruption, as_json, detach))


@click.command("resume")
@click.argument("run", type=RUN)
@click.option("--epochs", "more", type=click.IntRange(min=1), help="Train so many epochs more than planned.")
@json_option
@detach_option
@allow_code_option
@click.pass_context
def resume_command(ctx: click.Context, run: str, more: int | None, as_json: bool, detach: bool) -> None:
    """Go on with a run that has ended, from its last checkpoint.

    RUN is the beginning of a run's id or its name (see `tui-trainer runs`; of several, the latest), or `latest`.

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
        announce([before.present or folder.experiment()])
        worker.run(folder, detached=detach, extend=more or 0)
        if before.present and before.present.training.pace != "full":
            with contextlib.suppress(NoWorker):  # it may have ended by now
                send(folder, "set", path="training.pace", value="full")
        ctx.exit(_attend(folder, interruption, as_json, detach))


def _attend(folder: RunFolder, interruption: Interruption, as_json: bool, detach: bool) -> int:
    """Shows a run until it ends, then its results; returns the exit code."""
    if detach:
        say(json.dumps({"run": folder.id, "state": "running"}) if as_json else f"run {folder.id}")
        return 0
    interruption.point_at(folder)
    say(f"run {folder.id}")
    view = _follow(folder)
    run = summarize(folder)
    if as_json:
        click.echo(json.dumps(as_mapping(run), allow_nan=False))
    else:
        for line in (*as_lines(run), *in_short(view), f"next        tui-trainer show {folder.id}"):
            say(line)
    if interruption.happened and view.state == "died":
        return INTERRUPTED  # killed by a second Ctrl-C, so that it could not say so
    if EXIT_CODES[view.state] == FAILED:
        complain(f"Error: {view.why}")
        if not view.diverged:
            complain(f"what the worker said: {folder.log_file}")
    return EXIT_CODES[view.state]


def _follow(folder: RunFolder) -> RunView:
    """Shows a run as it goes; returns how it ended."""
    reader = views.RunReader(folder)
    shown = AfterDownload(progress(), sys.stderr if on_terminal(sys.stderr) else sys.stdout)
    try:
        while True:
            if reader.read_new():
                view = reader.view()
                shown.show(view)
                if view.ended:
                    return view
            time.sleep(_LOOK_SECONDS)
    finally:
        shown.end()
