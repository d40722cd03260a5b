"""Some samples as they are: images in half-blocks, the values of rows, curves of sequences, texts."""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.plots.cells import spans
from tui_trainer.plots.half_blocks import grey_cells, half_blocks
from tui_trainer.plots.spec import Row
from tui_trainer.runs.data_look import DataLook, Sample, known
from tui_trainer.ui.data.bars import spark
from tui_trainer.ui.pictures.look import Look, class_role
from tui_trainer.ui.terminal.glyphs import NEXT
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, exact, fit, fit_end

_GAP = 2
_NARROWEST = 10
_TARGET = 16
_VALUE = 10


def shown_samples(seen: DataLook, width: int, look: Look) -> list[Row]:
    """The samples of a page, of every class in turn, and which of all they are where there are more pages."""
    if not seen.samples:
        return [[("no samples", "label")]]
    drawn = {"images": _images, "sequences": _sequences, "text": _texts}.get(seen.form, _table)
    rows = drawn(seen, width, look)
    if seen.samples_of <= len(seen.samples):
        return rows
    last = seen.samples_from + len(seen.samples)
    return [[(f"{seen.samples_from + 1:,} to {last:,} of {seen.samples_of:,}", "label")], [], *rows]


def _target(sample: Sample) -> tuple[str, str]:
    return sample.target, class_role(sample.label) if sample.label is not None else STRONG


# Images


def _images(seen: DataLook, width: int, look: Look) -> list[Row]:
    tall, wide = max(it.height for it in seen.samples), max(it.width for it in seen.samples)
    scale = 2 if max(tall, wide) <= 12 and 2 * wide + _GAP <= width else 1
    tile = max(_NARROWEST, wide * scale)
    across = max(1, (width + _GAP) // (tile + _GAP))
    rows: list[Row] = []
    for start in range(0, len(seen.samples), across):
        tiles = [_tile(it, tile, (tall * scale + 1) // 2, scale, look) for it in seen.samples[start : start + across]]
        rows += [
            exact([span for part in parts for span in (*part, (" " * _GAP, ""))], width)
            for parts in zip(*tiles, strict=True)
        ]
        rows.append([])
    return rows


def _tile(sample: Sample, width: int, height: int, scale: int, look: Look) -> list[Row]:
    cells = _coloured(sample, scale) if sample.channels == 3 and look.colours and not look.ascii else None
    if cells is None:
        cells = grey_cells(
            _greys(sample),
            sample.height,
            sample.width,
            scale,
            colours=look.colours and not look.ascii,
            ascii_only=look.ascii,
        )
    image = [exact(spans(row), width) for row in cells[:height]]
    return [*image, *([[(" " * width, "")]] * (height - len(image))), exact([_target(sample)], width)]


def _greys(sample: Sample) -> list[int]:
    """0 to 255."""
    values = [sample.image[i : i + sample.channels] for i in range(0, len(sample.image), sample.channels)]
    return [round(17 * sum(pixel) / len(pixel)) for pixel in values]


def _coloured(sample: Sample, scale: int) -> list[list[tuple[str, str]]]:
    def colour(at: int) -> str:
        return "#" + "".join(f"{17 * value:02X}" for value in sample.image[3 * at : 3 * at + 3])

    return half_blocks(
        [
            [colour(row * sample.width + column) for column in range(sample.width) for _ in range(scale)]
            for row in range(sample.height)
            for _ in range(scale)
        ]
    )


# Rows of a table


def _table(seen: DataLook, width: int, look: Look) -> list[Row]:
    names = [column.name for column in seen.columns] or [f"input {n + 1}" for n in range(len(seen.samples[0].values))]
    shown = min(len(names), len(seen.samples[0].values), max(1, (width - _TARGET - 12) // (_VALUE + 1)))
    cell = min(18, max(_VALUE, (width - _TARGET - 12) // shown - 1))
    heading: Row = [("row".rjust(8) + "  ", "label"), (fit(seen.target, _TARGET), STRONG)]
    heading += [((" " + fit_end(name, cell).strip().rjust(cell)), "label") for name in names[:shown]]
    rows = [exact(heading, width)]
    for sample in seen.samples:
        row: Row = [(f"{sample.row + 1:,}".rjust(8) + "  ", "label"), (fit(sample.target, _TARGET), _target(sample)[1])]
        row += [
            (" " + (f"{value:.5g}" if value == value else "missing").rjust(cell), "" if value == value else "warning")
            for value in sample.values[:shown]
        ]
        rows.append(exact(row, width))
    if shown < len(names):
        rows += [[], [(f"{len(names) - shown:,} more features: see their ranges in the list of features", "label")]]
    return rows


# Sequences


def _sequences(seen: DataLook, width: int, look: Look) -> list[Row]:
    room = max(8, width - _TARGET - 2)
    count = max(len(it.curves) for it in seen.samples)
    ends = [_ends([it.curves[n] for it in seen.samples if n < len(it.curves)]) for n in range(count)]
    rows: list[Row] = []
    for sample in seen.samples:
        for number, curve in enumerate(sample.curves):
            low, high = ends[number]
            drawn = spark(curve, room, ascii_only=look.ascii, low=low, high=high)
            name = (fit(sample.target, _TARGET), _target(sample)[1]) if not number else (" " * _TARGET, "")
            rows.append(exact([name, ("  ", ""), (drawn, "train" if number % 2 == 0 else "validation")], width))
        if count > 1:
            rows.append([])
    return rows


def _ends(curves: Sequence[tuple[float, ...]]) -> tuple[float, float]:
    values = [value for curve in curves for value in known(curve)]
    return min(values, default=0.0), max(values, default=1.0)


# Texts


def _texts(seen: DataLook, width: int, look: Look) -> list[Row]:
    rows: list[Row] = []
    for sample in seen.samples:
        rows += paragraph(sample.text, width)
        if sample.target:
            rows += [[(f"{NEXT} ", "mark"), *line] for line in paragraph(sample.target, width - 2, STRONG)]
        rows.append([])
    return rows
