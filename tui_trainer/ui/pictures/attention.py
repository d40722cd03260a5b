"""Attention: from where each position takes what it hands on."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tui_trainer.experiment.text import clean
from tui_trainer.plots.cells import spans
from tui_trainer.plots.half_blocks import UPPER_HALF, Cell, on
from tui_trainer.plots.heat import heat_colour
from tui_trainer.plots.spec import Row
from tui_trainer.runs.picture import Attention, AttentionLayer, Picture
from tui_trainer.ui.pictures.look import Look, Place, Steps
from tui_trainer.ui.widgets.rows import STRONG, exact, fit

_HEAD = 2  # rows above the keys
_LABEL = 8  # columns that the label of a query has at most
_TALL = 3  # rows of a query at most
_RAMP = " .:-=+*#%@"
_SPACE = "_"  # as a blank is shown


def attention_steps(attention: Attention, width: int, height: int, place: Place) -> Steps:
    sample = attention.samples[min(place.sample, len(attention.samples) - 1)]
    layer = sample.layers[min(place.down, len(sample.layers) - 1)]
    return Steps(len(layer.heads), len(sample.layers), len(attention.samples))


def attention_rows(picture: Picture, attention: Attention, width: int, height: int, look: Look) -> list[Row]:
    """The weights of a head: a row for each query, a column for each key; two queries a row where there are many."""
    sample = attention.samples[look.place.sample]
    layer = sample.layers[look.place.down]
    head = layer.heads[look.place.across]
    first: Row = [
        (layer.name, STRONG),
        (f"  layer {look.place.down + 1} of {len(sample.layers)}", "label"),
        (f"   head {look.place.across + 1} of {len(layer.heads)}", ""),
        (f"   sample {look.place.sample + 1} of {len(attention.samples)}", "label"),
        (f"   {sample.words}", "label"),
    ]
    habit: Row = [(habits(layer, head), "")]
    return [exact(first, width), exact(habit, width), *_matrix(layer, head, width, height - _HEAD, look)]


def _matrix(layer: AttentionLayer, head: Sequence[float], width: int, height: int, look: Look) -> list[Row]:
    queries, keys = ([_shown(label) for label in labels] for labels in (layer.queries, layer.keys))
    longest = max(cell_len(each) for each in queries)
    paired = len(queries) > height - 1 and look.blocks
    label = min(_LABEL, 2 if paired and longest == 1 else longest)
    room = max(1, width - label - 1)
    tall = max(1, min(_TALL, (height - 1) // len(queries), room // (2 * len(keys))))
    cell = 2 * tall if room >= 2 * tall * len(keys) else 1
    count = min(len(keys), room // cell)
    rows: list[Row] = [[(" " * (label + 1), ""), (_head(keys[:count], cell), "label")]]
    step = 2 if paired else 1
    lines = min(len(queries), step * max(0, height - 1))
    for at in range(0, lines, step):
        both = range(at, min(at + step, lines))
        named = "".join(queries[line] for line in (both if longest == 1 else both[:1]))
        shares = [head[line * len(keys) : line * len(keys) + count] for line in both]
        cells = spans([each for pair in zip(*shares, strict=True) for each in _cells(pair, cell, look)])
        rows.append([(fit(named, label) + " ", STRONG), *cells])
        rows += [[(" " * (label + 1), ""), *cells]] * (tall - 1)
    return [exact(row, width) for row in rows]


def _head(keys: Sequence[str], cell: int) -> str:
    """The keys above their columns; those that do not fit beside the one before are left out."""
    if all(cell_len(key) == 1 for key in keys):
        return "".join(key.ljust(cell) for key in keys)
    said = ""
    for at, key in enumerate(keys):
        if cell_len(said) <= at * cell:
            said += " " * (at * cell - cell_len(said)) + key + " "
    return said


def _cells(shares: Sequence[float], cell: int, look: Look) -> list[Cell]:
    """One key's share, or those of two queries one above the other."""
    if not look.blocks:
        sign = _RAMP[min(len(_RAMP) - 1, round(shares[0] * (len(_RAMP) - 1)))] if shares[0] else " "
        return [(sign, "")] * cell
    colours = [heat_colour(round(100 * share), look.dark) for share in shares]
    if len(colours) == 1 or colours[0] == colours[1]:
        return [(" ", on("", colours[0]))] * cell
    return [(UPPER_HALF, on(*colours))] * cell


def habits(layer: AttentionLayer, head: Sequence[float]) -> str:
    """Where a head looks on average, in words."""
    count = len(layer.keys)
    lines = [head[at * count : (at + 1) * count] for at in range(len(layer.queries))]
    if layer.queries != layer.keys:
        strongest = sum(max(line) for line in lines) / len(lines)
        return f"on average {strongest:.0%} of a row on its strongest key"
    later = range(1, len(lines))
    told = {"the one before": sum(lines[at][at - 1] for at in later) / max(1, len(later))}
    told["itself"] = sum(line[at] for at, line in enumerate(lines)) / len(lines)
    told["the first"] = sum(lines[at][0] for at in later) / max(1, len(later))
    ranked = sorted(told.items(), key=lambda each: -each[1])
    return "on average " + ", ".join(f"{share:.0%} on {where}" for where, share in ranked)


def _shown(label: str) -> str:
    """A token as it is seen."""
    return clean(label).replace(" ", _SPACE) or _SPACE
