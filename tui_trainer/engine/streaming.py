"""Samples that do not fit in memory: read again and again, ahead of who asks for them, by processes of their own."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from tui_trainer.choices.data import DataError
from tui_trainer.choices.data.lazy import LazyInputs
from tui_trainer.engine.prepare import Part
from tui_trainer.engine.scaling import Preprocessing

MOST_PROCESSES = 8
AHEAD = 2
"""Batches that each process holds ready."""

CHUNK_BYTES = 16 << 20
"""Where samples are read in no given batches, so many bytes at a time."""

WHOLE_ROWS = 1024
"""So few samples are handed over in memory."""

Indices = NDArray[np.int64]


Scale = Callable[[Tensor], Tensor]
"""How what was read becomes what a network takes."""


class Reader:
    """Reads samples in the order in which they are asked for; `close` ends its processes, and so does its own end.

    What is in memory is read in place.
    """

    def __init__(self, inputs: LazyInputs) -> None:
        self.inputs = inputs
        self._orders = _Orders()
        self._loader: DataLoader[Any] | None = None
        self._present: object = None  # the stream whose samples the processes are reading

    def stream(self, batches: Sequence[Indices]) -> Iterator[NDArray[Any]]:
        """Each batch as it is stored (rows, *shape). Somebody else may ask for others in between.

        Raises DataError if a sample cannot be read.
        """
        if self.inputs.in_memory:
            yield from map(self.inputs.read, batches)
            return
        done = 0
        while done < len(batches):
            token = self._present = object()
            for values in self._read(batches[done:]):
                if isinstance(values, DataError):
                    raise values
                done += 1
                yield values
                if self._present is not token:
                    break  # the processes were set to something else: they are set to the rest of this anew

    def close(self) -> None:
        self._loader = None
        self._present = None

    def _read(self, batches: Sequence[Indices]) -> Iterator[Any]:
        self._orders.batches = batches
        if self._loader is None:
            self._loader = DataLoader(
                _Reading(self.inputs),
                sampler=self._orders,
                batch_size=None,
                num_workers=min(MOST_PROCESSES, _cores()),
                collate_fn=_as_it_is,  # numbers go through a pipe: the shared memory of a container may be tiny
                prefetch_factor=AHEAD,
                persistent_workers=True,
                worker_init_fn=_begin_process,
                multiprocessing_context="fork" if os.uname().sysname == "Linux" else None,
                generator=torch.Generator(),  # the global one is the network's noise
            )
        return iter(self._loader)


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin_process(number: int) -> None:
    """What a signal means to the process that trains is nothing to one that reads for it: it ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _as_it_is(values: Any) -> Any:
    return values


class _Orders(Sampler[Indices]):
    """The batches that are asked for next."""

    def __init__(self) -> None:
        self.batches: Sequence[Indices] = ()

    def __iter__(self) -> Iterator[Indices]:
        return iter(self.batches)

    def __len__(self) -> int:
        return len(self.batches)


class _Reading(Dataset[Any]):
    """What a process does: it reads whole batches."""

    def __init__(self, inputs: LazyInputs) -> None:
        self._inputs = inputs

    def __getitem__(self, indices: Indices) -> NDArray[Any] | DataError:
        try:
            return self._inputs.read(indices)
        except DataError as error:  # raised there, it would lose its field and gain a traceback
            return error


class StreamedInputs:
    """Stands for a tensor of inputs (samples, *shape) on a device; what is asked of it is read then."""

    def __init__(self, reader: Reader, rows: Indices, scale: Scale, device: torch.device) -> None:
        self.device = device
        self._reader = reader
        self._rows = rows
        self._scale = scale

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self._rows), *self._reader.inputs.shape[1:])

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int | slice | Tensor | Indices) -> Tensor:
        if isinstance(index, int):
            return self[np.array([index])][0]
        rows = self._rows[index.cpu().numpy() if isinstance(index, Tensor) else index]
        if not len(rows):
            return torch.empty((0, *self.shape[1:]), device=self.device)
        return torch.cat([self._tensor(raw) for raw in self._reader.stream(self._pieces(rows, len(rows)))])

    def split(self, size: int) -> Iterator[Tensor]:
        """All in their order, at most `size` at a time."""
        return map(self._tensor, self._reader.stream(self._pieces(self._rows, size)))

    def batches(self, order: Indices, size: int) -> Iterator[Tensor]:
        """Those of `order`, exactly `size` at a time but for the last ones."""
        return map(self._tensor, self._reader.stream(_cut(self._rows[order], size)))

    def first(self, samples: int) -> StreamedInputs:
        return StreamedInputs(self._reader, self._rows[:samples], self._scale, self.device)

    def close(self) -> None:
        self._reader.close()

    def _tensor(self, raw: NDArray[Any]) -> Tensor:
        return self._scale(torch.from_numpy(raw).to(self.device))

    def _pieces(self, rows: Indices, size: int) -> list[Indices]:
        sample_bytes = 4 * int(np.prod(self.shape[1:]))
        return _cut(rows, max(1, min(size, CHUNK_BYTES // sample_bytes)))


def _cut(rows: Indices, size: int) -> list[Indices]:
    return [rows[begin : begin + size] for begin in range(0, len(rows), size)]


@dataclass(frozen=True)
class StreamedPart(Part):
    """Samples whose inputs are read when they are asked for. Their targets are in memory, unless they are the inputs
    themselves: then y is x."""

    x: Any  # StreamedInputs, of which there is as much as is asked of the tensor that they stand for
    y: Any

    def __len__(self) -> int:
        return len(self.x)

    def first(self, samples: int) -> Part:
        """The first so many, in memory if they are few."""
        labels = None if self.labels is None else self.labels[:samples]
        few = min(samples, len(self)) <= WHOLE_ROWS
        x = self.x[:samples] if few else self.x.first(samples)
        y = x if self.y is self.x else self.y[:samples]
        return Part(x, y, labels) if few else StreamedPart(x, y, labels)

    def chunks(self, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        done = 0
        for x in self.x.split(size):
            yield x, x if self.y is self.x else self.y[done : done + len(x)]
            done += len(x)

    def batches(self, order: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        rows = order.to(self.x.device).split(size)
        for x, places in zip(self.x.batches(order.cpu().numpy(), size), rows, strict=True):
            yield x, x if self.y is self.x else self.y.index_select(0, places)

    def close(self) -> None:
        self.x.close()


def scale_on(device: torch.device, preprocessing: Preprocessing) -> Scale:
    """The scaling of `preprocessing`, on a device."""
    if preprocessing.scaling == "none":
        return lambda raw: raw.float()
    # As many dimensions as a batch: torch divides by a single number in a way of its own.
    dimensions = 1 + len(preprocessing.shape)
    offset, scale = (
        torch.from_numpy(np.array(values, dtype=np.float32, ndmin=dimensions)).to(device)
        for values in (preprocessing.offset, preprocessing.scale)
    )
    return lambda raw: (raw.float() - offset) / scale
