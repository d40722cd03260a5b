"""The bottom line: the keys that matter now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


class KeyLine(Rows):
    """As many hints as fit, in their order. A click on one presses its first key."""

    DEFAULT_CSS = "KeyLine { height: 1; padding: 0 1; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hints: Sequence[Hint] = ()
        self._keys: Mapping[str, str] = {}
        self._places: list[tuple[int, int, str]] = []  # from column to column: the key

    def show(self, hints: Sequence[Hint], keys: Mapping[str, str]) -> None:
        """`keys` says which key each id of a binding has."""
        self._hints, self._keys = hints, keys
        self.update()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        known = [hint for hint in self._hints if all(each in self._keys for each in hint.ids)]
        shown = _fitting([(hint, self._label(hint)) for hint in known], width)
        row: Row = []
        self._places = []
        column = 0
        for hint, label in shown:
            row += [(label, STRONG), (f" {hint.words}", "label"), ("   ", "")]
            end = column + _width(hint, label)
            self._places.append((column, end, self._keys[hint.ids[0]]))
            column = end + 3
        return [row]

    def _label(self, hint: Hint) -> str:
        return " ".join(key_name(self._keys[each]) for each in hint.ids)

    def on_click(self, event: Click) -> None:
        column = event.x - 1
        for start, end, key in self._places:
            if start <= column < end:
                self.app.simulate_key(key)


def _fitting(hints: list[tuple[Hint, str]], width: int) -> list[tuple[Hint, str]]:
    by_rank = sorted(range(len(hints)), key=lambda i: hints[i][0].rank)
    kept: list[int] = []
    room = width + 3
    for i in by_rank:
        needed = _width(*hints[i]) + 3
        if needed <= room:
            kept.append(i)
            room -= needed
    return [hints[i] for i in sorted(kept)]


def _width(hint: Hint, label: str) -> int:
    return cell_len(label) + 1 + cell_len(hint.words)
