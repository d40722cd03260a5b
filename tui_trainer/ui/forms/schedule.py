"""Draws the learning rate over a run as its schedule plans it, before there is a run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from tui_trainer.experiment.schema import Experiment
from tui_trainer.insight import axes
from tui_trainer.insight.planned_rates import planned_rates
from tui_trainer.plots.frame import draw
from tui_trainer.plots.heading import Entry, heading
from tui_trainer.plots.spec import Curve, PlotSpec, Row
from tui_trainer.ui.laboratory.sizes import Sizes
from tui_trainer.ui.terminal.glyphs import ascii_only
from tui_trainer.ui.widgets.rows import fit

_LEAST = 5  # rows that a plot needs
_LEVELS, _PLAIN_LEVELS = "▁▂▃▄▅▆▇█", "_.-~=+*#"
_GUTTER = 7


def spark(experiment: Experiment, sizes: Sizes, width: int) -> str:
    """The learning rate over the run in one line of so many cells."""
    _, rates = planned_rates(experiment, sizes.updates, max(2, width))
    levels = _PLAIN_LEVELS if ascii_only() else _LEVELS
    highest = max(rates) or 1.0
    return "".join(levels[min(len(levels) - 1, int(len(levels) * max(0.0, rate) / highest))] for rate in rates)


def schedule_rows(experiment: Experiment, sizes: Sizes, width: int, height: int) -> Sequence[Row]:
    """The same as a plot, or in one line where there is no room for one."""
    if height < _LEAST or width < 24:
        return [[(fit(f"{spark(experiment, sizes, max(2, width - 12))}  lr", width), "batch")]] if height > 0 else []
    epochs, rates = planned_rates(experiment, sizes.updates)
    return _plot(tuple(epochs), tuple(rates), _words(experiment), width, height)


def _words(experiment: Experiment) -> str:
    never = ", if validation never improves" if experiment.schedule.watches_validation else ""
    return f"learning rate over the run{never}"


@lru_cache(32)
def _plot(epochs: tuple[float, ...], rates: tuple[float, ...], words: str, width: int, height: int) -> Sequence[Row]:
    plain = ascii_only()
    x = axes.Limits(0.0, max(epochs[-1], 1e-9))
    y = axes.Limits(0.0, max(rates) * 1.05 or 1.0)
    spec = PlotSpec(
        curves=[Curve("lr", "batch", epochs, rates)],
        x=(x.lower, x.upper),
        y=(y.lower, y.upper),
        x_ticks=axes.ticks(x, max(1, (width - _GUTTER) // 9)),
        y_ticks=[(0.0, "0"), (max(rates), f"{max(rates):g}"[:_GUTTER])],
        x_unit="epoch",
        gutter=_GUTTER,
        ascii=plain,
    )
    return (heading([Entry(words, "batch", "thin")], width, ascii_only=plain), *draw(spec, width, height - 1))
