"""Tables that ship with scikit-learn: real measurements, and nothing to download."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tui_trainer.choices.data.base import DataSet, Samples

if TYPE_CHECKING:
    from numpy.typing import NDArray


class BundledTable(DataSet):
    """A table with a named feature in each column, and classes or a number to predict."""

    group = "tables"
    words: ClassVar[str]  # what it holds, in a few words

    def load(self, seed: int) -> Samples:
        import numpy as np

        x, y, features, classes = self.table()
        rows = np.asarray(x, dtype=np.float32)
        if classes:
            return Samples(rows, np.asarray(y, dtype=np.int64), classes, features)
        numbers = np.asarray(y, dtype=np.float32)
        return Samples(rows, numbers, (), features, task="regression", target=self.target_name())

    def table(self) -> tuple[NDArray[Any], NDArray[Any], tuple[str, ...], tuple[str, ...]]:
        """Rows (samples, features), targets (samples,), the names of the features and those of the classes, if any."""
        raise NotImplementedError

    def target_name(self) -> str:
        """What the number to predict is called."""
        return "target"

    def size(self) -> str:
        return self.words
