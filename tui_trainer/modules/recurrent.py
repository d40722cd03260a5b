"""Recurrent networks."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from tui_trainer.modules.embedding import Embedding
from tui_trainer.modules.generation import pick
from tui_trainer.modules.parts import Parts
from tui_trainer.modules.signature import Signature


class Vanilla(nn.RNN):
    """One layer of the simple cell: tanh of the weighted input and the weighted last state."""

    stacked: ClassVar[int] = 1


class Gru(nn.GRU):
    """One layer of gated recurrent units; the weights of its two gates and of its candidate stand in one matrix."""

    stacked: ClassVar[int] = 3


class Lstm(nn.LSTM):
    """One layer of long short-term memory; the weights of its three gates and of its candidate stand in one matrix."""

    stacked: ClassVar[int] = 4
    forget_bias = 1.0

    def begin(self) -> None:
        """Opens the forget gates: with a bias of 1 they keep three quarters of what is remembered at each step before
        anything is learned, instead of half of it.

        Jozefowicz, Zaremba and Sutskever, "An Empirical Exploration of Recurrent Network Architectures", 2015.
        """
        for name, parameter in self.named_parameters():
            if name.startswith("bias_ih"):
                parameter[self.hidden_size : 2 * self.hidden_size] = self.forget_bias


CELLS: dict[str, type[Vanilla] | type[Lstm] | type[Gru]] = {"vanilla": Vanilla, "lstm": Lstm, "gru": Gru}


class Recurrent(nn.Module):
    """Recurrent layers over sequences (batch, length, features), images read row by row (batch, channels, height,
    width), or tokens (batch, length).

    The scores are (batch, outputs), read from the last state or the mean of all; or, where scores are asked for
    positions, (batch, positions, outputs), each read from the state at its own position. Each layer is a cell, the norm
    and dropout, if there are any. Parameters are called `embedding.weight`, `recurrent.0.weight_ih_l0` …,
    `output.weight` whichever of the optional members are there.
    """

    def __init__(
        self,
        parts: Parts,
        signature: Signature,
        *,
        cell: str,
        hidden: int,
        layers: int,
        bidirectional: bool,
        forget_bias: float,
        readout: str,
    ) -> None:
        super().__init__()
        width = 2 * hidden if bidirectional else hidden
        self.embedding = Embedding(signature.vocabulary, hidden) if signature.is_text else None
        sizes = [hidden if signature.is_text else step_size(signature.inputs), *[width] * (layers - 1)]
        make = CELLS[cell]
        self.recurrent = nn.ModuleList(
            make(size, hidden, batch_first=True, bidirectional=bidirectional) for size in sizes
        )
        for layer in self.recurrent:
            if isinstance(layer, Lstm):
                layer.forget_bias = forget_bias
        self.behind = nn.ModuleList(_behind(parts, width) for _ in sizes)
        self.output = parts.linear(width, signature.outputs)
        self._positions = signature.positions
        self._readout = readout
        self._hidden, self._bidirectional = hidden, bidirectional

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self._run(steps(x))
        scores: Tensor = self.output(self._read(states))
        return scores

    @torch.no_grad()
    def generate(
        self, x: Tensor, length: int, temperature: float = 0.0, generator: torch.Generator | None = None
    ) -> Tensor:
        """The `length` tokens (batch, length) with which it goes on behind the tokens `x` (batch, …).

        At temperature 0 always the likeliest one, else drawn from `generator`. In evaluation mode only.
        """
        tokens: list[Tensor] = []
        kept: list[Any] | None = None
        for _ in range(length):
            states, kept = self._run(x, kept)
            x = pick(self.output(states[:, -1]), temperature, generator)[:, None]
            tokens.append(x)
        return torch.cat(tokens, dim=1)

    def _run(self, x: Tensor, kept: list[Any] | None = None) -> tuple[Tensor, list[Any]]:
        """The states of the last layer at each step (batch, length, width), and what each layer keeps at the end, from
        where it may go on."""
        if self.embedding is not None:
            x = self.embedding(x)
        ends = []
        for index, (cell, behind) in enumerate(zip(self.recurrent, self.behind, strict=True)):
            x, end = cell(x, kept[index] if kept else None)
            x = behind(x)
            ends.append(end)
        return x, ends

    def _read(self, states: Tensor) -> Tensor:
        if self._positions:
            return states[:, -self._positions :]
        if self._readout == "mean":
            return states.mean(dim=1)
        if self._bidirectional:  # each direction has seen all steps at its own end
            return torch.cat([states[:, -1, : self._hidden], states[:, 0, self._hidden :]], dim=1)
        return states[:, -1]


def steps(x: Tensor) -> Tensor:
    """The sequence that is read: of images (batch, channels, height, width) the rows (batch, height, channels x width),
    all else as it is."""
    return x.transpose(1, 2).flatten(2) if x.ndim == 4 else x


def step_size(inputs: tuple[int, ...]) -> int:
    """The numbers of one step, for samples of the shape (channels, height, width) or (length, features)."""
    return inputs[0] * inputs[2] if len(inputs) == 3 else inputs[1]


def _behind(parts: Parts, width: int) -> nn.Sequential:
    members = {"norm": parts.norm(width), "dropout": parts.dropout()}
    return nn.Sequential(OrderedDict((name, member) for name, member in members.items() if member is not None))
