"""Inputs that are not in memory as the numbers that a network takes: made of what is stored when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@runtime_checkable
class LazyInputs(Protocol):
    """Stands where an array of inputs (samples, *shape) stands, and is read piece by piece."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(samples, *shape of one)"""

    @property
    def in_memory(self) -> bool:
        """Whether reading costs no more than a copy; else it is worth processes of its own."""

    def __len__(self) -> int: ...

    def read(self, indices: NDArray[np.int64]) -> NDArray[Any]:
        """Some samples (indices, *shape) as they are stored: bytes, or float32. Raises DataError."""

    def __getitem__(self, indices: Any) -> NDArray[np.float32]:
        """One sample or some, as float32. Raises DataError."""


class ByteInputs:
    """Inputs that are kept as bytes, in a quarter of the memory that float32 takes."""

    in_memory = True

    def __init__(self, values: NDArray[np.uint8]) -> None:
        self._values = values

    @property
    def shape(self) -> tuple[int, ...]:
        return self._values.shape

    def __len__(self) -> int:
        return len(self._values)

    def read(self, indices: NDArray[np.int64]) -> NDArray[np.uint8]:
        return self._values[indices]

    def __getitem__(self, indices: Any) -> NDArray[np.float32]:
        import numpy as np

        values: NDArray[np.float32] = self._values[indices].astype(np.float32)
        return values
