"""The last line of a screen: which keys do what on it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.binding import Binding
from textual.screen import Screen

from tui_trainer.ui.terminal.keys import key_name
from tui_trainer.ui.widgets.key_line import Keys, KeyWords

_ORDER = {"enter": 0, "question_mark": 2, "escape": 3}
_STAY = ("enter", "escape")


class Hints(Keys):
    """The bindings that are active now and meant to be shown; the later ones are left out where there is no room."""

    GAPS = (3, 2)

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._on_bindings)

    def _on_bindings(self, screen: Screen[object]) -> None:
        self.update()

    def told(self) -> Sequence[KeyWords]:
        shown: dict[str, Binding] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show and active.enabled:
                shown.setdefault(active.binding.action, active.binding)
        ordered = sorted(shown.values(), key=lambda binding: _ORDER.get(binding.key, 1))
        return [
            KeyWords(key_name(binding.key), binding.description, binding.key, 0 if binding.key in _STAY else rank)
            for rank, binding in enumerate(ordered, start=1)
        ]
