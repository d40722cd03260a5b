"""The digits that ship with scikit-learn."""

from __future__ import annotations

from typing import Literal

from tui_trainer.choices.data.base import DataSet, Samples, Scaling, scaling_field
from tui_trainer.choices.data.only_classes import Classes, classes_field, only_classes
from tui_trainer.choices.given import Given


class Digits(DataSet):
    """Handwritten digits: 1,797 real images of 8×8 grey pixels, ten classes. Nothing to download.

    Written by 13 people, scanned and shrunk. A linear model gets about 95 % right, so there is not much to gain by
    depth, but enough to see overfitting with few training samples. They are the test part of "Optical Recognition of
    Handwritten Digits" by Alpaydin and Kaynak, 1998, and ship with scikit-learn.
    """

    group = "images"
    holds = Given("image", "classification")
    kind: Literal["digits"] = "digits"
    scaling: Scaling = scaling_field("range")
    classes: Classes = classes_field()

    def load(self, seed: int) -> Samples:
        import numpy as np
        from sklearn.datasets import load_digits

        bunch = load_digits()
        x = bunch.images.astype(np.float32).reshape(-1, 1, 8, 8)
        names = tuple(str(name) for name in bunch.target_names)
        return only_classes(Samples(x, bunch.target.astype(np.int64), names), self.classes)

    def size(self) -> str:
        if not self.classes:
            return "1,797 images of 8×8, 10 classes"
        return f"images of 8×8, {len(set(self.classes))} classes"
