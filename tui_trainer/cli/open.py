"""`open` opens the dashboard; it is what the program does without a command."""

from __future__ import annotations

import difflib
import gc
from typing import TYPE_CHECKING

import click

from tui_trainer.cli.arguments import EXPERIMENT, assign, read_experiment, set_option
from tui_trainer.cli.failures import BadInput
from tui_trainer.cli.group import COMMANDS
from tui_trainer.experiment.presets import FIRST, find
from tui_trainer.experiment.problems import ExperimentError

if TYPE_CHECKING:
    from tui_trainer.experiment.schema import Experiment
    from tui_trainer.runs.store import Store


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
      tui-trainer --set activation=tanh
      tui-trainer mine.yaml --set optimizer.lr=0.3
      tui-trainer open runs             a preset that is named like a command
    """
    gc.disable()  # until the first paint: nothing is garbage yet, and looking for it takes a tenth of the start
    from tui_trainer.runs.store import Store

    store, said = Store(), list[str]()
    if experiment is None:
        chosen = assign(_last(store, said), assignments)
    else:
        _refuse_misspelt_command(experiment)
        chosen = read_experiment(experiment, assignments)

    from tui_trainer.ui.driver import terminal_problem

    problem = terminal_problem()
    if problem:
        raise BadInput(problem)
    from tui_trainer.ui.app import run_dashboard

    ctx.exit(run_dashboard(chosen, store=store, start=start, mouse=not no_mouse, said=said))


def _last(store: Store, said: list[str]) -> Experiment:
    """The draft, or for a new user the first preset. What is wrong with the draft is added to `said`."""
    draft = store.load_draft()
    if draft.problem:
        said.append(draft.problem)
    return draft.experiment or find(FIRST).experiment()


def _refuse_misspelt_command(word: str) -> None:
    """Raises BadInput where a word is no experiment but nearly a command."""
    try:
        find(word)
    except ExperimentError as error:
        close = difflib.get_close_matches(word, COMMANDS, n=1)
        if close:
            raise BadInput(f"{error}; or is it the command `{close[0]}`?") from None
