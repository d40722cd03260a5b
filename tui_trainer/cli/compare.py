"""`compare` sets runs side by side, or trains the arms of a comparison, and judges them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from tui_trainer.cli.arguments import COMPARED, allow_code_option, set_option
from tui_trainer.cli.comparisons.meant import Meant, meant
from tui_trainer.cli.open import open_dashboard
from tui_trainer.experiment.comparison import MOST_REPEATS

if TYPE_CHECKING:
    from tui_trainer.ui.app import Opening


@click.command("compare")
@click.argument("what", nargs=-1, required=True, metavar="RUN RUN... | COMPARISON", type=COMPARED)
@set_option
@click.option(
    "--repeats", type=click.IntRange(1, MOST_REPEATS), help="Train each arm so often, each time with another seed."
)
@click.option("--json", "as_json", is_flag=True, help="No dashboard: make the last line of stdout one JSON object.")
@click.option("--plain", is_flag=True, help="No dashboard: train what is missing, then write what came out.")
@click.option("--start", is_flag=True, help="Start training at once.")
@click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal, for selecting text.")
@allow_code_option
@click.pass_context
def compare_command(
    ctx: click.Context,
    what: tuple[str, ...],
    assignments: tuple[str, ...],
    repeats: int | None,
    as_json: bool,
    plain: bool,
    start: bool,
    no_mouse: bool,
) -> None:
    """Set runs side by side, or train the arms of a comparison: curves, a table and a verdict.

    RUN is the beginning of a run's id or its name (see `tui-trainer runs`; of several, the latest), or `latest`.
    COMPARISON is a preset with arms (see `tui-trainer presets`), a YAML file with a base and changes, the beginning of
    the id of one that was started before, a run that belongs to one, or `latest`: the comparison that was started last.
    A preset or file starts a new comparison each time; the others go on with what was started.

    On a terminal the dashboard opens on it, and space (or --start) trains. With --json or --plain, or without a
    terminal, what is missing is trained, then table, verdict and findings are written. Exit code: 0 all finished, 1 one
    failed, 2 bad input (nothing was started), 130 interrupted. Ctrl-C stops cleanly and keeps what was trained;
    `tui-trainer compare latest` goes on with it.

    \b
    Examples:
      tui-trainer compare overfitting-cures
      tui-trainer compare optimizers --repeats 5 --set data=moons --plain
      tui-trainer compare mine.yaml --json | tail -n 1 | jq -r .verdict.headline
      tui-trainer compare 20250102-1504 20250102-1510
    """
    from tui_trainer.ui.terminal.driver import terminal_problem

    found = meant(what, assignments, repeats)
    if as_json or plain or terminal_problem():
        from tui_trainer.cli.comparisons.headless import compare_here

        ctx.exit(compare_here(found, what[0], assignments, as_json))
    found.keep_repeats()
    ctx.exit(open_dashboard(_opening(found), start=start, mouse=not no_mouse))


def _opening(found: Meant) -> Callable[[], Opening]:
    def opening() -> Opening:
        from tui_trainer.ui.app import Opening

        if found.id:
            return Opening(comparison_id=found.id)
        return Opening(comparison=found.comparison, compare=found.runs)

    return opening
