"""The last line of a screen: which keys do what on it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.binding import Binding
from textual.screen import Screen

from tui_trainer.plots.spec import Row
from tui_trainer.ui.terminal.keys import key_name
from tui_trainer.ui.widgets.rows import STRONG, Rows

_ORDER = {"enter": 0, "escape": 2}


class Hints(Rows):
    """The bindings that are active now and meant to be shown; those at the end are left out where there is no room."""

    DEFAULT_CSS = "Hints { height: 1; padding: 0 1; }"

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._on_bindings)

    def _on_bindings(self, screen: Screen[object]) -> None:
        self.update()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        shown: dict[str, Binding] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show and active.enabled:
                shown.setdefault(active.binding.action, active.binding)
        row: Row = []
        for binding in sorted(shown.values(), key=lambda binding: _ORDER.get(binding.key, 1)):
            row += [(key_name(binding.key), STRONG), (f" {binding.description}", "label"), ("   ", "")]
        narrow = sum(cell_len(text) for text, _ in row[:-1]) > width
        return [[(text[:2] if narrow and text == "   " else text, role) for text, role in row]]
