"""How diabetes goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from tui_trainer.choices.data.bundled import BundledTable
from tui_trainer.choices.given import Given

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Diabetes(BundledTable):
    """Diabetes: a number to predict, how far the disease has gone in a year, from ten measurements of 442 patients.

    Small and noisy: about half of the variance can be explained, linear regression gets most of that, and a network
    that wants more overfits. Efron, Hastie, Johnstone and Tibshirani, "Least Angle Regression", 2004; it ships with
    scikit-learn.
    """

    kind: Literal["diabetes"] = "diabetes"
    holds = Given("features", "regression")
    words: ClassVar = "442 patients, 10 features, a number to predict"

    def table(self) -> tuple[NDArray[Any], NDArray[Any], tuple[str, ...], tuple[str, ...]]:
        from sklearn.datasets import load_diabetes

        bunch = load_diabetes(scaled=False)
        # The six blood figures are numbered in the file, and named in its description.
        blood = ("total cholesterol", "ldl", "hdl", "cholesterol / hdl", "log triglycerides", "blood sugar")
        return bunch.data, bunch.target, ("age", "sex", "bmi", "blood pressure", *blood), ()

    def target_name(self) -> str:
        return "progression"
