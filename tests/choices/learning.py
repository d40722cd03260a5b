"""A bare training loop, for tests of what the choices do together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from tui_trainer.choices.activations import Activation, Relu
from tui_trainer.choices.initializations import Auto, Initialization
from tui_trainer.choices.models import Mlp, Model
from tui_trainer.choices.optimizers import Adam, Optimizer
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.choices.tasks import CLASSIFICATION
from tui_trainer.modules.live import LiveValue
from tui_trainer.modules.parts import Parts
from tui_trainer.modules.signature import Signature


def live(regularizer: Regularizer) -> dict[str, LiveValue]:
    """The live values of a regularizer, as the loop makes them."""
    return {field.name: LiveValue(getattr(regularizer, field.name)) for field in regularizer.form() if field.live}


def build(
    model: Model,
    inputs: tuple[int, ...] = (2,),
    outputs: int = 2,
    activation: Activation | None = None,
    initialization: Initialization | None = None,
    regularizers: Sequence[tuple[Regularizer, dict[str, LiveValue]]] = (),
) -> nn.Module:
    """The network with its initial weights."""
    activation = activation or Relu()
    parts = Parts(activation=activation.build)
    for regularizer, values in regularizers:
        regularizer.layers(parts, values)
    module = model.build(parts, Signature(inputs, outputs))
    generator = torch.Generator().manual_seed(0)
    for name, parameter in module.named_parameters():
        if parameter.ndim >= 2:
            with torch.no_grad():
                (initialization or Auto()).fill(parameter, activation, generator)
        elif name.endswith("bias"):
            nn.init.zeros_(parameter)
    return module


def corners() -> tuple[Tensor, Tensor]:
    """Xor at its simplest: four points (4, 2) and their classes (4,)."""
    return torch.tensor([[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]]), torch.tensor([0, 0, 1, 1])


@dataclass
class Learner:
    """Trains a network on all samples at once; equal learners do the same."""

    model: Model = field(default_factory=lambda: Mlp(hidden=(16, 16)))
    activation: Activation = field(default_factory=Relu)
    optimizer: Optimizer = field(default_factory=lambda: Adam(lr=0.02))
    regularizers: Sequence[Regularizer] = ()
    samples: tuple[Tensor, Tensor] = field(default_factory=corners)

    def __post_init__(self) -> None:
        self.hooks = [(regularizer, live(regularizer)) for regularizer in self.regularizers]
        x, y = self.samples
        outputs = int(y.max()) + 1
        self.module = build(self.model, tuple(x.shape[1:]), outputs, self.activation, regularizers=self.hooks)
        self.rate = LiveValue(self.optimizer.lr)
        self.rule = self.optimizer.build(self.module.parameters(), self.rate.tensor)
        torch.manual_seed(0)

    def train(self, steps: int) -> None:
        x, y = self.samples
        loss_of = CLASSIFICATION.loss_function()
        parameters = list(self.module.parameters())
        self.module.train()
        for _ in range(steps):
            self.rule.zero_grad()
            loss_of(self.module(x), y).backward()
            for regularizer, values in self.hooks:
                regularizer.gradients(parameters, values)
            self.rule.step()

    def figures(self) -> dict[str, float]:
        x, y = self.samples
        self.module.eval()
        with torch.no_grad():
            return {name: float(value) for name, value in CLASSIFICATION.means(self.module(x), y).items()}
