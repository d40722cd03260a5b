"""Figures of layers that are clearly ill."""

from __future__ import annotations

from math import nan

import pytest

from tui_trainer.experiment.parse import parse
from tui_trainer.insight.layer_health import symptoms, symptoms_of
from tui_trainer.runs.view import LayerFigures, LayersAt, RunView


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


def test_a_frozen_layer_is_not_judged() -> None:
    frozen = LayerFigures("linear", nan, nan, 5.0, 0.0, 1.0, frozen=True)
    assert symptoms([frozen, layer()]) == []


def test_tiny_updates_are_meant_where_the_schedule_made_the_rate_small() -> None:
    tiny = [layer(update=2e-7), layer(update=2e-7)]
    assert len(symptoms(tiny)) == 2
    assert symptoms(tiny, rate=0.15) == [], "relative to the rate that there is, they are no smaller than before"
    assert symptoms([layer(update=0.0)], rate=0.001) == [], "so small a rate is lost in rounding"


@pytest.mark.parametrize(("schedule", "tiny"), [("cosine", 0), ("constant", 1)])
def test_the_end_of_a_schedule_is_no_alarm(schedule: str, tiny: int) -> None:
    experiment = parse({"schedule": schedule, "training": {"epochs": 10}})
    figures = LayersAt(100, 10.0, (layer(update=1e-8),))
    view = RunView(
        "id",
        "name",
        state="finished",
        experiment=experiment,
        present=experiment,
        layers=(figures,),
        updates_per_epoch=10,
        planned_steps=100,
        planned_epochs=10,
    )
    assert len(symptoms_of(view)) == tiny
