"""Small pictures side by side, in lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui_trainer.plots.cells import spans
from tui_trainer.plots.half_blocks import grey_cells, on
from tui_trainer.plots.heat import FULL, heat_cells, heat_colour, heat_sign
from tui_trainer.plots.spec import Row
from tui_trainer.runs.picture import Image
from tui_trainer.ui.figures import figure
from tui_trainer.ui.pictures.look import Look
from tui_trainer.ui.widgets.rows import exact

GAP = 1  # columns between tiles
_CLEAR = 12  # pixels that an image keeps along each side where there is room for so many


@dataclass(frozen=True)
class Size:
    """How large pixels are drawn: `scale` columns each, or where that is 1, `shrink` of them a column."""

    scale: int = 1
    shrink: int = 1

    def columns(self, pixels: int) -> int:
        return max(1, pixels // self.shrink) * self.scale

    def rows(self, pixels: int) -> int:
        return (max(1, pixels // self.shrink) * self.scale + 1) // 2


@dataclass(frozen=True)
class Page:
    """So many tiles beside and below each other."""

    across: int
    down: int
    size: Size = Size()

    @property
    def count(self) -> int:
        return self.across * self.down


def sizes(largest: int = 4) -> Iterator[Size]:
    """All sizes, the largest first."""
    yield from (Size(scale) for scale in range(largest, 0, -1))
    yield from (Size(1, shrink) for shrink in range(2, 65))


def page(
    tall: int,
    wide: int,
    width: int,
    height: int,
    *,
    enough: int,
    captions: int = 0,
    narrowest: int = 1,
    pictures: int = 1,
    largest: int = 4,
    shrinks: bool = False,
) -> Page:
    """The page with the largest tiles of which `enough` are seen at once; failing that, the one with any at all.

    A tile is `pictures` of `tall` x `wide` pixels below each other and so many rows of `captions`; `narrowest` is
    what a caption needs. Where a single one fits, pixels become fewer only if the page `shrinks`, and not too few.
    """
    found: Page | None = None
    for size in sizes(largest):
        if found and size.shrink > 1 and (not shrinks or min(tall, wide) // size.shrink < _CLEAR):
            break
        across = (width + GAP) // (max(narrowest, size.columns(wide)) + GAP)
        made = Page(across, height // (pictures * size.rows(tall) + captions), size)
        if made.count >= enough:
            return made
        if made.count and (found is None or made.size.shrink == 1):
            found = made
    return found or Page(1, 1, Size(1, 64))


def side_by_side(tiles: Sequence[Sequence[Row]], across: int, width: int) -> list[Row]:
    """Tiles of equal size in lines of `across`."""
    rows: list[Row] = []
    for start in range(0, len(tiles), across):
        for parts in zip(*tiles[start : start + across], strict=True):
            rows.append([span for part in parts for span in (*part, (" " * GAP, ""))])
    return [exact(row, width) for row in rows]


def grey_rows(image: Image, size: Size, look: Look) -> list[Row]:
    """An image in greys."""
    greys, height, width = shrunk(image.greys, image.height, image.width, size.shrink)
    cells = grey_cells(greys, height, width, size.scale, colours=look.blocks, ascii_only=look.ascii)
    return [spans(row) for row in cells]


def heat_rows(values: Sequence[int], height: int, width: int, size: Size, look: Look) -> list[Row]:
    """Signed values in their colours, or in characters."""
    shown, height, width = shrunk(values, height, width, size.shrink)
    return [spans(row) for row in heat_cells(shown, height, width, size.scale, colours=look.blocks, dark=look.dark)]


def scale_row(low: float, high: float, look: Look) -> Row:
    """What the colours, or the characters, of signed values stand for: what lies lowest and highest."""
    ends = range(-FULL, FULL + 1, FULL // 4)
    if look.blocks:
        bar: Row = [(" ", on("", heat_colour(value, look.dark))) for value in ends]
    else:
        bar = [("".join(dict.fromkeys(heat_sign(value) for value in ends)), "")]
    return [(f"{figure(low).strip()} ", "label"), *bar, (f" {figure(high).strip()}", "label")]


def shrunk(values: Sequence[int], height: int, width: int, by: int) -> tuple[Sequence[int], int, int]:
    """Pixels with `by` x `by` of them made one, their mean; the new height and width."""
    if by == 1:
        return values, height, width
    lines, columns = max(1, height // by), max(1, width // by)

    def mean(line: int, column: int) -> int:
        found = [
            values[y * width + x]
            for y in range(line * by, min(height, (line + 1) * by))
            for x in range(column * by, min(width, (column + 1) * by))
        ]
        return round(sum(found) / max(1, len(found)))

    return [mean(line, column) for line in range(lines) for column in range(columns)], lines, columns
