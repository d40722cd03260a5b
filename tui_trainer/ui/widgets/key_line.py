"""The bottom line: the keys that matter now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.events import Click

from tui_trainer.plots.spec import Row
from tui_trainer.ui.terminal.keys import key_name
from tui_trainer.ui.widgets.rows import STRONG, Rows


@dataclass(frozen=True)
class Hint:
    """What some bindings, by their ids, do; hints of a low `rank` stay where there is little room."""

    ids: tuple[str, ...]
    words: str
    rank: int
    between: str = " "  # the keys


@dataclass(frozen=True)
class KeyWords:
    """A key's name, what it does, and the key that a click presses; those of a low `rank` stay."""

    label: str
    words: str
    key: str
    rank: int

    @property
    def width(self) -> int:
        return cell_len(self.label) + 1 + cell_len(self.words)


class Keys(Rows):
    """A line of keys, as many as fit. A click on one presses it."""

    DEFAULT_CSS = "Keys { height: 1; padding: 0 1; }"
    GAPS: ClassVar[tuple[int, ...]] = (3,)
    """Cells between two of them: the first with which all fit, else the last."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._places: list[tuple[int, int, str]] = []  # from column to column: the key

    def told(self) -> Sequence[KeyWords]:
        """What there is to be said, in this order."""
        raise NotImplementedError

    def rows(self, width: int, height: int) -> Sequence[Row]:
        told = self.told()
        gap = next((gap for gap in self.GAPS if len(_fitting(told, width, gap)) == len(told)), self.GAPS[-1])
        row: Row = []
        self._places = []
        column = 0
        for each in _fitting(told, width, gap):
            row += [(each.label, STRONG), (f" {each.words}", "label"), (" " * gap, "")]
            self._places.append((column, column + each.width, each.key))
            column += each.width + gap
        return [row]

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        for start, end, key in self._places:
            if offset is not None and start <= offset.x < end:
                self.app.simulate_key(key)


class KeyLine(Keys):
    """The hints that somebody has chosen."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hints: Sequence[Hint] = ()
        self._keys: Mapping[str, str] = {}

    def show(self, hints: Sequence[Hint], keys: Mapping[str, str]) -> None:
        """`keys` says which key each id of a binding has."""
        self._hints, self._keys = hints, keys
        self.update()

    def told(self) -> Sequence[KeyWords]:
        known = [hint for hint in self._hints if all(each in self._keys for each in hint.ids)]
        return [KeyWords(self._label(hint), hint.words, self._keys[hint.ids[0]], hint.rank) for hint in known]

    def _label(self, hint: Hint) -> str:
        return hint.between.join(key_name(self._keys[each]) for each in hint.ids)


def _fitting(told: Sequence[KeyWords], width: int, gap: int) -> list[KeyWords]:
    by_rank = sorted(range(len(told)), key=lambda i: told[i].rank)
    kept: list[int] = []
    room = width + gap
    for i in by_rank:
        needed = told[i].width + gap
        if needed <= room:
            kept.append(i)
            room -= needed
    return [told[i] for i in sorted(kept)]
