"""`open` opens the dashboard; it is what the program does without a command."""

from __future__ import annotations

import difflib
import gc
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from tui_trainer.cli.arguments import EXPERIMENT, allow_code_option, assign, read_any, set_option
from tui_trainer.cli.failures import BadInput
from tui_trainer.cli.group import COMMANDS
from tui_trainer.cli.own import suggested, target_option
from tui_trainer.experiment.folders import home
from tui_trainer.experiment.presets import FIRST, find
from tui_trainer.experiment.problems import ExperimentError

if TYPE_CHECKING:
    from tui_trainer.experiment.comparison import Comparison
    from tui_trainer.experiment.schema import Experiment
    from tui_trainer.ui.app import Opening


@click.command("open")
@click.argument("experiment", required=False, type=EXPERIMENT)
@set_option
@target_option
@click.option("--start", is_flag=True, help="Start training at once.")
@click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal, for selecting text.")
@allow_code_option
@click.pass_context
def open_command(
    ctx: click.Context,
    experiment: str | None,
    assignments: tuple[str, ...],
    target: str,
    start: bool,
    no_mouse: bool,
) -> None:
    """Open the dashboard (the command that needs no name).

    EXPERIMENT is a preset's name or a YAML file, also of a comparison; without one, what was there last comes back. It
    may also be data of your own, for which an experiment is put together: a table (CSV, TSV, Parquet), arrays (NPZ,
    NPY), a text, or a folder that has a folder of images for each class.

    \b
    Examples:
      tui-trainer digits-l2 --start
      tui-trainer --set activation=tanh
      tui-trainer mine.yaml --set optimizer.lr=0.3
      tui-trainer sales.csv --target price
      tui-trainer open runs             a preset that is named like a command
    """
    gc.disable()  # until the dashboard is there: nothing is garbage yet, and looking for it takes a tenth of the start
    own = suggested(experiment, target, assignments) if experiment is not None else None
    if own is not None:
        opening = partial(_opening, own.experiment, (), own.notes)
        ctx.exit(open_dashboard(opening, start=start, mouse=not no_mouse))
    read = partial(_read, experiment, assignments)
    if experiment is not None:
        _refuse_misspelt_command(experiment)
    if assignments or (experiment is not None and find(experiment).own):
        checked = read()  # what a person wrote may be wrong, which is said before any screen opens
        read = partial(lambda: checked)
    ctx.exit(open_dashboard(lambda: _opening(*read()), start=start, mouse=not no_mouse))


def open_dashboard(read: Callable[[], Opening], *, start: bool, mouse: bool) -> int:
    """Opens it on what `read` gives, and returns the exit code. Raises BadInput where there is no terminal for it."""
    from tui_trainer.ui.terminal.driver import terminal_problem

    problem = terminal_problem()
    if problem:
        raise BadInput(problem)
    from tui_trainer.ui.app import run_dashboard

    return run_dashboard(home(), read, start=start, mouse=mouse)


def _read(experiment: str | None, assignments: Sequence[str]) -> tuple[Experiment | Comparison | None, Sequence[str]]:
    """What is named, or what the assignments make of the draft, else nothing; and what is wrong with the draft.

    Raises ExperimentError with all that is wrong with what was given.
    """
    if experiment is not None:
        return read_any(experiment, assignments), ()
    if not assignments:
        return None, ()
    from tui_trainer.runs.store import Store

    draft = Store().load_draft()
    said = [draft.problem] if draft.problem else []
    return assign(draft.experiment or find(FIRST).experiment(), assignments), said


def _opening(loaded: Experiment | Comparison | None, said: Sequence[str], guessed: Sequence[str] = ()) -> Opening:
    from tui_trainer.experiment.comparison import Comparison
    from tui_trainer.ui.app import Opening

    if isinstance(loaded, Comparison):
        return Opening(comparison=loaded, said=said)
    return Opening(experiment=loaded, said=said, guessed=guessed)


def _refuse_misspelt_command(word: str) -> None:
    """Raises BadInput where a word is no experiment but nearly a command."""
    try:
        find(word)
    except ExperimentError as error:
        close = difflib.get_close_matches(word, COMMANDS, n=1)
        if close:
            raise BadInput(f"{error}; or is it the command `{close[0]}`?") from None
