"""`runs` lists what has been trained."""

from __future__ import annotations

import json
import time

import click

from tui_trainer.cli.figures import span
from tui_trainer.cli.output import columns, on_terminal, say, table
from tui_trainer.cli.results import as_mapping, whence
from tui_trainer.runs import view as views
from tui_trainer.runs.store import Store
from tui_trainer.runs.summary import RunSummary, epochs
from tui_trainer.ui.figures import figure
from tui_trainer.ui.terminal.glyphs import NONE

_HEADINGS = ("run", "state", "when", "took", "epochs", "best", "last", "what")
_FLUSH_RIGHT = (3, 4, 5, 6)


@click.command("runs")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON array instead of a table.")
def runs_command(as_json: bool) -> None:
    """List the runs, the latest first, with their best and last validation figures.

    A run that was forked says from which one, a comparison's run says of which one it is an arm.

    \b
    Examples:
      tui-trainer runs | head
      tui-trainer runs --json | jq -r '.[] | select(.state == "died") | .run'
    """
    listed = list(map(_with_best, Store().list()))
    if as_json:
        click.echo(json.dumps([as_mapping(run) for run in listed], indent=2, allow_nan=False))
    elif not listed:
        say("no runs yet (start one: tui-trainer run digits-mlp)")
    else:
        for line in table(_HEADINGS, map(_row, listed), _FLUSH_RIGHT):
            say(line[: columns()] if on_terminal() else line)


def _with_best(run: RunSummary) -> RunSummary:
    """With the best figures so far, where no ending has told them."""
    return run if run.best is not None or not run.step else run.with_best(views.read(run.folder).best)


def _row(run: RunSummary) -> tuple[str, ...]:
    best = run.best.validation.get(run.metric) if run.best else None
    return (
        run.id,
        run.state,
        NONE if run.started_time is None else time.strftime("%Y-%m-%d %H:%M", time.localtime(run.started_time)),
        span(run.seconds),
        f"{epochs(run.epoch)}/{run.planned_epochs}",
        figure(best),
        figure(run.validation.get(run.metric)),
        " · ".join(part for part in (whence(run.origin), run.what) if part),
    )
