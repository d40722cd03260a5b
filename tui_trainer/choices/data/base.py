"""The family of data sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tui_trainer.choices.base import Choice, setting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class DataError(Exception):
    """The data cannot be used; the message says why, where, and what would be right. `field` names the field to mend."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Samples:
    """A data set in memory, before it is split and scaled."""

    x: NDArray[np.float32]  # (samples, *shape)
    y: NDArray[np.int64]  # (samples,): the index of the class
    classes: tuple[str, ...]
    features: tuple[str, ...] = ()
    task: str = "classification"

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one sample."""
        return tuple(self.x.shape[1:])


class DataSet(Choice):
    """Samples to learn from, with what they should be recognized as."""

    family = "data"

    train_share: float = setting(
        0.8,
        gt=0,
        lt=1,
        ladder=(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
        help="Share of the samples that the network trains on; the rest validates. Classes keep their proportions.",
        low="Little to learn from: overfitting.",
        high="Few validation samples: their figures become noisy.",
    )
    train_samples: int | None = setting(
        None,
        ge=1,
        unit="samples",
        ladder=(10, 20, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10000, 20000, 50000),
        help="Train on the first so many samples of the training part; empty takes all. The validation part stays.",
        low="The network learns them by heart: overfitting.",
        high="No more than the training part holds.",
    )
    scaling: Literal["standard", "range", "none"] = setting(
        "standard",
        help="How inputs are scaled, fitted on the training part only: standard (mean 0, deviation 1), range (0 to 1) or none.",
        low="",
        high="",
    )

    def load(self, seed: int) -> Samples:
        """All samples, in a fixed order; a generated set draws from `seed` only.

        Raises DataError if they cannot be had.
        """
        raise NotImplementedError

    def size(self) -> dict[str, Any]:
        """What is known of it without loading: any of samples, features, classes."""
        return {}
