"""Training presets in this process, each experiment once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import torch

from tui_trainer.engine.control import Control
from tui_trainer.engine.run import train_run
from tui_trainer.experiment.diff import flat
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.presets import find
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs import view as views
from tui_trainer.runs.records import RunView
from tui_trainer.runs.store import Store

TrainExperiment = Callable[[Experiment], RunView]
Train = Callable[..., RunView]

SELDOM = {"training__evaluate_every": 10}
"""For trainings whose end alone is looked at: evaluating 2,000 images takes longer than an epoch of 300."""


@pytest.fixture(scope="session")
def train_experiment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainExperiment]:
    """Trains an experiment at full pace and on one thread; equal experiments are answered by one run."""
    store = Store(tmp_path_factory.mktemp("presets"))
    trained: dict[str, RunView] = {}
    before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    torch.set_num_threads(1)

    def train(experiment: Experiment) -> RunView:
        at_full_pace = set_values(experiment, {"training.pace": "full"})
        key = str(flat(at_full_pace))
        if key not in trained:
            folder = store.create(at_full_pace)
            train_run(folder, Control())
            trained[key] = views.read(folder)
        return trained[key]

    yield train
    torch.set_num_threads(before[0])
    torch.use_deterministic_algorithms(before[1])


@pytest.fixture(scope="session")
def train(train_experiment: TrainExperiment) -> Train:
    """Trains a preset, with values changed by path."""

    def train(name: str, **changes: object) -> RunView:
        by_path = {path.replace("__", "."): value for path, value in changes.items()}
        return train_experiment(set_values(find(name).experiment(), by_path))

    return train
