"""Forecasts: how sequences go on, and how they were said to."""

from __future__ import annotations

from tui_trainer.plots.spec import Curve, Row
from tui_trainer.runs.picture import Forecast, Forecasts, Picture
from tui_trainer.ui.figures import figure
from tui_trainer.ui.pictures.inputs import plot
from tui_trainer.ui.pictures.look import Look, Place, Steps
from tui_trainer.ui.widgets.rows import STRONG, whole


def forecasts_steps(forecasts: Forecasts, width: int, height: int, place: Place) -> Steps:
    return Steps(len(forecasts.samples))


def forecasts_rows(picture: Picture, forecasts: Forecasts, width: int, height: int, look: Look) -> list[Row]:
    """One forecast: what was known, what came, and what was said to come."""
    number = look.place.across
    forecast = forecasts.samples[number]
    head: Row = [
        (f"{number + 1}/{len(forecasts.samples)}", "label"),
        ("   mean error ", "label"),
        (figure(forecast.error).strip(), STRONG),
    ]
    return [whole(head, width), *plot(_curves(forecasts, forecast), (), width, height - 1, look, unit="step")]


def _curves(forecasts: Forecasts, forecast: Forecast) -> list[Curve]:
    """What was known, up to step 0, and both ways on from there."""
    before = range(1 - len(forecast.history), 1)
    joined = forecast.history[-1:]
    steps = range(1 - len(joined), len(forecast.target) + 1)
    return [
        *([Curve(forecasts.history, "label", before, forecast.history)] if forecast.history else []),
        Curve("target", "train", steps, (*joined, *forecast.target), "thick"),
        Curve("predicted", "validation", steps, (*joined, *forecast.predicted), "dots"),
    ]
