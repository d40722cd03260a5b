"""What layers look for, and what they find: their filters, and the feature maps of one sample."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tui_trainer.plots.spec import Row, Span
from tui_trainer.runs.picture import Filters, FiltersLayer, Image, Maps, MapsLayer, Picture
from tui_trainer.ui.pictures.look import Look, Place, Steps
from tui_trainer.ui.pictures.tiles import Page, Size, grey_rows, heat_rows, page, scale_row, side_by_side, sizes
from tui_trainer.ui.widgets.rows import STRONG, exact

_HEAD = 2  # rows above the tiles
_LARGEST = 12  # columns a pixel
_CAPTION = 12  # columns that words below the sample need


# Filters


def filters_steps(filters: Filters, width: int, height: int, place: Place) -> Steps:
    layer = filters.layers[min(place.down, len(filters.layers) - 1)]
    return Steps(len(layer.kernels[0]) * _pages(layer, width, height), len(filters.layers))


def filters_rows(picture: Picture, filters: Filters, width: int, height: int, look: Look) -> list[Row]:
    """The kernels of the layer that is chosen, for one input channel."""
    layer = filters.layers[look.place.down]
    channel, number = divmod(look.place.across, _pages(layer, width, height))
    made = _filters_page(layer, width, height)
    shown = range(number * made.count, min((number + 1) * made.count, len(layer.kernels)))
    named = _names(layer)
    tiles = []
    for at in shown:
        rows = heat_rows(layer.kernels[at][channel], layer.height, layer.width, made.size, look)
        tiles.append([*rows, [(layer.names[at], STRONG)] if named else []])
    wide = max(made.size.columns(layer.width), named)
    tiles = [[exact(row, wide) for row in tile] for tile in tiles]
    first: Row = [
        (layer.name, STRONG),
        (f"  layer {look.place.down + 1} of {len(filters.layers)}", "label"),
        (f"   {_count(shown, len(layer.kernels), layer.units, 'filters')} of {layer.height}×{layer.width}", ""),
    ]
    if layer.inputs > 1:
        first.append((f"   input channel {channel + 1} of {layer.inputs}", ""))
    return [exact(first, width), scale_row(-layer.scale, layer.scale, look), *side_by_side(tiles, made.across, width)]


def _filters_page(layer: FiltersLayer, width: int, height: int) -> Page:
    named = _names(layer)
    return page(
        layer.height,
        layer.width,
        width,
        height - _HEAD,
        enough=len(layer.kernels),
        captions=1,  # or a gap
        narrowest=max(1, named),
        largest=_LARGEST,
        shrinks=True,
    )


def _names(layer: FiltersLayer) -> int:
    """Columns that the names of the units take; 0 if they have none."""
    return max((cell_len(name) for name in layer.names), default=0) if len(layer.names) == len(layer.kernels) else 0


def _pages(layer: FiltersLayer, width: int, height: int) -> int:
    return -(-len(layer.kernels) // _filters_page(layer, width, height).count)


# Feature maps


def maps_steps(maps: Maps, width: int, height: int, place: Place) -> Steps:
    layer = maps.layers[min(place.down, len(maps.layers) - 1)]
    count = _maps_page(maps, layer, width, height)[1].count
    return Steps(-(-len(layer.maps) // count), len(maps.layers))


def maps_rows(picture: Picture, maps: Maps, width: int, height: int, look: Look) -> list[Row]:
    """The sample, and what it becomes in the channels of the layer that is chosen."""
    layer = maps.layers[look.place.down]
    beside, made = _maps_page(maps, layer, width, height)
    number = look.place.across
    shown = range(number * made.count, min((number + 1) * made.count, len(layer.maps)))
    tiles = [[*heat_rows(layer.maps[at], layer.height, layer.width, made.size, look), []] for at in shown]
    wide = made.size.columns(layer.width)
    tiles = [[exact(row, wide) for row in tile] for tile in tiles]
    columns = _columns(maps, beside)
    right = side_by_side(tiles, made.across, width - columns - (2 if beside else 0))
    first: Row = [
        (layer.name, STRONG),
        (f"  layer {look.place.down + 1} of {len(maps.layers)}", "label"),
        (f"   {_count(shown, len(layer.maps), layer.channels, 'maps')} of {layer.height}×{layer.width}", ""),
    ]
    head = [exact(first, width), scale_row(-layer.scale, layer.scale, look)]
    said = _said(picture, maps)
    if beside is None:
        head[1] = exact([*head[1], ("   ", ""), *said], width)
        return [*head, *right]
    image = grey_rows(maps.sample.input.image, beside, look)
    left = [*image, *([span] for span in said)]
    return [*head, *_beside(left, columns, right)]


def _maps_page(maps: Maps, layer: MapsLayer, width: int, height: int) -> tuple[Size | None, Page]:
    """How large the sample is beside its maps, None if there is no room for it, and the page of the maps."""
    image = maps.sample.input.image
    room = height - _HEAD
    beside = _beside_size(image, width, room)
    left = width - _columns(maps, beside) - (2 if beside else 0)
    return beside, page(
        layer.height, layer.width, left, room, enough=len(layer.maps), captions=1, largest=_LARGEST, shrinks=True
    )


def _columns(maps: Maps, beside: Size | None) -> int:
    """Columns of the sample and the words below it."""
    return max(_CAPTION, beside.columns(maps.sample.input.image.width)) if beside else 0


def _beside_size(image: Image, width: int, height: int) -> Size | None:
    if not image.greys:
        return None
    return next(
        (it for it in sizes(3) if it.columns(image.width) <= width // 3 and it.rows(image.height) <= height - 2), None
    )


def _said(picture: Picture, maps: Maps) -> Row:
    """What the sample is, and what it is taken for."""
    sample = maps.sample
    if sample.true < 0:
        return [("validation sample 1", "label")]
    right = sample.true == sample.predicted
    said: Span = (f"said {picture.class_name(sample.predicted)} {sample.share:.2f}", "" if right else "warning")
    return [(f"true {picture.class_name(sample.true)}  ", STRONG), said]


def _beside(left: Sequence[Row], columns: int, right: Sequence[Row]) -> list[Row]:
    rows = []
    for at in range(max(len(left), len(right))):
        row = exact(left[at], columns) if at < len(left) else [(" " * columns, "")]
        rows.append([*row, (" " * 2, ""), *(right[at] if at < len(right) else [])])
    return rows


# Both


def _count(shown: range, drawn: int, there: int, what: str) -> str:
    """Which of how many are shown."""
    if len(shown) == there:
        return f"{there} {what}"
    return f"{what} {shown.start + 1} to {shown.stop} of {there}"
