"""`stop` ends a run from outside."""

from __future__ import annotations

import time

import click

from tui_trainer.cli.arguments import RUN, find_run
from tui_trainer.cli.failures import BadInput, Failure
from tui_trainer.cli.output import say
from tui_trainer.runs import view as views
from tui_trainer.runs.mailbox import NoWorker, kill, send

_PATIENCE = 30.0
_INTERVAL = 0.05


@click.command("stop")
@click.argument("run", type=RUN)
@click.option("--kill", "at_once", is_flag=True, help="End its worker at once, where it does not listen any more.")
def stop_command(run: str, at_once: bool) -> None:
    """Stop a run and keep it; `resume` goes on with it.

    RUN is the beginning of a run's id or its name (see `tui-trainer runs`; of several, the latest), or `latest`.
    """
    folder = find_run(run)
    try:
        if at_once:
            kill(folder)
        else:
            send(folder, "stop")
    except NoWorker:
        raise BadInput(f"run {folder.id} is not running: {views.read(folder).state}") from None
    deadline = time.monotonic() + _PATIENCE
    while (view := views.read(folder)).alive:
        if time.monotonic() > deadline:
            raise Failure(f"run {folder.id} is still {view.state} (end it at once with --kill)")
        time.sleep(_INTERVAL)
    say(f"run {folder.id}: {view.state}")
