"""How each layer does: its gradient, its updates, its weights, and the units that died."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from tui_trainer.insight.layer_health import Symptom, symptoms
from tui_trainer.plots.spec import Row
from tui_trainer.runs.view import LayerFigures, RunView
from tui_trainer.ui.figures import percent, scientific
from tui_trainer.ui.glyphs import MORE, WARNING
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import Rows, fit


@dataclass(frozen=True)
class _Column:
    """A column of figures, each with a place before it for a sign."""

    heading: str
    figure: str
    shown: Callable[[LayerFigures], str]

    @property
    def least_width(self) -> int:
        return len(self.heading)


_COLUMNS = (
    _Column("gradient", "gradient_norm", lambda layer: scientific(layer.gradient_norm)),
    _Column("  update", "update_ratio", lambda layer: scientific(layer.update_ratio)),
    _Column("  dead", "dead_share", lambda layer: percent(layer.dead_share)),
    _Column(" weights", "weight_norm", lambda layer: scientific(layer.weight_norm)),
    _Column(" zeros", "zero_share", lambda layer: percent(layer.zero_share)),
)
_MOST_NAME = 14
_LEGENDS = (
    "update is relative to the weights, about 1e-3 is healthy; gradient and weights are norms",
    "update is relative to the weights: about 1e-3 is healthy",
    "an update of about 1e-3 is healthy",
)
_MANY_ZEROS = 0.05  # of the weights


class LayersPanel(Rows):
    """A row a layer: gradient norm, update relative to the weights, dead units, weights at zero, weight norm."""

    REST = 1.0
    DEFAULT_CSS = "LayersPanel { border-title-color: $foreground; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = "Layers"
        self._view: RunView | None = None

    def show(self, view: RunView | None) -> None:
        """Show the layers at a run's last evaluation, or what to press where there is none."""
        self._view = view
        self.update_calmly(view and (view.id, view.state))

    def rows(self, width: int, height: int) -> Sequence[Row]:
        view = self._view
        if view is None or not view.layers:
            return paragraph(_empty(view), width, "label")
        layers = view.layers[-1].layers
        ill = symptoms(layers)
        columns, name, extra = _fitting_columns(layers, width)
        headings = "".join(column.heading.rjust(column.least_width + extra) for column in columns)
        heading: Row = [(" " * name, ""), (headings, "label")]
        body = [_row(index, layer, columns, name, extra, ill) for index, layer in enumerate(layers)]
        legend = height > 3
        body = _shortened(body, height - 1 - legend)
        return [heading, *body, *([_legend(layers, ill, width)] if legend else [])]


def _empty(view: RunView | None) -> str:
    if view is None:
        return "Space trains. Then this shows how each layer learns."
    return "This run ended before its first evaluation." if view.ended else "Waiting for the first evaluation."


def _fitting_columns(layers: Sequence[LayerFigures], width: int) -> tuple[list[_Column], int, int]:
    """The columns that there is room for, the width of the names before them, and by how much each may be wider."""
    columns: list[_Column] = []
    name = min(max((cell_len(layer.name) for layer in layers), default=0), _MOST_NAME)
    room = width - name
    sparse = any(layer.zero_share >= _MANY_ZEROS for layer in layers)
    for column in (*_COLUMNS[:3], _COLUMNS[4], _COLUMNS[3]) if sparse else _COLUMNS:
        if column.least_width > room:
            break
        room -= column.least_width
        columns.append(column)
    return columns, name, min(2, max(0, room) // max(1, len(columns)))


def _row(
    index: int, layer: LayerFigures, columns: Sequence[_Column], name: int, extra: int, ill: Sequence[Symptom]
) -> Row:
    row: Row = [(fit(layer.name, name), "label")]
    for column in columns:
        shown, width = column.shown(layer), column.least_width + extra
        if any(symptom.layer == index and symptom.figure == column.figure for symptom in ill):
            shown = WARNING + shown.strip()
            row += [(" " * (width - len(shown)), ""), (shown, "warning")]
        else:
            row.append((shown.rjust(width), ""))
    return row


def _shortened(rows: list[Row], height: int) -> list[Row]:
    """The first and last rows, where there is no room for all."""
    if len(rows) <= height or height < 1:
        return rows
    first, last = height // 2, (height - 1) // 2
    left_out = len(rows) - first - last
    return [*rows[:first], [(f"{MORE} {left_out} more", "label")], *rows[len(rows) - last :]]


def _legend(layers: Sequence[LayerFigures], ill: Sequence[Symptom], width: int) -> Row:
    if not ill:
        return [(next((text for text in _LEGENDS if len(text) <= width), ""), "label")]
    others = len({symptom.layer for symptom in ill}) - 1
    more = f" ({others} more layers are ill)" if others > 1 else " (one more layer is ill)" if others else ""
    first = ill[0]
    return [(f"{WARNING} {layers[first.layer].name}: {first.meaning}", "warning"), (more, "label")]
