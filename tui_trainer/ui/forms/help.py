"""What the field that is selected does, or what is wrong with it; below it what the experiment teaches."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len

from tui_trainer.plots.spec import Row
from tui_trainer.ui.terminal.glyphs import DOWN, MORE, UP, WARNING
from tui_trainer.ui.terminal.keys import key_name
from tui_trainer.ui.widgets.explanation import paragraph, wrap
from tui_trainer.ui.widgets.path_input import PathInput, listed
from tui_trainer.ui.widgets.rows import STRONG, Rows, exact, fit, row_width

Drawing = Callable[[int, int], Sequence[Row]]
"""From a width and at most so many rows to a picture in rows; none where it would not be legible."""

_LESSON = "What there is to see"
_DRAWING = 9  # rows that a picture takes at most
_CROWDED = 5  # up to so many rows the heading, which the panel shows as well, is left out


class FieldHelp(Rows):
    """A heading, and texts below it, each after a word that says what it is about.

    Where there is little room, the first sentence and what low and high values do stay the longest, and it says which
    key tells the rest. Where there is much, what there is to see in the experiment follows.
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
        self._about = ""  # what is shown in full; empty where texts are shortened
        self._first = 0  # the first row of it that is seen

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
        self._drawing, self._path, self._about = drawing, None, ""
        self.update()

    def show_in_full(self, heading: str, texts: Sequence[tuple[str, str]], about: str) -> None:
        """Texts of which nothing is left out: where they do not fit, `turn` shows what is below. They stay where they
        are as long as they are `about` the same."""
        if about != self._about:
            self._first = 0
        self.show(heading, texts)
        self._about = about
        self.update()

    @property
    def overflows(self) -> bool:
        """Whether there is more to read than is seen."""
        width, height = self.size
        return bool(self._about) and len(self._in_full(width)) > height

    def turn(self, by: int, *, pages: bool = False) -> None:
        """Show what is so many rows, or pages, further down."""
        width, height = self.size
        self._first += by * (max(1, height - 1) if pages else 1)
        self._first = max(0, min(self._first, len(self._in_full(width)) - height))
        self.update()

    def show_matches(self, path: PathInput, problem: str = "") -> None:
        """What may follow a path that is being typed."""
        self._path, self._problem, self._about = path, problem, ""
        self.update()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        if self._path is not None:
            wrong = paragraph(f"{WARNING} {self._problem}", width, "warning") if self._problem else []
            return [*wrong, *listed(self._path, width, height - len(wrong))]
        if self._about:
            return self._window(width, height)
        more = paragraph(self._teaches, width)
        if more and self._lesson_first and not self._problem:
            return self._lesson(more, width, height)
        rows: list[Row] = [[(self._heading, STRONG)]] if self._heading and height > _CROWDED else []
        if self._problem:
            rows += paragraph(f"{WARNING} {self._problem}", width, "warning")
        drawn = self._drawing(width, min(_DRAWING, height - len(rows) - 1)) if self._drawing else []
        if self._drawing and height - len(rows) - len(drawn) >= 1 + (height > _CROWDED):
            rows += drawn
        rows += self._field(width, height - len(rows))
        if more and len(rows) + 2 + len(more) <= height:
            rows += [[], [(_LESSON, STRONG)], *more]
        return rows

    def _field(self, width: int, room: int) -> list[Row]:
        """The texts as far as there is room; where some are left out, the last row names the key that tells all."""
        rows, whole = _most_useful(self._texts, width, room)
        return rows if whole else _with_key(rows, width, self._key)

    @property
    def _key(self) -> str:
        """The key of the help, which says everything."""
        return key_name(self.app._keymap.get("app.help", "question_mark").split(",")[0])

    def _in_full(self, width: int) -> list[Row]:
        """All there is to read, beside a column for the signs that there is more."""
        inner = width - 2
        rows = paragraph(self._heading, inner, STRONG) if self.size.height > _CROWDED else []
        return [*rows, *(row for word, text in self._texts for row in _text(word, text, inner))]

    def _window(self, width: int, height: int) -> list[Row]:
        """What is seen of it; a sign at its first and last row says that there is more above or below."""
        rows = self._in_full(width)
        if len(rows) <= height:
            return rows
        first = min(self._first, len(rows) - height)
        seen = rows[first : first + height]
        above, below = first > 0, first + height < len(rows)
        signs = [UP if above and i == 0 else DOWN if below and i == height - 1 else " " for i in range(height)]
        return [[*exact(row, width - 1), (sign, "mark")] for row, sign in zip(seen, signs, strict=True)]

    def _lesson(self, lesson: list[Row], width: int, height: int) -> list[Row]:
        """What there is to see, and the field below it as far as there is room."""
        rows: list[Row] = [[(_LESSON, STRONG)]] if len(lesson) < height else []
        left = height - len(rows)
        rows += _cut(lesson, left, width)
        if len(lesson) > left:
            return _with_key(rows, width, self._key)
        room = height - len(rows) - 2
        return [*rows, [], [(self._heading, STRONG)], *self._field(width, room)] if room > 1 else rows


def _most_useful(texts: Sequence[tuple[str, str]], width: int, room: int) -> tuple[list[Row], bool]:
    """All texts; without what is allowed, then with only a sentence of what the field is, where they do not fit.

    And whether that is all of them.
    """
    made = {word: _text(word, text, width) for word, text in texts}
    whole = sum(map(len, made.values())) <= room
    if {"Low", "High"} & set(made):
        if sum(map(len, made.values())) > room:
            made.pop("Allowed", None)
        if sum(map(len, made.values())) > room and "" in made:
            made[""] = _text("", _first_sentence(dict(texts)[""]), width)
        if sum(map(len, made.values())) > room:
            rest = [word for word in ("Low", "High") if word in made]
            others = sum(len(rows) for word, rows in made.items() if word not in rest)
            share = max(1, (room - others) // len(rest))
            made |= {word: _cut(made[word], share, width) for word in rest}
    return _cut([row for rows in made.values() for row in rows], room, width), whole


def _with_key(rows: list[Row], width: int, key: str) -> list[Row]:
    """The rows, the last of which says with which key there is more; but for it no text that is whole is cut."""
    words: Row = [("  ", ""), (key, STRONG), (" more", "label")]
    room = width - row_width(words)
    is_cut = any(text.rstrip().endswith(MORE) for row in rows for text, _ in row)
    if not rows or (row_width(rows[-1]) > room and not is_cut):
        return rows
    *above, last = rows
    if row_width(last) > room:
        *before, (text, role) = last
        shorter = text.rstrip().removesuffix(MORE)
        while shorter and row_width(before) + cell_len(shorter) + 1 > room:
            shorter = shorter.rstrip().rpartition(" ")[0]
        last = [*before, (f"{shorter.rstrip()} {MORE}", role)]
    return [*above, [*last, *words]]


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
