"""How the sides of a comparison are doing: a line each where there are two, a word each where there are more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui_trainer.experiment.text import clean
from tui_trainer.insight.arms import letter
from tui_trainer.plots.palette import run_role
from tui_trainer.plots.spec import Row, Span
from tui_trainer.runs.records import RunView
from tui_trainer.ui.compare.text import short_name
from tui_trainer.ui.figures import clock, compact, took
from tui_trainer.ui.laboratory.compared import Compared, Side
from tui_trainer.ui.terminal.glyphs import MORE, NEXT, NONE, SEPARATOR
from tui_trainer.ui.widgets.rows import STRONG, Rows, bar, fit, fitting, row_width
from tui_trainer.ui.widgets.status_line import state_span

MOST_LINES = 2
"""Sides that have a line each; of more the table says how they do."""

WAITING, NEXT_WAITS = "waiting", "next waits"
WAITS, NOT_BEGUN = MORE, NONE
"""The signs of a side without a run: other ones than that of a run that starts."""

_STATE = 13  # cells of a state with its sign
_FIRST = ("running", "paused", "stalled", "starting")  # which of several runs a side shows


@dataclass(frozen=True)
class Progress:
    """How far a side is."""

    state: Span  # its sign and word, with its role
    run: RunView | None  # the run that this is about
    epoch: int = 0
    planned: int = 0
    done: int = 0  # runs that have ended
    wanted: int = 1  # runs that there are to be
    why: str = ""  # why it ended, where that is not plain


def progress(side: Side) -> Progress:
    """How far a side is: by its run that trains, else by what it waits for, else by its latest."""
    runs = side.arm.runs
    alive = sorted((run for run in runs if run.alive), key=lambda run: _FIRST.index(run.state))
    ended = [run for run in runs if run.ended]
    wanted = max(side.planned, len(runs))
    planned = side.experiment.training.epochs
    if alive:
        run = alive[0]
        planned = run.planned_epochs or planned
        return Progress(state_span(run.state), run, int(run.epoch), planned, len(ended), wanted)
    if side.waiting or not runs:
        word = "not begun" if not side.waiting else NEXT_WAITS if ended else WAITING
        sign = WAITS if side.waiting else NOT_BEGUN
        return Progress((f"{sign} {word}", "label"), None, 0, planned, len(ended), wanted)
    worst = next((run for run in ended if run.state in ("failed", "died")), ended[-1])
    why = "" if worst.reason in ("", "epochs") else worst.reason if worst.diverged else worst.why
    planned = worst.planned_epochs or planned
    return Progress(state_span(worst.state), worst, int(worst.epoch), planned, len(ended), wanted, clean(why, 200))


class CompareSides(Rows):
    """One line a side, or one for all; figure by figure as wide at the end of a run as at its start."""

    REST = 0.5
    DEFAULT_CSS = "CompareSides { height: 1; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__(id="compare-sides")
        self._state = Compared()

    def show(self, state: Compared) -> None:
        """Show the sides of a comparison."""
        self._state = state
        about = tuple((side.arm.name, side.waiting, progress(side).state) for side in state.sides)
        self.update_calmly((about, state.selected, state.pinned, state.repeats))

    def rows(self, width: int, height: int) -> Sequence[Row]:
        sides = list(enumerate(map(progress, self._state.sides)))
        if len(sides) > MOST_LINES:
            return [_all_in_one(self._state, sides, width)]
        name = max(10, min(34, width // 4))
        return [_line(self._state, index, made, name, width) for index, made in sides]


def lines(sides: int) -> int:
    """How many lines so many sides need."""
    return max(1, sides if sides <= MOST_LINES else 1)


def _line(state: Compared, index: int, made: Progress, name_width: int, width: int) -> Row:
    here = state.selected == index
    name = clean(state.sides[index].arm.name)
    left: Row = [
        (f"{NEXT} " if here else "  ", ""),
        (f"{letter(index)} ", run_role(index)),
        (fit(short_name(name, name_width), name_width), STRONG),
        ("  ", ""),
        (made.state[0].ljust(_STATE), made.state[1]),
    ]
    room = width - row_width(left)
    if made.why:
        told = f"epoch {made.epoch} of {made.planned} {SEPARATOR} {made.why}"
        return [*left, (f"  {fit(told, room - 2)}", made.state[1])]
    return [*left, *fitting(_fields(made, room, alone=len(state.sides) == 1), room)]


def _fields(made: Progress, room: int, *, alone: bool) -> list[tuple[int, Row]]:
    """The fields from left to right, each with its rank: the highest go first where there is no room."""
    run = made.run
    fields: list[tuple[int, Row]] = []
    if made.wanted > 1:
        fields.append((1, [("seeds ", "label"), (f"{made.done}/{made.wanted}", "")]))
    if run is None:
        if NEXT_WAITS in made.state[0]:
            return fields
        words = "for its turn" if WAITING in made.state[0] else "Space trains it" if alone else "Space trains both"
        return [(0, [(words, "label")]), *fields]
    share = run.progress
    left = f"{clock(run.seconds_left)} left" if run.alive else f"took {took(run.seconds)}"
    fields += [
        (0, [("epoch ", "label"), (f"{made.epoch:{len(str(made.planned))}d}/{made.planned}", "")]),
        (4, bar(share, min(30, room // 5))),
        (5, [(f"{int(100 * share):3d} %", "")]),
        (3, [(compact(run.steps_per_second), ""), (" updates/s", "label")]),
        (2, [(left, "")]),
        (6, [(run.device, "label")]),
    ]
    return fields


def _all_in_one(state: Compared, sides: Sequence[tuple[int, Progress]], width: int) -> Row:
    """Each side by its letter, its sign, and how far it is; where there is little room, signs alone."""
    for words, numbers in ((" {} epoch ", True), (" epoch ", True), (" ", True), ("", False)):
        row: Row = []
        for index, made in sides:
            sign, _, word = made.state[0].partition(" ")
            here = state.selected == index
            row += [(NEXT if here else " ", ""), (letter(index), run_role(index)), (f" {sign}", made.state[1])]
            if made.run is not None:
                told = words.format(word.strip()) + (f"{made.epoch:{len(str(made.planned))}d}" if numbers else "")
            else:
                told = f" {word.strip()}" if "{}" in words else ""
            row += [(told, made.state[1] or "label"), ("  ", "")]
        if row_width(row) <= width:
            break
    return row
