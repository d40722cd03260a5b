"""What a network is made of, as a worker says it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tui_trainer.runs.parsing import mapping, text, whole, wholes

MOST_STEPS = 1_000
MOST_TENSORS = 100


@dataclass(frozen=True)
class Tensor:
    """A parameter: what it is to its module (weights, biases, scale, shift, embedding …) and its shape."""

    role: str
    shape: tuple[int, ...]
    frozen: bool = False  # not learned: it stays as it begins

    @property
    def size(self) -> int:
        return math.prod(self.shape)


@dataclass(frozen=True)
class Step:
    """Something that a sample passes on its way through the network."""

    name: str
    kind: str
    about: str = ""  # what was chosen for it
    output: tuple[int, ...] = ()  # of one sample
    tensors: tuple[Tensor, ...] = ()
    work: int = 0  # multiplications with additions, for one sample

    @property
    def parameters(self) -> int:
        return sum(tensor.size for tensor in self.tensors)


def read_steps(said: Any) -> tuple[Step, ...]:
    """Raises ValueError if `said` is no list of steps."""
    if said is None:
        return ()
    if not isinstance(said, list):
        raise ValueError("no list of steps")
    return tuple(_step(mapping(it)) for it in said[:MOST_STEPS])


def _step(said: Any) -> Step:
    tensors = said.get("tensors")
    listed = tensors[:MOST_TENSORS] if isinstance(tensors, list) else []
    return Step(
        text(said.get("name")),
        text(said.get("kind")),
        text(said.get("about")),
        wholes(said.get("output")),
        tuple(
            Tensor(text(it.get("role")), wholes(it.get("shape")), it.get("frozen") is True)
            for it in map(mapping, listed)
        ),
        whole(said.get("work", 0)),
    )
