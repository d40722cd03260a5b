"""`check` says all that keeps experiments from being trained."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from functools import cached_property

import click

from tui_trainer.cli.arguments import EXPERIMENT, allow_code_option, locate
from tui_trainer.cli.comparisons.headless import describe_all
from tui_trainer.cli.comparisons.meant import Meant
from tui_trainer.cli.failures import BAD_INPUT
from tui_trainer.cli.output import complain, say
from tui_trainer.cli.own import suggested
from tui_trainer.experiment.comparison import Comparison
from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.presets import find
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.description import Description
from tui_trainer.runs.workers import Worker


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=EXPERIMENT)
@allow_code_option
@click.pass_context
def check_command(ctx: click.Context, files: tuple[str, ...]) -> None:
    """Say all that is wrong with experiments and comparisons, without training anything.

    A FILE is a YAML file or a preset's name, or data of your own. Where it reads well, its data is read and its network
    put together as for training, of a comparison those of every arm; nothing is downloaded for it, so that data which
    is not there yet is not looked at. Each problem is one line, FILE:LINE: path: what is wrong (what would be right),
    and the exit code is then 2.
    """
    wrong = False
    with _Builder() as builder:
        for file in files:
            try:
                notes = _check(file, builder)
            except ExperimentError as error:
                wrong = True
                for problem in error.problems:
                    complain(str(problem))
            else:
                say("; ".join([f"{file}: ok", *notes]))
    if wrong:
        ctx.exit(BAD_INPUT)


class _Builder(contextlib.ExitStack):
    """A worker that is started when the first experiment is to be put together."""

    @cached_property
    def worker(self) -> Worker:
        return self.enter_context(Worker())

    def describe(self, experiment: Experiment) -> Description:
        """Raises ExperimentError where it cannot be trained, and WorkerError."""
        return self.worker.describe(to_mapping(experiment))


def _check(file: str, builder: _Builder) -> Sequence[str]:
    """What was guessed, if the file is data. Raises ExperimentError with all that keeps it from being trained."""
    own = suggested(file, "", ())
    loaded = own.experiment if own else find(file).load()
    if isinstance(loaded, Comparison):
        warnings = describe_all(builder.describe, loaded.arms, Meant(loaded), file, ())
    else:
        try:
            warnings = builder.describe(loaded).warnings
        except ExperimentError as error:
            raise locate(error, file, ()) from None
    for warning in warnings:
        complain(f"{file}: warning: {warning}")
    return own.notes if own else ()
