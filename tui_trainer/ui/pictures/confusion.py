"""The confusion matrix: which classes are taken for which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from rich.cells import cell_len

from tui_trainer.plots.class_colours import tint
from tui_trainer.plots.half_blocks import on
from tui_trainer.plots.palette import colour
from tui_trainer.plots.spec import Row, Span
from tui_trainer.runs.picture import Confusion, Picture
from tui_trainer.ui.pictures.look import Look
from tui_trainer.ui.widgets.rows import STRONG, exact, fit

_NAME = 16  # columns that the name of a class has at most
_RIGHT = 7  # columns of the share that is right
_GAP = 3
_MOST = 12  # confusions in words
_STEPS = 5
_RIGHT_COLOUR, _WRONG_COLOUR = "run-0", "warning"


@dataclass(frozen=True)
class _Form:
    """How the figures are written: `cell` columns each, as shares in per cent or as counts."""

    name: int  # columns of the names of the true classes
    cell: int
    percent: bool = False
    right: int = _RIGHT  # columns of the share that is right; 0 without it

    def width(self, classes: int) -> int:
        return self.name + classes * self.cell + self.right


def confusion_rows(picture: Picture, confusion: Confusion, width: int, height: int, look: Look) -> list[Row]:
    """The figures, as many classes as fit, and in words which confusions are commonest."""
    form = _form(picture, confusion, width)
    few = max(1, min((width - form.name - form.right) // form.cell, height - 4))
    chosen = _most_confused(confusion, few)
    figures = _figures(picture, confusion, chosen, form, look)
    used = form.width(len(chosen))
    said = _said(picture, confusion, chosen)
    if width - used - _GAP >= max(cell_len("".join(text for text, _ in row)) for row in said):
        blank: Row = [(" " * used, "")]
        return [
            [*(exact(figures[at], used) if at < len(figures) else blank), (" " * _GAP, ""), *_at(said, at)]
            for at in range(max(len(figures), len(said)))
        ]
    return [*figures, [], *said]


def _form(picture: Picture, confusion: Confusion, width: int) -> _Form:
    """The fullest way to write all classes in `width` columns; where there is none, the narrowest."""
    longest = max((len(str(count)) for row in confusion.counts for count in row), default=1)
    names = max((cell_len(picture.class_name(index)) for index in confusion.classes), default=1)
    name = min(_NAME, max(4, names)) + 1
    ways = (
        _Form(name, max(longest, min(names, _NAME), 2) + 2),
        _Form(name, max(longest, min(names, 6), 2) + 2),
        _Form(name, max(longest, min(names, 4)) + 1, right=0),
        _Form(min(name, names + 1), 3, percent=True, right=0),
    )
    return next((form for form in ways if form.width(len(confusion.classes)) <= width), ways[-1])


def _figures(picture: Picture, confusion: Confusion, chosen: Sequence[int], form: _Form, look: Look) -> list[Row]:
    names = [picture.class_name(confusion.classes[at]) for at in chosen]
    title = "predicted, % of each true class" if form.percent else "predicted"
    head: Row = [(fit("true" if form.name > 4 else "", form.name), "label")]
    head += [(_right_aligned(each, form.cell), STRONG) for each in names]
    rows: list[Row] = [[(" " * form.name + title, "label")]]
    rows.append([*head, ("right".rjust(form.right) if form.right else "", "label")])
    for at, each in zip(chosen, names, strict=True):
        total = confusion.totals[at]
        cells = [_figure(confusion.counts[at][other], total, at == other, form, look) for other in chosen]
        share = _percent(confusion.counts[at][at], total).rjust(form.right) if total and form.right else ""
        rows.append([(fit(each, form.name), STRONG), *cells, (share, "label")])
    return rows


def _figure(count: int, total: int, right: bool, form: _Form, look: Look) -> Span:
    """A count or share, shaded by its share of the true class: what is wrong in another colour, and sooner."""
    share = count / max(1, total)
    figure = str(min(99, max(1, round(100 * share)))) if form.percent else str(count)
    text = (figure if count else "." if look.ascii else "·").rjust(form.cell - 1) + " "
    if not count:
        return text, "label"
    if not look.colours:
        return text, "" if right else STRONG
    step = round((share if right else sqrt(share)) * _STEPS)
    role = _RIGHT_COLOUR if right else _WRONG_COLOUR
    return text, on(colour("cursor", look.dark), tint(colour(role, look.dark), 0.08 + 0.13 * step, look.dark))


def _said(picture: Picture, confusion: Confusion, chosen: Sequence[int]) -> list[Row]:
    """How many are right, and which confusions are commonest."""
    share = 100 * confusion.right / max(1, confusion.samples)
    right = f"{confusion.right:,} of {confusion.samples:,} right ({share:.1f} %)"
    rows: list[Row] = [[(right, STRONG)]]
    if len(chosen) < len(picture.classes):
        rows.append([(f"the {len(chosen)} most confused of {len(picture.classes):,} classes", "label")])
    found = commonest(confusion)[:_MOST]
    if found:
        rows += [[], [("Commonest confusions", "label")]]
    for true, predicted, count in found:
        names = [fit(picture.class_name(confusion.classes[at]), _NAME).rstrip() for at in (true, predicted)]
        total = confusion.totals[true]
        told = f" taken for {names[1]}: {count} of {total} ({_percent(count, total)})"
        rows.append([(names[0], STRONG), (told, "")])
    if not found:
        rows += [[], [("No sample is taken for another class.", "label")]]
    return rows


def commonest(confusion: Confusion) -> list[tuple[int, int, int]]:
    """Places of the true and the predicted class, and how often: the commonest confusion first."""
    size = len(confusion.classes)
    pairs = [
        (true, predicted, count)
        for true in range(size)
        for predicted in range(size)
        if true != predicted and (count := confusion.counts[true][predicted])
    ]
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))


def _most_confused(confusion: Confusion, most: int) -> list[int]:
    """Places of the classes with the most confusions, in the order of the classes."""
    size = len(confusion.classes)
    if size <= most:
        return list(range(size))

    def confused(at: int) -> int:
        own = confusion.counts[at][at]
        return sum(confusion.counts[at]) + sum(row[at] for row in confusion.counts) - 2 * own

    return sorted(sorted(range(size), key=lambda at: (-confused(at), at))[:most])


def _right_aligned(name: str, cell: int) -> str:
    shown = fit(name, min(cell_len(name), cell - 1))
    return " " * (cell - 1 - cell_len(shown)) + shown + " "


def _percent(count: int, total: int) -> str:
    share = 100 * count / max(1, total)
    return f"{share:.0f} %" if share in (0, 100) or 1 <= share < 99 else f"{share:.1f} %"


def _at(rows: Sequence[Row], at: int) -> Row:
    return rows[at] if at < len(rows) else []
