"""Predictions of a number: the curve over the data, or predictions against targets, and how far off they are."""

from __future__ import annotations

from math import isfinite

from tui_trainer.insight import axes
from tui_trainer.plots.frame import draw
from tui_trainer.plots.spec import Curve, PlotSpec, Row, Samples
from tui_trainer.runs.picture import Fit, Picture, Predictions
from tui_trainer.ui.figures import figure
from tui_trainer.ui.pictures.inputs import limits
from tui_trainer.ui.pictures.look import Look
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, exact, fit

_WORDS = 34  # columns that the figures need beside the plot
_LEAST = 46  # columns of a plot that has words beside it
_GAP = 2
_BINS = 9
_SIGNS = {"validation": "○", "train": "•"}
_ASCII_SIGNS = {"validation": "o", "train": "."}


def predictions_rows(picture: Picture, predictions: Predictions, width: int, height: int, look: Look) -> list[Row]:
    """The plot, and beside or below it the figures."""
    if width >= _LEAST + _GAP + _WORDS:
        left = width - _WORDS - _GAP
        said = [*_figures(predictions), [], *_residuals(predictions, _WORDS, look)]
        plot = _plot(picture, predictions, left, height, look)
        return [
            [*exact(plot[at], left), (" " * _GAP, ""), *exact(said[at] if at < len(said) else [], _WORDS)]
            for at in range(len(plot))
        ]
    said = _figures(predictions)[: max(0, height - 6)]
    return [*_plot(picture, predictions, width, height - len(said), look), *(exact(row, width) for row in said)]


def _plot(picture: Picture, predictions: Predictions, width: int, height: int, look: Look) -> list[Row]:
    curved = bool(predictions.curve_x)
    parts = [part for part in ("validation", "train") if look.points in ("all", part)]
    fits = {part: predictions.train if part == "train" else predictions.validation for part in parts}
    samples = [_samples(part, fitted, curved, look) for part, fitted in fits.items()]
    if curved:
        curve = Curve("learned", "mark", predictions.curve_x, predictions.curve_y)
        x = limits(predictions.curve_x, margin=0)
        y = limits([*predictions.train.targets, *predictions.validation.targets])
        names = (picture.features[0] if picture.features else "input", predictions.target)
    else:
        x = y = limits([*predictions.train.targets, *predictions.validation.targets])
        curve = Curve("perfect", "label", [x.lower, x.upper], [x.lower, x.upper], "dots")
        names = ("target", "predicted")
    spec = PlotSpec(
        curves=[curve],
        samples=samples,
        x=(x.lower, x.upper),
        y=(y.lower, y.upper),
        x_ticks=axes.ticks(x, min(10, width // 12)),
        y_ticks=axes.ticks(y, min(10, height // 3)),
        x_unit=names[0] if len(names[0]) <= axes.LABEL_WIDTH else "",
        gutter=axes.LABEL_WIDTH,
        ascii=look.ascii,
    )
    top: Row = [span for it in samples for span in ((it.sign, it.role), (f" {it.role}   ", "label"))]
    top += [("*" if look.ascii else "─", curve.role), (f" {curve.label}   {names[1]} over {names[0]}", "label")]
    return [exact(top, width), *draw(spec, width, height - 1)]


def _samples(part: str, fitted: Fit, curved: bool, look: Look) -> Samples:
    xs, ys = (fitted.inputs, fitted.targets) if curved else (fitted.targets, fitted.predicted)
    return Samples(part, (_ASCII_SIGNS if look.ascii else _SIGNS)[part], xs, ys)


def _figures(predictions: Predictions) -> list[Row]:
    rows: list[Row] = []
    for part, fitted in (("train", predictions.train), ("validation", predictions.validation)):
        errors = [abs(target - said) for target, said in zip(fitted.targets, fitted.predicted, strict=True)]
        mean = sum(errors) / len(errors) if errors else float("nan")
        rows.append([(fit(part, 11), part), ("mean error ", "label"), (figure(mean), STRONG)])
    if predictions.r2 is not None:
        words = "" if predictions.r2 > 0 else "  no better than the mean"
        rows.append([("           R²         ", "label"), (figure(predictions.r2), STRONG), (words, "warning")])
    return rows


def _residuals(predictions: Predictions, width: int, look: Look) -> list[Row]:
    """How residuals are spread: in figures, and as bars."""
    told = (
        f"Residuals on validation: {figure(predictions.residual_mean).strip()} on average, "
        f"spread {figure(predictions.residual_deviation).strip()}."
    )
    pairs = zip(predictions.validation.targets, predictions.validation.predicted, strict=True)
    residuals = [target - said for target, said in pairs]
    most = max((abs(residual) for residual in residuals), default=0.0)
    rows = [*paragraph(told, width, "label"), []]
    if not isfinite(most) or most <= 0:
        return rows
    counts = [0] * _BINS
    for residual in residuals:
        counts[min(_BINS - 1, int((residual / most + 1) / 2 * _BINS))] += 1
    room = width - 9
    for at, count in enumerate(counts):
        middle = most * (2 * (at + 0.5) / _BINS - 1)
        bar = ("#" if look.ascii else "■") * round(room * count / max(counts))
        rows.append([(f"{middle:+8.3g} ", "label"), (bar, "validation")])
    return rows
