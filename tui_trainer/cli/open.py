"""`open` opens the dashboard; it is what the program does without a command."""

from __future__ import annotations

import difflib
import gc

import click

from tui_trainer.cli.arguments import EXPERIMENT, read_experiment, set_option
from tui_trainer.cli.failures import BadInput
from tui_trainer.cli.group import COMMANDS
from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.presets import find
from tui_trainer.experiment.problems import ExperimentError


@click.command("open")
@click.argument("experiment", required=False, type=EXPERIMENT)
@set_option
@click.option("--start", is_flag=True, help="Start training at once.")
@click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal, for selecting text.")
@click.pass_context
def open_command(
    ctx: click.Context, experiment: str | None, assignments: tuple[str, ...], start: bool, no_mouse: bool
) -> None:
    """Open the dashboard (the command that needs no name).

    EXPERIMENT is a preset's name or a YAML file; without one, what was there last comes back.

    \b
    Examples:
      tui-trainer digits-l2 --start
      tui-trainer mine.yaml --set optimizer.lr=0.3
      tui-trainer open runs             a preset that is named like a command
    """
    gc.disable()  # until the first paint: nothing is garbage yet, and looking for it takes a tenth of the start
    if experiment is None and assignments:
        raise BadInput("--set needs an EXPERIMENT to change, such as `tui-trainer digits-mlp --set optimizer.lr=0.3`")
    if experiment is not None:
        _refuse_misspelt_command(experiment)
    chosen = None if experiment is None else to_mapping(read_experiment(experiment, assignments))

    from tui_trainer.runs.store import Store
    from tui_trainer.ui.driver import terminal_problem

    problem = terminal_problem()
    if problem:
        raise BadInput(problem)
    from tui_trainer.ui.app import run_dashboard

    ctx.exit(run_dashboard(chosen, start=start, mouse=not no_mouse, store=Store()))


def _refuse_misspelt_command(word: str) -> None:
    """Raises BadInput where a word is no experiment but nearly a command."""
    try:
        find(word)
    except ExperimentError as error:
        close = difflib.get_close_matches(word, COMMANDS, n=1)
        if close:
            raise BadInput(f"{error}; or is it the command `{close[0]}`?") from None
