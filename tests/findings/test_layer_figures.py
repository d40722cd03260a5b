"""What the layers tell besides their gradients: which units sit at the flat ends of their activation."""

from __future__ import annotations

from typing import Any

from tests.findings.training import Trained
from tui_trainer.experiment.parse import parse

POINTS = {"kind": "moons", "samples": 100}


def _shares(trained: Trained, **groups: Any) -> list[float | None]:
    plain = {"data": POINTS, "model": {"hidden": [8, 6]}, "optimizer": {"lr": 1e-4}, "training": {"epochs": 1}}
    view = trained.view(parse(plain | groups))
    return [layer.saturated_share for layer in view.layers[-1].layers]


def test_units_far_out_on_a_bounded_activation_are_saturated(trained: Trained) -> None:
    large = {"kind": "normal", "std": 100.0}
    assert _shares(trained, activation="tanh") == [0, 0, None]
    for kind in ("tanh", "sigmoid"):
        share = _shares(trained, activation=kind, initialization=large)[1]
        assert share is not None
        assert share > 0.5


def test_activations_without_bounds_do_not_saturate(trained: Trained) -> None:
    for kind in ("relu", "identity", "gelu", "step"):
        assert _shares(trained, activation=kind) == [None, None, None]
