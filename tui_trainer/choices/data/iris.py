"""Fisher's irises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from tui_trainer.choices.data.bundled import BundledTable

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Iris(BundledTable):
    """Irises: 150 flowers of three species, each with the length and width of its sepals and petals in centimetres.

    One species stands apart; the other two touch, and a few flowers lie on the wrong side of every sensible boundary.
    Fisher, "The Use of Multiple Measurements in Taxonomic Problems", 1936; it ships with scikit-learn.
    """

    kind: Literal["iris"] = "iris"
    words: ClassVar = "150 flowers, 4 features, 3 classes"

    def table(self) -> tuple[NDArray[Any], NDArray[Any], tuple[str, ...], tuple[str, ...]]:
        from sklearn.datasets import load_iris

        bunch = load_iris()
        return bunch.data, bunch.target, tuple(bunch.feature_names), tuple(map(str, bunch.target_names))
