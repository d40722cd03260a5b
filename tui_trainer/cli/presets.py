"""`presets` lists and prints experiments and comparisons with a name, `check` says what is wrong with a file."""

from __future__ import annotations

import click

from tui_trainer.cli.arguments import EXPERIMENT, PRESET
from tui_trainer.cli.failures import BAD_INPUT, BadInput
from tui_trainer.cli.output import columns, complain, say
from tui_trainer.cli.own import suggested
from tui_trainer.experiment.load import read_file
from tui_trainer.experiment.presets import Preset, find, presets
from tui_trainer.experiment.problems import ExperimentError, suggestion
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.text import clean, clean_lines


@click.command("presets")
@click.argument("name", required=False, type=PRESET)
def presets_command(name: str | None) -> None:
    """List the presets, or print one as YAML.

    A preset with arms is a comparison: `tui-trainer compare` trains and judges them.

    \b
    Examples:
      tui-trainer presets
      tui-trainer presets digits-l2 > mine.yaml
    """
    known = presets()
    if name is None:
        _list(known)
        return
    named = {preset.name: preset for preset in known}
    if name not in named:
        raise BadInput(f"there is no preset {name} ({suggestion(name, named)})")
    click.echo(clean_lines(read_file(named[name].path)))


def _list(known: list[Preset]) -> None:
    width = max((len(preset.name) for preset in known), default=0)
    for preset in known:
        say(f"{clean(preset.name).ljust(width)}  {_about(preset)}"[: max(columns(), 60)].rstrip())


def _about(preset: Preset) -> str:
    try:
        loaded = preset.load()
    except ExperimentError:
        return f"(not readable: see `tui-trainer check {preset.path}`)"
    kind = "" if isinstance(loaded, Experiment) else f" ({len(loaded.arms)} arms)"
    return f"{loaded.about}{kind}{' (your own)' if preset.own else ''}".strip()


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=EXPERIMENT)
@click.pass_context
def check_command(ctx: click.Context, files: tuple[str, ...]) -> None:
    """Say all that is wrong with experiments and comparisons, without running anything.

    A FILE is a YAML file or a preset's name, or data of your own, of which the head is looked at. Each problem is one
    line, FILE:LINE: path: what is wrong (what would be right), and the exit code is then 2.
    """
    wrong = False
    for file in files:
        try:
            own = suggested(file, "", ())
            if own is None:
                find(file).load()
        except ExperimentError as error:
            wrong = True
            for problem in error.problems:
                complain(str(problem))
        else:
            say("; ".join([f"{file}: ok", *(own.notes if own else ())]))
    if wrong:
        ctx.exit(BAD_INPUT)
