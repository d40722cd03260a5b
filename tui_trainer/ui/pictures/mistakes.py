"""The worst mistakes: the samples that are taken for something else with the greatest confidence."""

from __future__ import annotations

from rich.cells import cell_len

from tui_trainer.plots.spec import Row, Span
from tui_trainer.runs.picture import Mistake, Mistakes, Picture
from tui_trainer.ui.pictures import inputs
from tui_trainer.ui.pictures.look import Look, Place, Steps, class_role
from tui_trainer.ui.pictures.tiles import Page, grey_rows, page, side_by_side
from tui_trainer.ui.terminal.glyphs import BAR_FULL, NEXT
from tui_trainer.ui.widgets.rows import STRONG, exact, fit, row_width

_CAPTION = 2  # rows below an image
_NARROWEST = 15  # columns that a caption needs
_FEW = 6  # images that should be seen at once
_BAR = 20
_NAME = 20  # columns that the name of a class has at most


def mistakes_steps(mistakes: Mistakes, width: int, height: int, place: Place) -> Steps:
    return Steps(across=len(mistakes.worst), line=_page(mistakes, width, height).across)


def mistakes_rows(picture: Picture, mistakes: Mistakes, width: int, height: int, look: Look) -> list[Row]:
    """A page of mistakes, one of which is explained."""
    if not mistakes.worst:
        return [[], [(f"All {mistakes.samples:,} validation samples are right.", STRONG)]]
    cursor = look.place.across
    told = f"{mistakes.wrong:,} of {mistakes.samples:,} wrong; the worst {len(mistakes.worst)} first"
    head: Row = [(told if mistakes.wrong > len(mistakes.worst) else told.partition(";")[0], "label")]
    made = _page(mistakes, width, height)
    images = any(mistake.input.image.greys for mistake in mistakes.worst)
    shown = (_images if images else _list)(picture, mistakes, made, width, cursor, look)
    left = height - 1 - len(shown)
    return [head, *shown, *_explained(picture, mistakes, cursor, width, left, look)]


def _page(mistakes: Mistakes, width: int, height: int) -> Page:
    """The page on which most is seen: as large as goes while a few images are there at once; rows go one by one."""
    images = [mistake.input.image for mistake in mistakes.worst if mistake.input.image.greys]
    if not images:
        return Page(1, max(1, height // 2))
    tall, wide = max(it.height for it in images), max(it.width for it in images)
    few = min(_FEW, len(images))
    return page(tall, wide, width, height - 2, enough=few, captions=_CAPTION, narrowest=_NARROWEST)


def _images(picture: Picture, mistakes: Mistakes, made: Page, width: int, cursor: int, look: Look) -> list[Row]:
    first = cursor // made.count * made.count
    shown = range(first, min(first + made.count, len(mistakes.worst)))
    tiles = [_tile(picture, mistakes.worst[at], made, at == cursor, look) for at in shown]
    return side_by_side(tiles, made.across, width)


def _tile(picture: Picture, mistake: Mistake, made: Page, chosen: bool, look: Look) -> list[Row]:
    image = mistake.input.image
    width = max(_NARROWEST, made.size.columns(image.width))
    share = mistake.top[0][1] if mistake.top else 0.0
    mark = NEXT if chosen else " "
    captions: list[Row] = [
        [(mark, "mark"), (f"true {picture.class_name(mistake.true)}", STRONG)],
        [(mark, "mark"), (f"said {picture.class_name(mistake.predicted)}", "warning"), (f" {share:.2f}", "label")],
    ]
    return [exact(row, width) for row in [*grey_rows(image, made.size, look), *captions]]


def _list(picture: Picture, mistakes: Mistakes, made: Page, width: int, cursor: int, look: Look) -> list[Row]:
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
        ]
        rows.append(exact([*row, *inputs.in_a_line(picture, mistake.input, width - row_width(row), look)], width))
    return rows


def _name_width(picture: Picture, mistakes: Mistakes) -> int:
    named = {index for mistake in mistakes.worst for index, _ in mistake.top}
    named |= {index for mistake in mistakes.worst for index in (mistake.true, mistake.predicted)}
    return min(_NAME, max((cell_len(picture.class_name(index)) for index in named), default=1))


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
    rows += inputs.below(picture, mistake.input, width, height - len(rows) - 1, look)
    return [exact(row, width) for row in rows[:height]]
