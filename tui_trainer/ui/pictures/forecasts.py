"""Forecasts: how sequences go on, and how they were said to."""

from __future__ import annotations

from tui_trainer.plots.spec import Curve, Row, Samples
from tui_trainer.runs.picture import Forecast, Forecasts, Picture
from tui_trainer.ui.figures import figure
from tui_trainer.ui.pictures.inputs import plot
from tui_trainer.ui.pictures.look import Look, Place, Steps
from tui_trainer.ui.widgets.rows import STRONG, exact


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
    curves, samples = _drawn(forecasts, forecast, look)
    return [exact(head, width), *plot(curves, samples, width, height - 1, look, unit="step")]


def _drawn(forecasts: Forecasts, forecast: Forecast, look: Look) -> tuple[list[Curve], list[Samples]]:
    count = len(forecast.target)
    before = range(1 - len(forecast.history), 1)
    curves = [Curve(forecasts.history, "label", before, forecast.history)] if forecast.history else []
    said = (("target", "train", forecast.target), ("predicted", "validation", forecast.predicted))
    if count == 1:
        signs = "ox" if look.ascii else "○×"
        named = [Curve(name, role, [1], values) for name, role, values in said]
        samples = [Samples(role, sign, [1], values) for sign, (_, role, values) in zip(signs, said, strict=True)]
        return [*curves, *named], samples
    joined = forecast.history[-1:]  # so that the curves go on from what was known
    steps = range(1 - len(joined), count + 1)
    return [*curves, *(Curve(name, role, steps, (*joined, *values)) for name, role, values in said)], []
