"""Tumours of the breast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from tui_trainer.choices.data.bundled import BundledTable

if TYPE_CHECKING:
    from numpy.typing import NDArray


class BreastCancer(BundledTable):
    """Breast tumours: 569 of them, malignant or benign, each with 30 figures of its cells as seen under a microscope.

    Two classes: a single sigmoid neuron, which is logistic regression, gets about 97 % right, and is hard to beat.
    Wolberg, Street and Mangasarian, Wisconsin Diagnostic Breast Cancer, 1995; it ships with scikit-learn.
    """

    kind: Literal["breast_cancer"] = "breast_cancer"
    words: ClassVar = "569 tumours, 30 features, 2 classes"

    def table(self) -> tuple[NDArray[Any], NDArray[Any], tuple[str, ...], tuple[str, ...]]:
        from sklearn.datasets import load_breast_cancer

        bunch = load_breast_cancer()
        return bunch.data, bunch.target, tuple(map(str, bunch.feature_names)), tuple(map(str, bunch.target_names))
