"""Wines from three vineyards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from tui_trainer.choices.data.bundled import BundledTable

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Wine(BundledTable):
    """Wines: 178 of one region, from three growers, told apart by 13 measurements such as alcohol and colour.

    Proline is in the hundreds where hue is about one, so an unscaled network sees hardly anything but proline: try
    scaling none. Aeberhard and Forina, UCI Machine Learning Repository, 1991; it ships with scikit-learn.
    """

    kind: Literal["wine"] = "wine"
    words: ClassVar = "178 wines, 13 features, 3 classes"

    def table(self) -> tuple[NDArray[Any], NDArray[Any], tuple[str, ...], tuple[str, ...]]:
        from sklearn.datasets import load_wine

        bunch = load_wine()
        features = tuple(name.replace("_", " ").replace("/", " / ") for name in bunch.feature_names)
        return bunch.data, bunch.target, features, tuple(f"grower {label + 1}" for label in range(3))
