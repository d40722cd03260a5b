"""What the field that is selected does, or what is wrong with it; below it what the experiment teaches."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len

from tui_trainer.plots.spec import Row
from tui_trainer.ui.terminal.glyphs import MORE, WARNING
from tui_trainer.ui.widgets.explanation import paragraph, wrap
from tui_trainer.ui.widgets.path_input import PathInput, listed
from tui_trainer.ui.widgets.rows import STRONG, Rows, fit

Drawing = Callable[[int, int], Sequence[Row]]
"""From a width and at most so many rows to a picture in rows; none where it would not be legible."""

_LESSON = "What there is to see"
_DRAWING = 9  # rows that a picture takes at most
_CROWDED = 5  # up to so many rows the heading, which the panel shows as well, is left out


class FieldHelp(Rows):
    """A heading, and texts below it, each after a word that says what it is about.

    Where there is little room, the first sentence and what low and high values do stay the longest. Where there is
    much, what there is to see in the experiment follows.
    """

    DEFAULT_CSS = "FieldHelp { height: 1fr; padding: 0 1; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._heading = ""
        self._problem = ""
        self._texts: Sequence[tuple[str, str]] = ()
        self._teaches = ""
        self._lesson_first = False
        self._drawing: Drawing | None = None
        self._path: PathInput | None = None

    def show(
        self,
        heading: str,
        texts: Sequence[tuple[str, str]],
        problem: str = "",
        teaches: str = "",
        drawing: Drawing | None = None,
        *,
        lesson_first: bool = False,
    ) -> None:
        """`drawing` makes a picture of what the field does, where there is room for one; with `lesson_first`, what
        there is to see in the experiment goes before the field."""
        self._lesson_first = lesson_first
        self._heading, self._texts, self._problem, self._teaches = heading, texts, problem, teaches
        self._drawing, self._path = drawing, None
        self.update()

    def show_matches(self, path: PathInput, problem: str = "") -> None:
        """What may follow a path that is being typed."""
        self._path, self._problem = path, problem
        self.update()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        if self._path is not None:
            wrong = paragraph(f"{WARNING} {self._problem}", width, "warning") if self._problem else []
            return [*wrong, *listed(self._path, width, height - len(wrong))]
        more = paragraph(self._teaches, width)
        if more and self._lesson_first and not self._problem:
            return self._lesson(more, width, height)
        rows: list[Row] = [[(self._heading, STRONG)]] if self._heading and height > _CROWDED else []
        if self._problem:
            rows += paragraph(f"{WARNING} {self._problem}", width, "warning")
        drawn = self._drawing(width, min(_DRAWING, height - len(rows) - 1)) if self._drawing else []
        if self._drawing and height - len(rows) - len(drawn) >= 1 + (height > _CROWDED):
            rows += drawn
        rows += _most_useful(self._texts, width, height - len(rows))
        if more and len(rows) + 2 + len(more) <= height:
            rows += [[], [(_LESSON, STRONG)], *more]
        return rows

    def _lesson(self, lesson: list[Row], width: int, height: int) -> list[Row]:
        """What there is to see, and the field below it as far as there is room."""
        rows: list[Row] = [[(_LESSON, STRONG)]] if len(lesson) < height else []
        rows += _cut(lesson, height - len(rows), width)
        room = height - len(rows) - 2
        return [*rows, [], [(self._heading, STRONG)], *_most_useful(self._texts, width, room)] if room > 1 else rows


def _most_useful(texts: Sequence[tuple[str, str]], width: int, room: int) -> list[Row]:
    """All texts; without what is allowed, then with only a sentence of what the field is, where they do not fit."""
    made = {word: _text(word, text, width) for word, text in texts}
    if {"Low", "High"} & set(made):
        if sum(map(len, made.values())) > room:
            made.pop("Allowed", None)
        if sum(map(len, made.values())) > room and "" in made:
            made[""] = _text("", _first_sentence(dict(texts)[""]), width)
        if sum(map(len, made.values())) > room:
            rest = [word for word in ("Low", "High") if word in made]
            share = max(1, (room - len(made.get("", ()))) // len(rest))
            made |= {word: _cut(made[word], share, width) for word in rest}
    return [row for rows in made.values() for row in rows]


def _cut(rows: list[Row], most: int, width: int) -> list[Row]:
    """At most so many rows; the last one says where more would stand."""
    if len(rows) <= most:
        return rows
    if most < 1:
        return []
    *above, last = rows[:most]
    (before, role), (text, plain) = last if len(last) == 2 else (("", ""), last[0])
    return [*above, [(before, role), (fit(f"{text} {MORE}", width - cell_len(before)), plain)]]


def _first_sentence(text: str) -> str:
    sentence, end, _ = text.partition(". ")
    return f"{sentence}." if end else text


def _text(word: str, text: str, width: int) -> list[Row]:
    before = f"{word}: " if word else ""
    lines = wrap(before + text, width)
    return [[(before, "label"), (lines[0][len(before) :], "")], *([(line, "")] for line in lines[1:])]
