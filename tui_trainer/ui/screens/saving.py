"""Saving an experiment or a comparison as a preset: the name, what it would replace or hide, and what went wrong."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.app import App

from tui_trainer.experiment.comparison import Comparison
from tui_trainer.experiment.presets import (
    Preset,
    comes_with_program,
    name_problem,
    presets,
    proposed_name,
    save_own,
    save_own_comparison,
)
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.ui.screens.ask import Ask, AskText, yes_or_no


async def save_as_preset(app: App[Any], what: Experiment | Comparison) -> Preset | None:
    """Asks for a name, and before one that is taken is used; None if nothing was saved. Called in a worker."""
    question = AskText("Save as a preset of this name:", proposed_name(what.name), name_problem)
    name = await app.push_screen_wait(question)
    if name is None:
        return None
    taken = _ask_about(name)
    if taken and await app.push_screen_wait(taken) == "no":
        return None
    try:
        if isinstance(what, Comparison):
            return await asyncio.to_thread(save_own_comparison, name, what, replace=True)
        return await asyncio.to_thread(save_own, name, what, replace=True)
    except (OSError, ExperimentError) as error:
        app.notify(f"cannot be saved: {error}", severity="error", markup=False)
        return None


def _ask_about(name: str) -> Ask | None:
    """What to ask before a preset of that name is saved, if anything."""
    own = next((preset for preset in presets() if preset.own and preset.name == name), None)
    if own:
        return yes_or_no(f"You have a preset {name} already. Replace it?", "replace it", "keep it", str(own.path))
    if comes_with_program(name):
        detail = "Deleting yours would bring it back."
        question = f"{name} comes with the program; yours would hide it. Save it under this name?"
        return yes_or_no(question, "save it, and hide the other", "do not save it", detail)
    return None
