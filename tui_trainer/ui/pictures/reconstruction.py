"""Inputs beside their reconstructions, and the samples whose reconstruction is worst."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tui_trainer.plots.spec import Curve, Row, Stroke
from tui_trainer.runs.picture import Anomaly, Image, Picture, Reconstructed, Reconstruction
from tui_trainer.ui.figures import figure
from tui_trainer.ui.pictures.inputs import curve_names, plot, value_names
from tui_trainer.ui.pictures.look import Look, Place, Steps
from tui_trainer.ui.pictures.tiles import Page, Size, grey_rows, heat_rows, page, side_by_side
from tui_trainer.ui.terminal.glyphs import UP
from tui_trainer.ui.widgets.rows import STRONG, exact, fit, whole

_ENOUGH = 4  # samples that should be seen at once
_CAPTIONS = 1
_NARROWEST = 9  # columns that the error of a sample needs
_BARS = "▁▂▃▄▅▆▇█"
_ASCII_BARS = ".:-=+*#%"
_BAR_ROWS = 2
_TALL = 6  # rows of the bars of a part: where they stand below the samples, and where beside them at most
_AXIS = 2  # rows below the bars
_HISTOGRAM = 2 * _BAR_ROWS + _AXIS + 1
_NAME = 11  # columns of the name of a part
_WIDEST = 4  # columns of a bar
_HISTOGRAM_WIDTH = 36
_GAP = 2
_BESIDE_IMAGES, _BESIDE_WORDS = 72, 110  # columns from which it stands beside the samples


# Reconstructions


def reconstruction_steps(found: Reconstruction, width: int, height: int, place: Place) -> Steps:
    return Steps(_pages(found.samples, width, height - 1))


def reconstruction_rows(picture: Picture, found: Reconstruction, width: int, height: int, look: Look) -> list[Row]:
    """Some samples of the validation part, each above what came out for it."""
    return [
        exact(reconstruction_head(found, width), width),
        *_samples(picture, found.samples, width, height - 1, look),
    ]


def reconstruction_head(found: Reconstruction, width: int) -> Row:
    """The error, and how far the inputs are squeezed if there is room to say it: no word is cut."""
    squeezed = f"   {found.inputs:,} numbers through {found.bottleneck:,}" if found.bottleneck else ""
    error = figure(found.error).strip()
    for words, more in (
        ("mean squared error on validation ", squeezed),
        ("mean squared error ", squeezed),
        ("mean squared error on validation ", ""),
        ("mean squared error ", ""),
        ("error ", ""),
    ):
        if len(words) + len(error) + len(more) <= width:
            break
    return [(words, "label"), (error, STRONG), (more, "label")]


def _samples(picture: Picture, samples: Sequence[Reconstructed], width: int, height: int, look: Look) -> list[Row]:
    """One page of samples: images side by side, anything else one at a time."""
    number = look.place.across
    if not samples or number >= _pages(samples, width, height):
        return []
    image = samples[0].input.image
    if not image.greys:
        return _one(picture, samples, number, width, height, look)
    pictures, made = _page(image, len(samples), width, height)
    shown = samples[number * made.count : (number + 1) * made.count]
    return side_by_side([_tile(sample, pictures, made.size, look) for sample in shown], made.across, width)


def _pages(samples: Sequence[Reconstructed], width: int, height: int) -> int:
    if not samples:
        return 1
    image = samples[0].input.image
    return -(-len(samples) // _page(image, len(samples), width, height)[1].count) if image.greys else len(samples)


def _page(image: Image, count: int, width: int, height: int) -> tuple[int, Page]:
    """How many pictures a sample has (the difference is left out where it makes the others smaller), and the page."""
    ways = {
        pictures: page(
            image.height,
            image.width,
            width,
            height,
            enough=min(_ENOUGH, count),
            captions=_CAPTIONS,
            narrowest=_NARROWEST,
            pictures=pictures,
            shrinks=True,
        )
        for pictures in (3, 2)
    }
    same = ways[3].size == ways[2].size and ways[3].count >= min(_ENOUGH, count)
    return (3, ways[3]) if same else (2, ways[2])


def _tile(sample: Reconstructed, pictures: int, size: Size, look: Look) -> list[Row]:
    source, output = sample.input.image, sample.output.image
    rows = [*grey_rows(source, size, look), *grey_rows(output, size, look)]
    if pictures == 3:
        differences = [
            round((after - before) / 255 * 100) for before, after in zip(source.greys, output.greys, strict=True)
        ]
        rows += heat_rows(differences, source.height, source.width, size, look)
    width = max(_NARROWEST, size.columns(source.width))
    label = f"{sample.label} " if sample.label and cell_len(sample.label) <= width - 7 else ""
    caption: Row = [(label, STRONG), (figure(sample.error).strip(), "label")]
    return [exact(row, width) for row in [*rows, caption]]


def _one(
    picture: Picture, samples: Sequence[Reconstructed], number: int, width: int, height: int, look: Look
) -> list[Row]:
    """A sample that is no image: its values, or its curves, beside what came out for them."""
    sample = samples[number]
    label = f"   {sample.label}" if sample.label else ""
    head: Row = [
        (f"{number + 1}/{len(samples)}", "label"),
        (label, STRONG),
        ("   error ", "label"),
        (figure(sample.error).strip(), STRONG),
    ]
    if sample.input.curves:
        name = curve_names(picture, sample.input)[0]
        pairs = ((name, "train", sample.input.curves[0]), ("reconstructed", "validation", sample.output.curves[0]))
        strokes: tuple[Stroke, Stroke] = ("thin", "dots")
        curves = [
            Curve(each, role, range(1, len(ys) + 1), ys, stroke)
            for (each, role, ys), stroke in zip(pairs, strokes, strict=True)
        ]
        return [whole(head, width), *plot(curves, (), width, height - 1, look, unit="step")]
    return [whole(head, width), *_values(picture, sample, width, height - 1, look)]


def _values(picture: Picture, sample: Reconstructed, width: int, height: int, look: Look) -> list[Row]:
    names = value_names(picture, len(sample.input.values))
    name = min(24, max((cell_len(each) for each in names), default=1))
    pairs = list(zip(names, sample.input.values, sample.output.values, strict=False))
    rows: list[Row] = [[(fit("", name), ""), ("      input  reconstructed     off", "label")]]
    if len(pairs) > height - 1:
        pairs = sorted(pairs, key=lambda pair: -_off(pair[1], pair[2]))
    for each, before, after in pairs[: max(0, height - 1)]:
        rows.append(
            [(fit(each, name), STRONG), (f" {before:10.4g} {after:14.4g}", ""), (f" {after - before:+7.3g}", "label")]
        )
    return [exact(row, width) for row in rows]


def _off(before: float, after: float) -> float:
    """How far off a value is, in shares of itself."""
    return abs(after - before) / (max(abs(before), abs(after)) or 1.0)


# The error as a score


def anomaly_steps(anomaly: Anomaly, width: int, height: int, place: Place) -> Steps:
    return Steps(_pages(anomaly.worst, *_room(anomaly, width, height)))


def anomaly_rows(picture: Picture, anomaly: Anomaly, width: int, height: int, look: Look) -> list[Row]:
    """The oddest samples, each above its reconstruction, and how errors are spread."""
    share = anomaly.above / max(1, anomaly.samples)
    head: Row = [
        (f"{anomaly.above:,} of {anomaly.samples:,}", STRONG),
        (f" validation samples ({100 * share:.1f} %) exceed 99 % of the training errors", "label"),
    ]
    columns, rows = _room(anomaly, width, height)
    shown = _samples(picture, anomaly.worst, columns, rows, look)
    if columns == width:
        return [whole(head, width), *shown, [], *_histogram(anomaly, width, _BAR_ROWS, look)]
    tall = max(1, min(_TALL, (height - 1 - _AXIS) // 2))
    beside = _histogram(anomaly, width - columns - _GAP, tall, look)
    blank: Row = [(" " * columns, "")]
    lines = [
        [*(exact(shown[at], columns) if at < len(shown) else blank), (" " * _GAP, ""), *_at(beside, at)]
        for at in range(max(len(shown), len(beside)))
    ]
    return [whole(head, width), *lines]


def _room(anomaly: Anomaly, width: int, height: int) -> tuple[int, int]:
    """Columns and rows for the samples: the histogram stands beside them where there is room, else below."""
    images = any(sample.input.image.greys for sample in anomaly.worst)
    if width >= (_BESIDE_IMAGES if images else _BESIDE_WORDS):
        return width - _HISTOGRAM_WIDTH - _GAP, height - 1
    return width, height - 1 - _HISTOGRAM


def _at(rows: Sequence[Row], at: int) -> Row:
    return rows[at] if at < len(rows) else []


def _histogram(anomaly: Anomaly, width: int, tall: int, look: Look) -> list[Row]:
    """Bars of both parts, `tall` rows each, one above the other over one axis, on which the threshold is marked."""
    histogram = anomaly.histogram
    bins = len(histogram.train)
    each = max(1, min(_WIDEST, (width - _NAME) // max(1, bins)))
    end = bins * each
    rows: list[Row] = []
    for part, counts in (("train", histogram.train), ("validation", histogram.validation)):
        names = [""] * (tall - 1) + [part]
        rows += [
            [(fit(name, _NAME), part), (line, part)]
            for name, line in zip(names, bars(counts, each, tall, look), strict=True)
        ]
    at = int((anomaly.threshold - histogram.low) / (histogram.high - histogram.low) * end)
    before = " " * (_NAME + min(max(0, at), end - 1))
    words = "99 % of train"
    mark = (
        f"{before}{UP} {words}" if len(before) + 2 + len(words) <= width else f"{before[: -len(words) - 1]}{words} {UP}"
    )
    low, high = figure(histogram.low).strip(), figure(histogram.high).strip()
    rows.append([(mark, "mark")])
    rows.append([(fit("error", _NAME), "label"), (low.ljust(max(0, end - len(high))) + high, "label")])
    return [exact(row, width) for row in rows]


def bars(counts: Sequence[int], each: int, rows: int, look: Look) -> list[str]:
    """Counts as bars of `each` columns and at most `rows` rows, from the top."""
    signs = _ASCII_BARS if look.ascii else _BARS
    most = max(counts, default=0) or 1
    heights = [max(bool(count), round(count / most * rows * len(signs))) for count in counts]
    lines = []
    for row in range(rows - 1, -1, -1):
        left = [min(len(signs), max(0, height - row * len(signs))) for height in heights]
        lines.append("".join((signs[height - 1] if height else " ") * each for height in left))
    return lines
