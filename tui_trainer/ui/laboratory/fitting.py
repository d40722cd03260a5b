"""Which choices fit together, as far as that is known without a worker."""

from __future__ import annotations

from dataclasses import replace

from tui_trainer.choices.base import Choice
from tui_trainer.choices.data import DataSet
from tui_trainer.choices.given import UNKNOWN, Given, Sample
from tui_trainer.choices.losses import Loss
from tui_trainer.choices.models import Model
from tui_trainer.experiment.schema import Experiment
from tui_trainer.ui.laboratory.sizes import Sizes

_SAMPLES: dict[int, Sample] = {1: "features", 2: "sequence", 3: "image"}
"""What a sample of numbers is, by its dimensions."""


def given(experiment: Experiment, sizes: Sizes) -> Given:
    """What the data of an experiment gives its network: what the data set says, else what a worker found."""
    known = experiment.data.given()
    found: Sample = "text" if sizes.vocabulary else _SAMPLES.get(len(sizes.shape), "")
    task = "" if experiment.model.task else sizes.task  # a model's own task says nothing of the data
    return Given(known.sample or found, known.task or task)


def misfit(choice: type[Choice], experiment: Experiment, data: Given) -> str:
    """Why a choice cannot work with the rest of an experiment, in two or three words: "needs images"; empty if it can.

    `data` is what is known of the experiment's own.
    """
    model = experiment.model
    picked = choice.model_validate({"kind": choice.model_fields["kind"].default})
    match picked:
        case DataSet():
            missed = model.misses(picked.given())
            return f"no {missed}" if missed and not model.misses(UNKNOWN) else ""
        case Model():
            missed = picked.misses(data)
        case Loss():
            missed = picked.misses(replace(data, task=model.task or data.task))
        case _:
            missed = ""
    return f"needs {missed}" if missed else ""
