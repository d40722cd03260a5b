"""How each layer does: its gradient, its updates, its weights, and the units that died."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from tui_trainer.insight.layer_health import Symptom, symptoms_of
from tui_trainer.plots.spec import Row
from tui_trainer.runs.view import LayerFigures, RunView
from tui_trainer.ui.figures import compact, magnitude, percent
from tui_trainer.ui.terminal.glyphs import MORE, WARNING
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import Rows, fit


@dataclass(frozen=True)
class _Column:
    """A column of figures, each with a place before it for a sign."""

    heading: str
    in_full: str  # the heading where there is room
    figure: str
    shown: Callable[[LayerFigures], str]


def _norm(layer: LayerFigures) -> str:
    """In so few cells that it stands beside the others in a narrow panel."""
    return compact(layer.weight_norm) if layer.weight_norm < 1e15 else magnitude(layer.weight_norm)


_COLUMNS = (
    _Column(" gradient", "  gradient", "gradient_norm", lambda layer: magnitude(layer.gradient_norm)),
    _Column("   update", "    update", "update_ratio", lambda layer: magnitude(layer.update_ratio)),
    _Column("  dead", "  dead units", "dead_share", lambda layer: percent(layer.dead_share)),
    _Column("   norm", "  weight norm", "weight_norm", _norm),
    _Column("  zeros", "  zero weights", "zero_share", lambda layer: percent(layer.zero_share)),
)
_MOST_NAME = 14
_LEGENDS = (
    "of weights, without biases; update relative to them: 0.0001 to 0.01 while it learns, less near the end",
    "update / weights: 0.0001 to 0.01 while it learns, less near the end",
    "update: 0.0001 to 0.01, less at the end",
    "update: 1e-4 to 1e-2, less at the end",
    "update: 1e-4 to 1e-2, later less",
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
        ill = symptoms_of(view)
        columns, name = _fitting_columns(layers, width)
        heading: Row = [(" " * name, ""), ("".join(heading for heading, _ in columns), "label")]
        body = [_row(index, layer, columns, name, ill) for index, layer in enumerate(layers)]
        legend = _legend(layers, ill, width)
        body = _shortened(body, height - 1 - (min(len(legend), height // 3) if height > 3 else 0))
        room = height - 1 - len(body) if height > 3 else 0
        return [heading, *body, *legend[:room]]


def _empty(view: RunView | None) -> str:
    if view is None:
        return "Space trains. Then this shows how each layer learns."
    return "This run ended before its first evaluation." if view.ended else "Waiting for the first evaluation."


def _fitting_columns(layers: Sequence[LayerFigures], width: int) -> tuple[list[tuple[str, _Column]], int]:
    """The columns that there is room for under their headings, and the width of the names before them."""
    name = min(max((cell_len(layer.name) for layer in layers), default=0), _MOST_NAME)
    sparse = any(layer.zero_share >= _MANY_ZEROS for layer in layers)
    wanted = (*_COLUMNS[:3], _COLUMNS[4], _COLUMNS[3]) if sparse else _COLUMNS
    in_full = name + sum(len(column.in_full) for column in wanted) <= width
    columns: list[tuple[str, _Column]] = []
    room = width - name
    for column in wanted:
        heading = column.in_full if in_full else column.heading
        room -= len(heading)
        if room < 0:
            break
        columns.append((heading, column))
    return columns, name


def _row(
    index: int, layer: LayerFigures, columns: Sequence[tuple[str, _Column]], name: int, ill: Sequence[Symptom]
) -> Row:
    row: Row = [(fit(layer.name, name), "label")]
    if layer.frozen:
        return [*row, ("frozen".rjust(len(columns[0][0])), "label")] if columns else row
    for heading, column in columns:
        shown, width = column.shown(layer), len(heading)
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


def _legend(layers: Sequence[LayerFigures], ill: Sequence[Symptom], width: int) -> list[Row]:
    """What is ill and how many layers are, in as many rows as it takes; or else what the columns are, in one."""
    if not ill:
        return [[(next((text for text in _LEGENDS if len(text) <= width), ""), "label")]]
    others = len({symptom.layer for symptom in ill}) - 1
    more = f" ({others} more layers are ill)" if others > 1 else " (one more layer is ill)" if others else ""
    first = next((it for it in ill if it.figure == "dead_share" and layers[it.layer].dead_share == 1), ill[0])
    return paragraph(f"{WARNING} {layers[first.layer].name}: {first.meaning}{more}", width, "warning")
