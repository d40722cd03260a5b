"""How each layer does: taken at evaluations only, because a gradient norm every step costs an eighth of the speed."""

from __future__ import annotations

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
        self._weights = [layer.weight for layer in network.layers]
        self._gradients: list[Tensor] = []
        self._moves: list[Tensor] = []
        self._before: list[Tensor] = []

    def before(self) -> None:
        """Between the gradients, regularizers' included, and the update."""
        with torch.no_grad():
            self._gradients = [_norm(weight.grad, weight) for weight in self._weights]
            self._before = [weight.clone() for weight in self._weights]

    def after(self, step: int) -> None:
        self.step = step + 1
        with torch.no_grad():
            pairs = zip(self._weights, self._before, strict=True)
            self._moves = [_ratio(_norm(weight - before), _norm(before)) for weight, before in pairs]
        self._before = []

    def state(self) -> list[Any]:
        """What was seen, for a checkpoint: its evaluation may be still to come."""
        return [self.step, self._gradients, self._moves]

    def restore(self, state: list[Any]) -> None:
        device = self._weights[0].device
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
            weight = layer.weight
            norm = _norm(weight)
            zeros = (weight.abs() <= ZERO * norm / weight.numel() ** 0.5).float().mean()
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
            **({} if layer.weight.requires_grad else {"gradient_norm": None, "update_ratio": None, "frozen": True}),
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


def _norm(tensor: Tensor | None, like: Tensor | None = None) -> Tensor:
    """The length of a tensor; 0, on the device of another, where there is none."""
    if tensor is None:
        return torch.zeros((), device=like.device if like is not None else None)
    length: Tensor = torch.linalg.vector_norm(tensor)
    return length


def _ratio(moved: Tensor, size: Tensor) -> Tensor:
    """How far weights moved relative to their size; 0 where they are all zero."""
    return torch.where(size > 0, moved / size, torch.zeros_like(size))
