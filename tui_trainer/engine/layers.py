"""How each layer does: taken at evaluations only, because a gradient norm every step costs an eighth of the speed.

A layer is one row, all its matrices of weights taken together as if they were one: of a recurrent layer those that
read its input and those that read its last state, in both directions where there are two. So a row is what can be
frozen, what the model screen counts and what gradients pass on their way back, and a recurrent layer that learns by its
input alone is not called still. Each layer of a stack is a row of its own. Biases, norms' scales and shifts are left
out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from tui_trainer.engine.build import Network
from tui_trainer.engine.figures import writable
from tui_trainer.engine.prepare import Part

SLOPE = 1e-4
"""A unit whose activation is no steeper than this for any sample is dead: nothing below it learns through it."""

SATURATED = 0.05
ACTIVE = 0.01
"""A unit is saturated if its slope is below this share of the activation's largest for all samples but so few: its
sums are so large that what is below it hardly learns through it."""

ZERO = 0.01
"""A weight below this share of its layer's root mean square counts as zero."""

ROWS = 256
"""Training samples on which units are looked at: always the same ones."""

_NAMES = ("gradient_norm", "update_ratio", "weight_norm", "zero_share", "dead_share", "saturated_share")


class UpdateWatch:
    """Looks on while one update is made: how large the gradients are, and how far the weights move."""

    def __init__(self, network: Network) -> None:
        self.step = -1  # updates done, once the one that was watched is
        self._weights = [layer.weights for layer in network.layers]
        self._gradients: list[Tensor] = []
        self._moves: list[Tensor] = []
        self._before: list[list[Tensor]] = []

    def before(self) -> None:
        """Between the gradients, regularizers' included, and the update."""
        with torch.no_grad():
            self._gradients = [_norm([_gradient(weight) for weight in weights]) for weights in self._weights]
            self._before = [[weight.clone() for weight in weights] for weights in self._weights]

    def after(self, step: int) -> None:
        self.step = step + 1
        with torch.no_grad():
            self._moves = [
                _ratio(_norm([now - then for now, then in zip(weights, before, strict=True)]), _norm(before))
                for weights, before in zip(self._weights, self._before, strict=True)
            ]
        self._before = []

    def state(self) -> list[Any]:
        """What was seen, for a checkpoint: its evaluation may be still to come."""
        return [self.step, self._gradients, self._moves]

    def restore(self, state: list[Any]) -> None:
        device = self._weights[0][0].device
        self.step, gradients, moves = state
        self._gradients = [value.to(device) for value in gradients]
        self._moves = [value.to(device) for value in moves]

    def figures(self) -> list[tuple[Tensor, Tensor]]:
        """Gradient norm and update-to-weight ratio of each layer at the update that was watched."""
        return list(zip(self._gradients, self._moves, strict=True))


def layer_figures(network: Network, watch: UpdateWatch, train: Part) -> list[dict[str, Any]]:
    """The figures of every layer, for the event log. The model must be in evaluation mode."""
    slopes = _slopes(network, train.first(ROWS))
    saturates = network.activation.saturates
    rows = []
    with torch.no_grad():
        for layer, seen, slope in zip(network.layers, watch.figures(), slopes, strict=True):
            norm = _norm(layer.weights)
            zeros = _zero_share(layer.weights, norm)
            row = [*seen, norm, zeros]
            if slope is not None:
                row.append((slope <= SLOPE).all(dim=1).float().mean())
                if saturates:
                    flat = (slope <= SATURATED * network.activation.steepest).float().mean(dim=1)
                    row.append((flat >= 1 - ACTIVE).float().mean())
            row += [torch.zeros_like(norm)] * (len(_NAMES) - len(row))
            rows.append(torch.stack(row))
        values = torch.stack(rows).tolist()
    return [
        {
            "name": layer.name,
            **writable(dict(zip(_NAMES, row, strict=True))),
            **({} if layer.weights[0].requires_grad else {"gradient_norm": None, "update_ratio": None, "frozen": True}),
            **({} if layer.activation else {"dead_share": None}),
            **({} if layer.activation and saturates else {"saturated_share": None}),
        }
        for layer, row in zip(network.layers, values, strict=True)
    ]


def _slopes(network: Network, part: Part) -> list[Tensor | None]:
    """For each layer with an activation, how steep that is at its sums: (units, samples), nowhere negative."""
    sums: dict[nn.Module, Tensor] = {}

    def note(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        sums[module] = inputs[0].detach()

    handles = [layer.activation.register_forward_pre_hook(note) for layer in network.layers if layer.activation]
    with torch.no_grad():
        network.model(part.x)
    for handle in handles:
        handle.remove()
    return [_slope(layer.activation, sums) for layer in network.layers]


def _slope(activation: nn.Module | None, sums: dict[nn.Module, Tensor]) -> Tensor | None:
    if activation is None:
        return None
    x = sums[activation].requires_grad_()
    with torch.enable_grad():
        (slope,) = torch.autograd.grad(activation(x).sum(), x)
    # A unit of a convolution (samples, channels, …) is a channel, with each place of it as a sample; of a sequence
    # (samples, length, units), a unit, with each place.
    units = 2 if slope.ndim == 3 else 1
    return slope.abs().movedim(units, 0).flatten(1)


def _norm(tensors: Sequence[Tensor]) -> Tensor:
    """The length of some tensors, taken together."""
    lengths: list[Tensor] = [torch.linalg.vector_norm(tensor) for tensor in tensors]
    return lengths[0] if len(lengths) == 1 else torch.linalg.vector_norm(torch.stack(lengths))


def _gradient(weight: Tensor) -> Tensor:
    """Its gradient; a zero where it has none, as where it is frozen."""
    return weight.new_zeros(()) if weight.grad is None else weight.grad


def _zero_share(weights: Sequence[Tensor], norm: Tensor) -> Tensor:
    """How many of some weights are next to zero, given how long they are together."""
    count = sum(weight.numel() for weight in weights)
    close = [(weight.abs() <= ZERO * norm / count**0.5).sum() for weight in weights]
    return torch.stack(close).sum() / count


def _ratio(moved: Tensor, size: Tensor) -> Tensor:
    """How far weights moved relative to their size; 0 where they are all zero."""
    return torch.where(size > 0, moved / size, torch.zeros_like(size))
