"""The top line of the compare screen: what is compared, how many runs train, and whom the keys are for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tui_trainer.insight.arms import letter
from tui_trainer.plots.palette import run_role
from tui_trainer.plots.spec import Row
from tui_trainer.ui.compare.sides import WAITING, WAITS
from tui_trainer.ui.compare.text import short_name
from tui_trainer.ui.laboratory.compared import Compared
from tui_trainer.ui.widgets.rows import STRONG, Rows, fit, row_width
from tui_trainer.ui.widgets.status_line import state_span

_ORDER = ("running", "paused", "starting", "stalled", "finished", "stopped", "interrupted", "failed", "died")


class CompareTitle(Rows):
    """One line."""

    REST = 0.5
    DEFAULT_CSS = "CompareTitle { height: 1; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__(id="compare-title")
        self._state = Compared()

    def show(self, state: Compared) -> None:
        """Show a comparison."""
        self._state = state
        self.update_calmly((state.title, state.selected, state.pinned, state.repeats, len(state.sides), _count(state)))

    def rows(self, width: int, height: int) -> Sequence[Row]:
        state = self._state
        ways: tuple[Row, ...] = (
            _right(state),
            _right(state, words=False),
            _right(state, states=False),
            _right(state, states=False, words=False),
            [],
        )
        for right in ways:
            room = width - row_width(right)
            if room >= min(24, width // 3):
                break
        return [[(fit(short_name(state.title, room - 2) or "comparison", room - 2), STRONG), ("  ", ""), *right]]


def _right(state: Compared, *, states: bool = True, words: bool = True) -> Row:
    """What stands at the right end, with the states and the rest in words, or in signs."""
    row: Row = []
    if state.repeats > 1 and words:
        row += [(f"{state.repeats} seeds", "label"), ("   ", "")]
    for name, count in _count(state):
        sign = state_span(name)[0] if name != WAITING else f"{WAITS} {WAITING}"
        role = state_span(name)[1] if name != WAITING else "label"
        row += [(f"{sign} {count}" if states else f"{sign[0]} {count}", role), ("   ", "")]
    if len(state.sides) > 1:
        keys = "keys act on " if words else "keys: "
        if state.selected is None:
            row += [(keys, "label"), ("both" if len(state.sides) == 2 else "all", "")]
        else:
            row += [(keys, "label"), (letter(state.selected), run_role(state.selected))]
        if words:
            row += [("   measured against ", "label"), (letter(state.pinned), run_role(state.pinned))]
    return row


def _count(state: Compared) -> tuple[tuple[str, int], ...]:
    """How many runs are in which state."""
    counted = Counter(run.state for side in state.sides for run in side.arm.runs)
    found = [(name, counted[name]) for name in _ORDER if counted[name]]  # type: ignore[index]
    waiting = sum(side.waiting for side in state.sides)
    return (*found, *([(WAITING, waiting)] if waiting else []))
