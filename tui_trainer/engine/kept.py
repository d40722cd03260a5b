"""What a forward pass leaves in memory until the gradients are computed."""

from __future__ import annotations

import math
from types import TracebackType
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.nn.modules.batchnorm import _BatchNorm

from tui_trainer.modules.attention import Attention
from tui_trainer.modules.dropout import Dropout

FUSED = (Attention, nn.LSTM, _BatchNorm)
"""Modules that are one operation in training, which keeps less, or more, than the operations that they consist of on
the device "meta"."""

FLOAT_BYTES = 4


class Kept:
    """Counts, while it is entered, the bytes that passes of a model leave for the backward pass.

    What several operations keep counts once, and what is in memory anyway not at all: parameters, buffers and the
    inputs `x`. On the device "meta" nothing is allocated. Attention keeps queries, keys, values and what is found, but
    never the matrix of what looks at what, which is made anew piece by piece: Dao et al., "FlashAttention", 2022. An
    LSTM is counted as on a CPU, where it keeps more than elsewhere.
    """

    def __init__(self, model: nn.Module, x: Tensor) -> None:
        held = (*model.parameters(), *model.buffers(), x)
        self._held = {tensor.untyped_storage()._cdata for tensor in held}
        self._kept: dict[int, torch.UntypedStorage] = {}  # the storages themselves, lest another one gets their address
        self._workspaces = 0
        self._inside = 0  # how many fused modules are being passed
        self._fused = [module for module in model.modules() if isinstance(module, FUSED)]
        self._hooks = saved_tensors_hooks(self._keep, lambda nothing: nothing)  # there will be no backward pass
        self._handles: list[Any] = []

    @property
    def bytes(self) -> int:
        return self._workspaces + sum(storage.nbytes() for storage in self._kept.values())

    def __enter__(self) -> Kept:
        self._handles = [
            handle
            for module in self._fused
            for handle in (module.register_forward_pre_hook(self._begin), module.register_forward_hook(self._end))
        ]
        self._hooks.__enter__()
        return self

    def __exit__(
        self, type: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._hooks.__exit__(type, value, traceback)
        for handle in self._handles:
            handle.remove()

    def _keep(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        if not self._inside and storage._cdata not in self._held:
            self._kept[storage._cdata] = storage

    def _begin(self, module: nn.Module, inputs: tuple[Any, ...]) -> None:
        for tensor in inputs:
            if isinstance(tensor, Tensor):
                self._keep(tensor)
        self._inside += 1

    def _end(self, module: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
        self._inside -= 1
        if not isinstance(module, _BatchNorm):  # that makes its output anew from its input
            self._keep(output[0] if isinstance(output, tuple) else output)
        if isinstance(module, nn.LSTM):
            self._workspaces += FLOAT_BYTES * _lstm_workspace(module, inputs[0].numel() // module.input_size)


def _lstm_workspace(lstm: nn.LSTM, steps: int) -> int:
    """Numbers that oneDNN, which makes LSTMs on CPUs, keeps for so many steps of one sample: found by measuring."""
    gates, states = 2 * _padded(4 * lstm.hidden_size), 7 * _padded(max(lstm.input_size, lstm.hidden_size))
    directions = 2 if lstm.bidirectional else 1
    return lstm.num_layers * directions * (steps + 1) * (gates + states)


def _padded(numbers: int) -> int:
    """Up to whole lines of a cache."""
    return 16 * math.ceil(numbers / 16)


def thin_out(model: nn.Module) -> None:
    """Has only dropout do what it does in training, for it keeps what it left out; all else is as it was."""
    for module in model.modules():
        if isinstance(module, Dropout | nn.Dropout):
            module.train()
