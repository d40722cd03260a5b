"""Pictures of numbers that are predicted: targets beside predictions, a plane of two features, forecasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui_trainer.runs.parsing import finite, mapping, optional_number, text
from tui_trainer.runs.picture.checks import ends, filled, heat, numbers, some


@dataclass(frozen=True)
class Fit:
    """Targets of samples and what is predicted for them; with a single feature also its values."""

    inputs: tuple[float, ...] = ()
    targets: tuple[float, ...] = ()
    predicted: tuple[float, ...] = ()


@dataclass(frozen=True)
class Predictions:
    """How well numbers are predicted, in the target's own unit. Residuals are targets less predictions."""

    target: str
    train: Fit
    validation: Fit
    r2: float | None  # on validation: 1 is perfect, 0 as good as the mean of its targets
    residual_mean: float
    residual_deviation: float
    curve_x: tuple[float, ...] = ()  # with a single feature: the function that was learned
    curve_y: tuple[float, ...] = ()


@dataclass(frozen=True)
class SurfacePoints:
    """Samples in the plane of the two features; targets are signed values, as the surface's are."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    targets: tuple[int, ...]


@dataclass(frozen=True)
class Surface:
    """What is predicted at every place of the plane. Axes are in the data's own units; cells go by rows, from the top.

    A signed value says how far a number is from `middle`, in shares of `reach`.
    """

    target: str
    columns: int
    rows: int
    x: tuple[float, float]
    y: tuple[float, float]
    middle: float
    reach: float  # above 0
    values: tuple[int, ...]
    train: SurfacePoints
    validation: SurfacePoints


@dataclass(frozen=True)
class Forecast:
    """What followed a sequence, and what was said to follow."""

    history: tuple[float, ...]
    target: tuple[float, ...]
    predicted: tuple[float, ...]
    error: float  # mean absolute error


@dataclass(frozen=True)
class Forecasts:
    """Sequences of the validation part and how they go on, in the target's own unit; `history` names what is shown."""

    target: str
    history: str
    samples: tuple[Forecast, ...]


def read_predictions(said: Mapping[str, Any]) -> Predictions:
    curve_x = numbers(said.get("curve_x", []))
    return Predictions(
        text(said["target"]),
        _fit(mapping(said["train"])),
        _fit(mapping(said["validation"])),
        optional_number(said["r2"]),
        finite(said["residual_mean"]),
        finite(said["residual_deviation"]),
        curve_x,
        numbers(said.get("curve_y", []), len(curve_x)),
    )


def _fit(said: Mapping[str, Any]) -> Fit:
    targets = numbers(said["targets"])
    inputs = numbers(said["inputs"])
    if len(inputs) not in (0, len(targets)):
        raise ValueError("inputs that have no targets")
    return Fit(inputs, targets, numbers(said["predicted"], len(targets)))


def read_surface(said: Mapping[str, Any]) -> Surface:
    rows, columns = filled([said["rows"], said["columns"]])
    if not finite(said["reach"]) > 0:
        raise ValueError("a surface without extent")
    return Surface(
        text(said["target"]),
        columns,
        rows,
        ends(said["x"]),
        ends(said["y"]),
        finite(said["middle"]),
        finite(said["reach"]),
        heat(said["values"], columns * rows),
        _surface_points(mapping(said["train"])),
        _surface_points(mapping(said["validation"])),
    )


def _surface_points(said: Mapping[str, Any]) -> SurfacePoints:
    x = numbers(said["x"])
    return SurfacePoints(x, numbers(said["y"], len(x)), heat(said["targets"], len(x)))


def read_forecasts(said: Mapping[str, Any]) -> Forecasts:
    return Forecasts(text(said["target"]), text(said["history"]), some(said["samples"], _forecast))


def _forecast(said: Mapping[str, Any]) -> Forecast:
    target = numbers(said["target"])
    predicted = numbers(said["predicted"], len(target))
    return Forecast(numbers(said["history"]), target, predicted, finite(said["error"]))
