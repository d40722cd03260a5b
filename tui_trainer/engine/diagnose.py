"""Where figures stopped being finite: training is taken back to the last good state and looked at step by step."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from tui_trainer.engine import seeds
from tui_trainer.engine.build import Layer
from tui_trainer.engine.ending import Ended
from tui_trainer.engine.evaluate import CHUNK_ROWS
from tui_trainer.engine.layers import UpdateWatch
from tui_trainer.engine.state import restore

if TYPE_CHECKING:
    from tui_trainer.engine.loop import Trainer
    from tui_trainer.experiment.schema import Experiment

MOST_SECONDS = 5.0
"""Going over the steps again is given up after this."""


class _Found(Exception):
    """The first figure that is not finite."""


class _Inspector(UpdateWatch):
    """Looks at the gradients before an update and at the weights after it."""

    def __init__(self, trainer: Trainer) -> None:
        super().__init__(trainer.network)
        self._layers = trainer.network.layers

    def before(self) -> None:
        for layer in self._layers:
            gradients = [weight.grad for weight in layer.weights if weight.grad is not None]
            if not all(gradient.isfinite().all() for gradient in gradients):
                raise _Found(f"the gradient of {_called(layer)}")

    def after(self, step: int) -> None:
        for layer in self._layers:
            if not layer.is_finite:
                raise _Found(f"the weights of {_called(layer)} after their update")


def where_it_diverged(trainer: Trainer, base: Experiment, step: int) -> str:
    """The row, layer or gradient that is not finite first, at or before update number `step`; empty if unknown.

    It leaves the trainer in another state.
    """
    if all(layer.is_finite for layer in trainer.network.layers) and (place := _sample(trainer)):
        return place
    if trainer.snapshot is None:
        return ""
    restore(trainer, trainer.snapshot, base)
    handles = [layer.module.register_forward_hook(_checker(trainer, layer)) for layer in trainer.network.layers]
    until = time.monotonic() + MOST_SECONDS
    try:
        return _retrace(trainer, step, until)
    except _Found as found:
        return str(found) if trainer.step == step else f"{found} at step {trainer.step:,}"
    except Ended:
        return ""
    finally:
        for handle in handles:
            handle.remove()


def _sample(trainer: Trainer) -> str:
    """A sample for which sound weights give scores that are not finite; empty if there is none."""
    model = trainer.network.model.eval()
    with torch.inference_mode():
        for name, part in (("training", trainer.train_part), ("validation", trainer.validation_part)):
            seen = 0
            for x in part.x.split(CHUNK_ROWS):
                bad = ~model(x).isfinite().flatten(1).all(dim=1)
                if bad.any():
                    return f"the output for {name} sample {seen + int(bad.nonzero()[0]) + 1:,}"
                seen += len(x)
    model.train()
    return ""


def _retrace(trainer: Trainer, step: int, until: float) -> str:
    inspector = _Inspector(trainer)
    while trainer.step <= step:
        for x, y in trainer.batches():
            trainer.look_up()
            loss = trainer.update(x, y, inspector)
            if not loss.isfinite():
                return "the loss of finite outputs"
            trainer.step += 1
            if trainer.step > step or time.monotonic() > until:
                return ""
    return ""


def _called(layer: Layer) -> str:
    """A layer in a sentence: the output layer, layer hidden 1."""
    return f"layer {layer.name}" if layer.name[-1:].isdigit() else f"the {layer.name} layer"


def _checker(
    trainer: Trainer, layer: Layer
) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor | tuple[Tensor, object]], None]:
    def check(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor | tuple[Tensor, object]) -> None:
        states = output[0] if isinstance(output, tuple) else output
        finite = states.isfinite().flatten(1).all(dim=1)
        if finite.all():
            return
        place = _called(layer)
        if finite.any():
            row = int(torch.nonzero(~finite)[0])
            epoch, cursor = trainer.plan.place(trainer.step)
            sample = int(seeds.order(trainer.experiment.seed, epoch, len(trainer.train_part))[cursor + row])
            place += f" for training sample {sample + 1:,}"
        raise _Found(place)

    return check
