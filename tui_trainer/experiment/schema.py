"""The experiment: everything that a run needs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from tui_trainer.choices import losses
from tui_trainer.choices.activations import Activation, Relu
from tui_trainer.choices.base import ByName, Pick, Settings, setting
from tui_trainer.choices.data import DataSet, Digits
from tui_trainer.choices.initializations import Auto, Initialization
from tui_trainer.choices.losses import Loss
from tui_trainer.choices.models import Mlp, Model
from tui_trainer.choices.optimizers import Optimizer, Sgd
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.choices.schedules import Constant, Schedule
from tui_trainer.choices.training import Training
from tui_trainer.choices.warm_start import WarmStart

VERSION = 1
"""The version of the experiment format that this program writes; it reads this one and older ones."""


class Experiment(Settings):
    """Data, architecture, activation, optimizer, regularization and training: one YAML file, one run."""

    version: Literal[1] = Field(1, description="Version of the experiment format.")
    name: str = Field("", max_length=100, description="A short name, shown in lists and used in the run's id.")
    about: str = Field("", max_length=1000, description="What the experiment is.")
    teaches: str = Field("", max_length=1000, description="What there is to see in it.")
    data: Annotated[DataSet, Pick("digits")] = Digits()
    model: Annotated[Model, Pick("mlp")] = Mlp()
    activation: Annotated[Activation, Pick("relu")] = Relu()
    initialization: Annotated[Initialization, Pick("auto")] = Auto()
    warm_start: WarmStart = WarmStart()
    loss: Annotated[Loss, Pick("auto")] = losses.Auto()
    optimizer: Annotated[Optimizer, Pick("sgd")] = Sgd()
    schedule: Annotated[Schedule, Pick("constant")] = Constant()
    regularization: Annotated[dict[str, Regularizer], ByName()] = Field(default_factory=dict)
    training: Training = Training()
    seed: int = setting(
        0,
        ge=0,
        le=2**32 - 1,
        ladder=tuple(range(10)),
        help="Decides the split, the initial weights, the order and the noise. Equal seeds give equal curves.",
    )
    device: str = setting(
        "auto",
        pattern=r"^(auto|cpu|mps|cuda(:\d{1,3})?)$",
        help="Where to train: auto (the GPU with most free memory, else the CPU), cpu, cuda, cuda:0, mps.",
    )


def value_at(experiment: Experiment, path: str) -> Any:
    """The value at a path such as `optimizer.lr` or `model.blocks.0.filters`; None where a regularizer is absent, or a
    list shorter.

    Raises KeyError if there can be no such value.
    """
    value: Any = experiment
    for name in path.split("."):
        if isinstance(value, tuple) and name.isascii() and name.isdigit():
            if len(value) <= int(name):
                return None
            value = value[int(name)]
        elif isinstance(value, dict):
            if name not in Regularizer.kinds():
                raise KeyError(path)
            value = value.get(name)
            if value is None:
                return None
        elif name in getattr(type(value), "model_fields", {}):
            value = getattr(value, name)
        else:
            raise KeyError(path)
    return value
