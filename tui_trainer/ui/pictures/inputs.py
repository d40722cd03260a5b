"""Samples that are no images, in words and lines."""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.insight import axes
from tui_trainer.insight.axes import Limits
from tui_trainer.plots.frame import draw
from tui_trainer.plots.heading import stroke_samples
from tui_trainer.plots.palette import run_role
from tui_trainer.plots.spec import Curve, PlotSpec, Row, Samples
from tui_trainer.runs.picture import Input, Picture
from tui_trainer.ui.pictures.look import Look
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import fit

_LEAST = 6  # rows that a plot needs
_MOST = 14
_LEVELS = "▁▂▃▄▅▆▇█"
_ASCII_LEVELS = "_.-=+*#"
_MARGIN = 0.05


def in_a_line(picture: Picture, shown: Input, width: int, look: Look) -> Row:
    """A sample in at most `width` cells."""
    if shown.text:
        return [(fit(shown.text, min(width, len(shown.text) + 1)), "")] if width > 0 else []
    if shown.curves:
        return [(sparkline(shown.curves[0], max(1, width), look), "train")]
    return [(told(picture, shown.values, "  "), "")]


def below(picture: Picture, shown: Input, width: int, height: int, look: Look) -> list[Row]:
    """The same at length."""
    if shown.text:
        return [[], *paragraph(shown.text, width)]
    if shown.curves and height >= _LEAST:
        names = curve_names(picture, shown)
        curves = [
            Curve(name, run_role(at), range(1, len(ys) + 1), ys)
            for at, (name, ys) in enumerate(zip(names, shown.curves, strict=False))
        ]
        return plot(curves, (), width, min(_MOST, height), look, unit="step")
    return [[], *paragraph(told(picture, shown.values, "   "), width)] if shown.values else []


def told(picture: Picture, values: Sequence[float], between: str) -> str:
    """The values of a row with the names of its features."""
    return between.join(
        f"{name} {value:.4g}" for name, value in zip(value_names(picture, len(values)), values, strict=True)
    )


def value_names(picture: Picture, count: int) -> list[str]:
    """The names of the first features."""
    named = list(picture.features[:count])
    return [*named, *(f"input {n + 1}" for n in range(len(named), count))]


def curve_names(picture: Picture, shown: Input) -> list[str]:
    return value_names(picture, len(shown.curves))


def sparkline(values: Sequence[float], width: int, look: Look) -> str:
    """A curve in one row: as many of its values as there are cells, low to high."""
    levels = _ASCII_LEVELS if look.ascii else _LEVELS
    low, high = min(values, default=0.0), max(values, default=0.0)
    count = min(width, len(values))
    taken = [values[at * len(values) // count] for at in range(count)] if count else []
    return "".join(levels[round((value - low) / ((high - low) or 1.0) * (len(levels) - 1))] for value in taken)


def plot(
    curves: Sequence[Curve], samples: Sequence[Samples], width: int, height: int, look: Look, unit: str = ""
) -> list[Row]:
    """Curves and points with axes that fit them, below a line that names the curves."""
    drawn: list[Curve | Samples] = [*curves, *samples]
    x = limits([value for each in drawn for value in each.xs], 0.0 if curves else _MARGIN)
    y = limits([value for each in drawn for value in each.ys])
    signs = stroke_samples(look.ascii)
    top: Row = [
        span for curve in curves for span in ((signs[curve.stroke] + " ", curve.role), (f"{curve.label}   ", "label"))
    ]
    spec = PlotSpec(
        curves=curves,
        samples=samples,
        x=(x.lower, x.upper),
        y=(y.lower, y.upper),
        x_ticks=axes.ticks(x, max(2, min(10, width // 12))),
        y_ticks=axes.ticks(y, max(2, min(10, height // 3))),
        x_unit=unit,
        gutter=axes.LABEL_WIDTH,
        ascii=look.ascii,
    )
    return [*([top] if top else []), *draw(spec, width, max(1, height - bool(top)))]


def limits(values: Sequence[float], margin: float = _MARGIN) -> Limits:
    """The ends of an axis that goes a little beyond the values."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    more = margin * (high - low) if high > low else 0.5
    return Limits(low - more, high + more)
