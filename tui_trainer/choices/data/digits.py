"""The digits that ship with scikit-learn."""

from __future__ import annotations

from typing import Literal

from tui_trainer.choices.data.base import DataSet, Samples


class Digits(DataSet):
    """Handwritten digits: 1,797 real images of 8x8 grey pixels, ten classes. Nothing to download."""

    kind: Literal["digits"] = "digits"

    def load(self, seed: int) -> Samples:
        import numpy as np
        from sklearn.datasets import load_digits

        bunch = load_digits()
        x = bunch.images.astype(np.float32).reshape(-1, 1, 8, 8)
        return Samples(x, bunch.target.astype(np.int64), tuple(str(name) for name in bunch.target_names))
