"""The worst mistakes: the samples that are taken for something else with the greatest confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from tui_trainer.plots.cells import spans
from tui_trainer.plots.half_blocks import grey_cells
from tui_trainer.plots.spec import Row, Span
from tui_trainer.runs.picture import Image, Mistake, Mistakes, Picture
from tui_trainer.ui.pictures.look import Look, class_role
from tui_trainer.ui.terminal.glyphs import BAR_FULL, NEXT
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, exact, fit, row_width

_GAP = 1  # columns between images
_CAPTION = 2  # rows below an image
_NARROWEST = 15  # columns that a caption needs
_FEW = 6  # images that should be seen at once
_BAR = 20
_NAME = 20  # columns that the name of a class has at most


@dataclass(frozen=True)
class Page:
    """How images are laid out: `scale` columns a pixel, or where that is less than 1, `shrink` pixels a column."""

    across: int
    down: int
    scale: int = 1
    shrink: int = 1

    @property
    def count(self) -> int:
        return self.across * self.down


def page(mistakes: Mistakes, width: int, height: int) -> Page:
    """The page on which most is seen: as large as goes while a few images are there at once; rows go one by one."""
    images = [mistake.input.image for mistake in mistakes.worst if mistake.input.image.greys]
    if not images:
        return Page(1, max(1, height // 2))
    tall, wide = max(it.height for it in images), max(it.width for it in images)
    room = height - 2  # above and below the images

    def laid_out(scale: int, shrink: int) -> Page:
        across = (width + _GAP) // (max(_NARROWEST, wide * scale // shrink) + _GAP)
        rows = (tall * scale // shrink + 1) // 2 + _CAPTION
        return Page(across, room // rows, scale, shrink)

    pages = [laid_out(scale, 1) for scale in (4, 3, 2)]
    enough = next((made for made in pages if made.count >= min(_FEW, len(images)) and made.down), None)
    shrunk = (made for shrink in range(1, 65) if (made := laid_out(1, shrink)).count)
    return enough or next(shrunk, Page(1, 1, 1, 64))


def mistakes_rows(picture: Picture, mistakes: Mistakes, width: int, height: int, look: Look) -> list[Row]:
    """A page of mistakes, one of which is explained."""
    if not mistakes.worst:
        return [[], [(f"All {mistakes.samples:,} validation samples are right.", STRONG)]]
    cursor = min(look.cursor, len(mistakes.worst) - 1)
    told = f"{mistakes.wrong:,} of {mistakes.samples:,} wrong; the worst {len(mistakes.worst)} first"
    head: Row = [(told if mistakes.wrong > len(mistakes.worst) else told.partition(";")[0], "label")]
    if any(mistake.input.image.greys for mistake in mistakes.worst):
        made = page(mistakes, width, height)
        shown = _images(picture, mistakes, made, width, cursor, look)
    else:
        made = page(mistakes, width, height)
        shown = _list(picture, mistakes, made, width, cursor)
    left = height - 1 - len(shown)
    return [head, *shown, *_explained(picture, mistakes, cursor, width, left, look)]


def _images(picture: Picture, mistakes: Mistakes, made: Page, width: int, cursor: int, look: Look) -> list[Row]:
    first = cursor // made.count * made.count
    rows: list[Row] = []
    for start in range(first, min(first + made.count, len(mistakes.worst)), made.across):
        stop = min(start + made.across, first + made.count, len(mistakes.worst))
        tiles = [_tile(picture, mistakes.worst[at], made, at == cursor, look) for at in range(start, stop)]
        for parts in zip(*tiles, strict=True):
            rows.append([span for part in parts for span in (*part, (" " * _GAP, ""))])
    return [exact(row, width) for row in rows]


def _tile(picture: Picture, mistake: Mistake, made: Page, chosen: bool, look: Look) -> list[Row]:
    greys, height, wide = shrunk(mistake.input.image, made.shrink)
    cells = grey_cells(greys, height, wide, made.scale, colours=look.colours and not look.ascii, ascii_only=look.ascii)
    width = max(_NARROWEST, wide * made.scale)
    share = mistake.top[0][1] if mistake.top else 0.0
    mark = NEXT if chosen else " "
    captions: list[Row] = [
        [(mark, "mark"), (f"true {picture.class_name(mistake.true)}", STRONG)],
        [(mark, "mark"), (f"said {picture.class_name(mistake.predicted)}", "warning"), (f" {share:.2f}", "label")],
    ]
    return [exact(row, width) for row in [*(spans(row) for row in cells), *captions]]


def shrunk(image: Image, by: int) -> tuple[Sequence[int], int, int]:
    """The image with `by` x `by` pixels made one, their mean; its height and width."""
    if by == 1:
        return image.greys, image.height, image.width
    height, width = max(1, image.height // by), max(1, image.width // by)

    def mean(row: int, column: int) -> int:
        values = [
            image.greys[y * image.width + x]
            for y in range(row * by, min(image.height, (row + 1) * by))
            for x in range(column * by, min(image.width, (column + 1) * by))
        ]
        return sum(values) // max(1, len(values))

    return [mean(row, column) for row in range(height) for column in range(width)], height, width


def _list(picture: Picture, mistakes: Mistakes, made: Page, width: int, cursor: int) -> list[Row]:
    first = cursor // made.count * made.count
    name = _name_width(picture, mistakes)
    rows = []
    for at in range(first, min(first + made.count, len(mistakes.worst))):
        mistake = mistakes.worst[at]
        share = mistake.top[0][1] if mistake.top else 0.0
        row: Row = [
            (NEXT if at == cursor else " ", "mark"),
            (f"true {fit(picture.class_name(mistake.true), name)}  ", STRONG),
            (f"said {fit(picture.class_name(mistake.predicted), name)}", "warning"),
            (f" {share:.2f}  ", "label"),
            (_values(picture, mistake, "  "), ""),
        ]
        rows.append(exact(row, width))
    return rows


def _name_width(picture: Picture, mistakes: Mistakes) -> int:
    named = {index for mistake in mistakes.worst for index, _ in mistake.top}
    named |= {index for mistake in mistakes.worst for index in (mistake.true, mistake.predicted)}
    return min(_NAME, max((cell_len(picture.class_name(index)) for index in named), default=1))


def _values(picture: Picture, mistake: Mistake, between: str) -> str:
    names = [*picture.features, *(f"input {n + 1}" for n in range(len(picture.features), len(mistake.input.values)))]
    return between.join(f"{name} {value:.4g}" for name, value in zip(names, mistake.input.values, strict=False))


def _explained(picture: Picture, mistakes: Mistakes, cursor: int, width: int, height: int, look: Look) -> list[Row]:
    """What the network says of the mistake that is chosen, in as many rows as there are."""
    mistake = mistakes.worst[cursor]
    true, predicted = picture.class_name(mistake.true), picture.class_name(mistake.predicted)
    share = mistake.top[0][1] if mistake.top else 0.0
    first: Row = [
        (f"{cursor + 1}/{len(mistakes.worst)}  ", "label"),
        (f"true {true}, predicted {predicted}", STRONG),
        (f" ({share:.2f})", ""),
    ]
    more: list[Span] = [(f"   loss {mistake.loss:.3g}", "")]
    tight = height < len(mistake.top) + 1
    if tight:
        more += [(f"   {picture.class_name(index)} {share:.2f}", "label") for index, share in mistake.top]
    while more and row_width((*first, *more)) > width:
        more.pop()
    first += more
    if tight:
        return [exact(first, width)][: max(0, height)]
    rows: list[Row] = [[], first] if height > len(mistake.top) + 1 else [first]
    for index, share in mistake.top:
        name = fit(picture.class_name(index), _name_width(picture, mistakes))
        bar = ("=" if look.ascii else BAR_FULL) * round(share * _BAR)
        said = "  true" if index == mistake.true else ""
        rows.append([(f"  {name} ", ""), (fit(bar, _BAR), class_role(index)), (f" {share:.3f}", ""), (said, "label")])
    if mistake.input.values:
        rows += [[], *paragraph(_values(picture, mistake, "   "), width)]
    return [exact(row, width) for row in rows[:height]]
