"""The views of a picture: what each shows, which keys move in it, and what it means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tui_trainer.plots.spec import Row
from tui_trainer.runs.picture import Picture
from tui_trainer.ui.pictures.attention import attention_rows, attention_steps
from tui_trainer.ui.pictures.boundary import boundary_rows
from tui_trainer.ui.pictures.confusion import confusion_rows
from tui_trainer.ui.pictures.forecasts import forecasts_rows, forecasts_steps
from tui_trainer.ui.pictures.latent import latent_rows
from tui_trainer.ui.pictures.layers import filters_rows, filters_steps, maps_rows, maps_steps
from tui_trainer.ui.pictures.look import Look, Place, Steps
from tui_trainer.ui.pictures.mistakes import mistakes_rows, mistakes_steps
from tui_trainer.ui.pictures.predictions import predictions_rows
from tui_trainer.ui.pictures.reconstruction import (
    anomaly_rows,
    anomaly_steps,
    reconstruction_rows,
    reconstruction_steps,
)
from tui_trainer.ui.pictures.surface import surface_rows
from tui_trainer.ui.pictures.texts import sequences_rows, sequences_steps, text_rows

Draw = Callable[[Picture, Any, int, int, Look], list[Row]]
Count = Callable[[Any, int, int, Place], Steps]


def _one(part: Any, width: int, height: int, place: Place) -> Steps:
    return Steps()


@dataclass(frozen=True)
class View:
    """One way to look at a picture; its `name` is that of the part of the picture that it draws."""

    name: str
    title: str
    draw: Draw
    words: str  # what is seen, and what to look for
    steps: Count = _one
    across: str = ""  # what the keys left and right go through; empty if nothing
    down: str = ""  # and up and down
    points: bool = False  # whether points of the data can be left out
    needs: int = 0  # rows that it needs before words may take some

    def part(self, picture: Picture | None) -> Any:
        """What it draws; None if the picture has none."""
        return getattr(picture, self.name) if picture else None


VIEWS = (
    View(
        "boundary",
        "Boundary",
        boundary_rows,
        "Each place has the colour of the class that it is taken for; a boundary that winds around single points has "
        "learned them by heart.",
        points=True,
    ),
    View(
        "surface",
        "Surface",
        surface_rows,
        "Each place has the colour of the number that is predicted there, each point that of its target: the better "
        "the fit, the less a point stands out.",
        points=True,
    ),
    View(
        "forecasts",
        "Forecasts",
        forecasts_rows,
        "A sequence that was not trained on, how it went on, and how the network said that it would.",
        forecasts_steps,
        across="sequence",
    ),
    View(
        "predictions",
        "Predictions",
        predictions_rows,
        "Residuals around zero without a pattern are all that can be had; a bend in them has not been learned.",
        points=True,
    ),
    View(
        "reconstruction",
        "Reconstruction",
        reconstruction_rows,
        "Above what went in, below it what came out of the narrow place, then the difference, if there is room for it.",
        reconstruction_steps,
        across="samples",
    ),
    View(
        "latent",
        "Latent",
        latent_rows,
        "Where the samples lie in the bottleneck. No class was told to the network: groups are what it found alike.",
    ),
    View(
        "anomaly",
        "Anomaly",
        anomaly_rows,
        "The error of the reconstruction says how odd a sample is: the network has learned to rebuild what is usual. "
        "The oddest come first.",
        anomaly_steps,
        across="samples",
    ),
    View(
        "text",
        "Text",
        text_rows,
        "Written character by character, each drawn by the probabilities that the network gives; prompt and seed stay, "
        "so what changes is the network.",
    ),
    View(
        "sequences",
        "Sequences",
        sequences_rows,
        "Each token is the likeliest one behind those that the network has said itself: one wrong token makes a wrong "
        "answer. Wrong characters stand out.",
        sequences_steps,
        across="samples",
    ),
    View(
        "confusion",
        "Confusion",
        confusion_rows,
        "Rows are what samples are, columns what they are taken for: what lies off the diagonal is wrong.",
    ),
    View(
        "mistakes",
        "Mistakes",
        mistakes_rows,
        "Where the network is wrong and most sure of it: look for wrong labels, and for what it cannot see.",
        mistakes_steps,
        across="mistake",
        needs=20,
    ),
    View(
        "filters",
        "Filters",
        filters_rows,
        "The weights of a unit for its input, or of a filter for the piece that it slides over: it answers where the "
        "input is bright at one colour and dark at the other. Filters that look like noise have learned little.",
        filters_steps,
        across="more",
        down="layer",
    ),
    View(
        "maps",
        "Maps",
        maps_rows,
        "What each filter finds in the sample, behind the activation: a map that is blank for all samples is a dead "
        "unit. Later layers see coarser, and more.",
        maps_steps,
        across="more",
        down="layer",
    ),
    View(
        "attention",
        "Attention",
        attention_rows,
        "Each row is a position that asks, each column one that it looks at; the strong ones are where it takes its "
        "information from. A row adds up to 1.",
        attention_steps,
        across="head",
        down="layer",
    ),
)
"""All of them, the most telling first."""


def views_of(picture: Picture | None) -> tuple[View, ...]:
    """The views that a picture has; of images, mistakes come before all others."""
    found = [view for view in VIEWS if view.part(picture) is not None]
    if picture and picture.mistakes and any(mistake.input.image.greys for mistake in picture.mistakes.worst):
        found.sort(key=lambda view: view.name != "mistakes")
    return tuple(found)
