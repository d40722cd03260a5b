"""Data of the user's own, named in the place of an experiment."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tui_trainer.cli.arguments import Decorated, assign
from tui_trainer.cli.failures import BadInput

if TYPE_CHECKING:
    from tui_trainer.experiment.own_data import Suggestion


def target_option(command: Decorated) -> Decorated:
    """`--target price`: what to predict."""
    return click.option(
        "--target", default="", metavar="COLUMN", help="Of a table: the column to predict, by name or position."
    )(command)


def suggested(name: str, target: str, assignments: Sequence[str]) -> Suggestion | None:
    """The experiment that suits the data of that name, with the assignments made; None if it names no data.

    Raises ExperimentError with all that is wrong, and BadInput for a target of what is no data.
    """
    from tui_trainer.experiment.own_path import own_data_path
    from tui_trainer.experiment.presets import presets

    path = own_data_path(name)
    if path is None or (path.is_dir() and any(preset.name == name for preset in presets())):
        if target:
            raise BadInput(f"{name} is an experiment, which says itself what is predicted (leave out --target)")
        return None
    from tui_trainer.experiment.own_data import experiment_for

    suggestion = experiment_for(path, target)
    return dataclasses.replace(suggestion, experiment=assign(suggestion.experiment, assignments))
