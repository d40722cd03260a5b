"""The program: a group of commands, with `open` as the one that needs no name."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from tui_trainer import __version__
from tui_trainer.experiment.text import clean

DEFAULT = "open"

# Where each command stands: a module with a `command` of that name.
COMMANDS = {
    "open": "open",
    "compare": "compare",
    "run": "run",
    "resume": "run",
    "stop": "stop",
    "presets": "presets",
    "check": "check",
    "runs": "runs",
    "show": "show",
    "test": "test",
    "choices": "choices",
    "schema": "schema",
    "doctor": "doctor",
}


class Program(click.Group):
    """Imports a command's module when the command is named; what is no command's name goes to the default one.

    Options of a command may stand before its name too.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"tui_trainer.cli.{COMMANDS[name]}"), f"{name}_command")
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {option for parameter in self.get_params(ctx) for option in parameter.opts}
        completing_first_word = ctx.resilient_parsing and not args
        if not completing_first_word and (not args or args[0] not in {*COMMANDS, *own}):
            args = self._command_first(ctx, args)
        return super().parse_args(ctx, args)

    def _command_first(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The words with the command that they mean at their head. Raises UsageError where its options are others."""
        named = self._options(ctx, DEFAULT)
        options: list[str] = []
        at = 0
        while at < len(args) and args[at].startswith("-") and args[at] != "--":
            name, value_follows, _ = args[at].partition("=")
            options.append(name)
            at += 1
            known = named.get(name)
            word_follows = at < len(args) and not args[at].startswith("-") and args[at] not in COMMANDS
            if not value_follows and (word_follows if known is None else not known.is_flag):
                at += 1
        command = args[at] if at < len(args) else ""
        if not options or command not in COMMANDS:
            return [DEFAULT, *args]
        own = self._options(ctx, command)
        for option in options:
            if option not in own:
                has = ", ".join(name for name in own if name.startswith("--"))
                raise click.UsageError(
                    f"{clean(option, 40)} is no option of the command {command}, which has {has}", ctx
                )
        return [command, *args[:at], *args[at + 1 :]]

    def _options(self, ctx: click.Context, name: str) -> dict[str, click.Option]:
        """The options of a command by the names that they are given by."""
        command = self.get_command(ctx, name)
        made = click.Context(command, parent=ctx, info_name=name) if command is not None else None
        parameters = command.get_params(made) if command is not None and made is not None else []
        return {word: it for it in parameters if isinstance(it, click.Option) for word in it.opts}

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, and what may follow the default one."""
        found = super().shell_complete(ctx, incomplete)
        default = self.get_command(ctx, DEFAULT)
        if default is None:
            return found
        inner = default.make_context(DEFAULT, [], parent=ctx, resilient_parsing=True)
        if incomplete.startswith("-"):
            return found + default.shell_complete(inner, incomplete)
        arguments = [parameter for parameter in default.params if isinstance(parameter, click.Argument)]
        return found + [item for argument in arguments for item in argument.shell_complete(inner, incomplete)]


def _print_version(ctx: click.Context, parameter: click.Parameter, wanted: Any) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"tui-trainer {__version__}")
        ctx.exit()


_EPILOG = """
\b
Examples:
  tui-trainer                              the dashboard, with what was there last
  tui-trainer digits-l2 --start            the dashboard, training at once
  tui-trainer sales.csv --target price     the dashboard, on a table of your own
  tui-trainer compare overfitting-cures    the compare screen, on a comparison
  tui-trainer run digits-mlp --set optimizer.lr=0.3
  tui-trainer COMMAND -h                   what a command does

\b
Completion of commands, presets, runs and paths, in bash (also: zsh, fish):
  eval "$(_TUI_TRAINER_COMPLETE=bash_source tui-trainer)"
"""


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_EPILOG,
    subcommand_metavar="EXPERIMENT | COMMAND [ARGS]...",
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="Print the version."
)
def program() -> None:
    """A laboratory for neural networks in the terminal.

    `tui-trainer [EXPERIMENT]` opens the dashboard; EXPERIMENT is a preset's name, a YAML file, or data of your own: a
    table, arrays, a text, or a folder of images.

    \b
    The dashboard takes:
      --set PATH=VALUE  change one value, such as optimizer.lr=0.1
      --target COLUMN   of a table: what to predict
      --start           start training at once
      --no-mouse        leave the mouse to the terminal, for selecting text
    """
