"""Figures of layers that are clearly ill."""

from __future__ import annotations

from math import nan

import pytest

from tui_trainer.insight.layer_health import symptoms
from tui_trainer.runs.view import LayerFigures


def layer(gradient: float = 0.1, update: float = 1e-3, weights: float = 5.0, dead: float | None = 0.0) -> LayerFigures:
    return LayerFigures("linear", gradient, update, weights, 0.0, dead)


def test_healthy_layers_have_no_symptoms() -> None:
    assert symptoms([layer(), layer(0.05, 5e-3), layer(dead=None)]) == []


@pytest.mark.parametrize(
    ("ill", "figure"),
    [
        (layer(gradient=1e-8), "gradient_norm"),
        (layer(gradient=nan), "gradient_norm"),
        (layer(update=0.5), "update_ratio"),
        (layer(update=1e-9), "update_ratio"),
        (layer(weights=nan), "weight_norm"),
        (layer(dead=0.51), "dead_share"),
    ],
)
def test_a_clearly_ill_figure_is_a_symptom(ill: LayerFigures, figure: str) -> None:
    found = symptoms([ill, layer()])
    assert [(symptom.layer, symptom.figure) for symptom in found] == [(0, figure)]
    assert found[0].meaning


def test_the_last_layer_is_the_measure_of_vanishing() -> None:
    assert symptoms([layer(gradient=1e-8), layer(gradient=1e-8)]) == []
