"""`test` scores a run on the samples that were set aside."""

from __future__ import annotations

import click

from tui_trainer.cli.arguments import RUN, allow_code_option, find_run
from tui_trainer.cli.failures import BadInput, Failure
from tui_trainer.cli.figures import metrics
from tui_trainer.cli.output import say, wrapped
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.runs import view as views
from tui_trainer.runs.score import TestScore
from tui_trainer.runs.summary import epochs
from tui_trainer.runs.workers import Worker, WorkerError


@click.command("test")
@click.argument("run", type=RUN)
@allow_code_option
def test_command(run: str) -> None:
    """Score a run's network on the test part, which neither trained it nor chose it.

    RUN is the beginning of a run's id or its name (see `tui-trainer runs`; of several, the latest), or `latest`. The
    test part is the share of the samples that `data.test_share` sets aside. Its best network is scored once; look when
    you have chosen, and not before: figures by which one chooses flatter.
    """
    folder = find_run(run)
    try:
        with Worker() as worker:
            score = worker.score(folder)
    except ExperimentError as error:
        raise BadInput(f"run {folder.id}: {error}") from None
    except (WorkerError, OSError) as error:
        raise Failure(str(error)) from None
    view = views.read(folder)
    say(f"test        {metrics(score.figures)}  ({score.samples:,} samples, weights of epoch {epochs(score.epoch)})")
    if view.best:
        say(f"validation  {metrics(view.best.validation)}")
    for line in wrapped(_warning(score)).splitlines():
        say(line)


def _warning(score: TestScore) -> str:
    if score.looks < 2:
        return ""
    return (
        f"This run's networks have been scored {score.looks} times. Whoever goes on training until the test figures "
        "please has used them to choose, and they flatter."
    )
