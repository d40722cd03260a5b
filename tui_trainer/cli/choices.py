"""`choices` explains what can be picked, read off the classes themselves."""

from __future__ import annotations

from collections.abc import Iterator

import click
from click.shell_completion import CompletionItem

from tui_trainer.choices.base import Choice, Settings, families
from tui_trainer.choices.forms import FormField
from tui_trainer.cli.failures import BadInput
from tui_trainer.cli.output import wrapped
from tui_trainer.cli.reference import reference
from tui_trainer.experiment.comparison import MOST_ARMS, MOST_REPEATS
from tui_trainer.experiment.diff import shown
from tui_trainer.experiment.fields import GROUPS as SETTINGS
from tui_trainer.experiment.fields import PICKS
from tui_trainer.experiment.problems import suggestion
from tui_trainer.experiment.schema import Experiment

GROUPS = (*SETTINGS, "experiment", "comparison")

_COMPARISON = {
    "base": "The experiment that the arms change: a preset's name, or written out as {data: …, optimizer: …}.",
    "changes": f"From 1 to {MOST_ARMS} arms by name, each a mapping of paths to values as --set takes them, such as l2 "
    "0.01: {regularization.l2: 0.01}. The first one is what the others are measured against; {} changes nothing. No "
    "arm may change the seed.",
    "repeats": f"How often each arm is trained, from 1 to {MOST_REPEATS} times: with the base's seed, the one after "
    "that, and so on.",
    "name, about, teaches": "What it is called, what it is, and what there is to see in it.",
}


def _complete_family(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in [*PICKS, "regularization", *GROUPS] if name.startswith(incomplete)]


def _complete_name(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    names = families().get(ctx.params.get("family") or "", {})
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


@click.command("choices")
@click.argument("family", required=False, metavar="[KIND]", shell_complete=_complete_family)
@click.argument("name", required=False, shell_complete=_complete_name)
@click.option("--markdown", is_flag=True, help="All of it as one page of Markdown.")
def choices_command(family: str | None, name: str | None, markdown: bool) -> None:
    """Explain what can be picked: fields, bounds, and what too low and too high look like.

    \b
    Examples:
      tui-trainer choices                   all there is
      tui-trainer choices optimizer         the optimizers
      tui-trainer choices optimizer adam    one of them, with its fields
      tui-trainer choices training          batch size, epochs, pace
      tui-trainer choices comparison        what stands in a comparison's file
    """
    if markdown:
        if family is not None:
            raise BadInput("--markdown writes everything: leave out the kind of choice")
        click.echo(reference(), nl=False)
        return
    known = {name: families()[name] for name in [*PICKS, "regularization"]}
    if family is None:
        lines = _overview(known)
    elif family == "comparison":
        lines = _comparison()
    elif family in GROUPS:
        lines = _settings(_group(family), family)
    elif family not in known:
        raise BadInput(f"there is no kind of choice {family} ({suggestion(family, [*known, *GROUPS])})")
    elif name is None:
        lines = _family(known[family])
    elif name not in known[family]:
        raise BadInput(f"there is no {family} {name} ({suggestion(name, known[family])})")
    else:
        lines = _settings(known[family][name], family)
    for line in lines:
        click.echo(line)


def _overview(known: dict[str, dict[str, type[Choice]]]) -> Iterator[str]:
    width = max(map(len, [*known, *GROUPS]))
    for family, kinds in known.items():
        yield f"{family.ljust(width)}  {', '.join(kinds)}"
    for group in (*SETTINGS, "experiment"):
        yield f"{group.ljust(width)}  {', '.join(field.name for field in _fields(_group(group)))}"
    yield f"{'comparison'.ljust(width)}  {', '.join(_COMPARISON)}"


def _comparison() -> Iterator[str]:
    """What stands in a comparison's file."""
    for name, explanation in _COMPARISON.items():
        yield name
        yield wrapped(explanation, "  ")
        yield ""


def _family(kinds: dict[str, type[Choice]]) -> Iterator[str]:
    width = max(map(len, kinds))
    for name, kind in kinds.items():
        yield f"{name.ljust(width)}  {kind.summary()}"


def _settings(settings: type[Settings], path: str) -> Iterator[str]:
    """A choice or group: its explanation, then each field with its path in an experiment."""
    if issubclass(settings, Choice):
        kind = settings.model_fields["kind"].default
        yield kind
        path = f"{path}.{kind}" if path == "regularization" else path
    yield ""
    for paragraph in settings.explanation().split("\n\n"):
        yield wrapped(paragraph, "  ")
        yield ""
    prefix = "" if settings is Experiment else f"{path}."
    for field in _fields(settings):
        yield from _field(field, prefix)


def _group(name: str) -> type[Settings]:
    return SETTINGS.get(name, Experiment)


def _fields(settings: type[Settings]) -> list[FormField]:
    """The fields to fill in: not those that hold a choice or a group, which are explained by themselves."""
    inner = {*PICKS, *SETTINGS, "regularization", "version"}
    return [field for field in settings.form() if settings is not Experiment or field.name not in inner]


def _field(field: FormField, prefix: str) -> Iterator[str]:
    yield f"{prefix}{field.name} = {shown(field.default)}"
    facts = [field.bounds(), field.unit, "may be empty" if field.optional else "", "live" if field.live else ""]
    if any(facts):
        yield f"  {'; '.join(fact for fact in facts if fact)}"
    yield wrapped(field.help, "  ")
    if field.low:
        yield wrapped(f"too low: {field.low}", "  ")
    if field.high:
        yield wrapped(f"too high: {field.high}", "  ")
    yield ""
    for column in field.columns:
        yield from _field(column, f"{prefix}{field.name}.0.")
