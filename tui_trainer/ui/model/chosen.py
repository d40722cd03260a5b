"""Hyperparameters: what is chosen, and not learned."""

from __future__ import annotations

from collections.abc import Iterable

from tui_trainer.choices.base import Choice, Settings
from tui_trainer.choices.base import Row as Table
from tui_trainer.experiment.diff import shown
from tui_trainer.experiment.schema import Experiment
from tui_trainer.plots.spec import Row
from tui_trainer.ui.terminal.glyphs import LIVE
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, exact, fit

_NAME = 24


def chosen(experiment: Experiment, width: int) -> list[Row]:
    """The fields of everything that makes up the network and its training."""
    words = (
        f"Hyperparameters are chosen by you; training leaves them as they are. {LIVE} can be changed while it goes on."
    )
    rows = [*paragraph(words, width, "label"), []]
    for title, part in _parts(experiment):
        name = f"{title}: {part.kind}" if isinstance(part, Choice) else title
        rows.append([(name, STRONG)])
        for field in part.form():
            value = getattr(part, field.name)
            sign = f" {LIVE}" if field.live else ""
            unit = f" {field.unit}" if field.unit and isinstance(value, int | float | tuple) and value != () else ""
            told = f"{_in_full(value)}{unit}{sign}"
            named: Row = [(fit(f"  {field.name.replace('_', ' ')}", _NAME), "label")]
            first, *more = paragraph(told, width - _NAME) or [[]]
            rows += [exact([*named, *first], width), *(exact([(" " * _NAME, ""), *line], width) for line in more)]
        rows.append([])
    return rows


def _in_full(value: object) -> str:
    """A value as it is shown, a table row by row with all that is set in it."""
    if isinstance(value, tuple) and value and isinstance(value[0], Table):
        rows = (", ".join(f"{name} {shown(cell)}" for name, cell in row) for row in value)
        return "; ".join(rows)
    return shown(value)


def _parts(experiment: Experiment) -> Iterable[tuple[str, Settings]]:
    yield "model", experiment.model
    yield "activation", experiment.activation
    yield "initialization", experiment.initialization
    yield "loss", experiment.loss
    yield "optimizer", experiment.optimizer
    yield "schedule", experiment.schedule
    for member in experiment.regularization.values():
        yield "regularization", member
    yield "training", experiment.training
