"""`presets` lists and prints experiments and comparisons with a name."""

from __future__ import annotations

import click

from tui_trainer.cli.arguments import PRESET
from tui_trainer.cli.failures import BadInput
from tui_trainer.cli.output import columns, say
from tui_trainer.experiment.load import read_file
from tui_trainer.experiment.presets import Preset, presets
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
