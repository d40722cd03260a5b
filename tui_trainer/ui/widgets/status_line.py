"""The top line: which experiment, what its run is doing, how far it is."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tui_trainer.experiment.diff import summary
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.text import clean
from tui_trainer.plots.spec import Row
from tui_trainer.runs.records import RunView
from tui_trainer.ui.figures import clock, compact, took
from tui_trainer.ui.glyphs import BAR_EMPTY, BAR_FULL, BAR_HALF, SEPARATOR, STATES
from tui_trainer.ui.widgets.rows import STRONG, Rows, fit

WORDS = {"running": "training"}
"""States that a person calls otherwise."""
ROLES = {"running": "train", "failed": "warning", "died": "warning", "stalled": "warning"}

_STATE = max(len(WORDS.get(state, state)) for state in STATES) + 2


def state_span(state: str, width: int = 0) -> tuple[str, str]:
    """A state as its sign and word, with its role."""
    return f"{STATES.get(state, ' ')} {WORDS.get(state, state)}".ljust(width), ROLES.get(state, "")


class StatusLine(Rows):
    """One line that is as wide, figure by figure, at the end of a run as at its start."""

    REST = 0.5
    DEFAULT_CSS = "StatusLine { height: 1; padding: 0 1; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._view: RunView | None = None
        self._experiment: Experiment | None = None
        self._edited = False

    def show(self, view: RunView | None, experiment: Experiment | None, edited: bool = False) -> None:
        """Show a run, if there is one, of an experiment; `edited` if the panels now hold another one than it runs."""
        self._view, self._experiment, self._edited = view, experiment, edited
        self.update_calmly((view and (view.id, view.state, view.name, view.planned_epochs), experiment, edited))

    def rows(self, width: int, height: int) -> Sequence[Row]:
        right = self._right(width - min(12, width // 8))
        return [[*self._left(width - _width(right)), *right]]

    def _left(self, width: int) -> Row:
        """Name and experiment, in exactly `width` cells."""
        experiment = self._experiment
        name = clean((self._view and self._view.name) or (experiment and experiment.name) or "unnamed")
        edited = "edited  " if self._edited else ""
        room = width - cell_len(edited)
        name = fit(name, room) if cell_len(name) + 2 > room else name + "  "
        rest = room - cell_len(name)
        words = summary(experiment) if experiment and rest > 10 else ""
        return [(name, STRONG), (edited, "mark"), (fit(words, rest), "label")]

    def _right(self, room: int) -> Row:
        """What its run does, in at most `room` cells."""
        view = self._view
        if view is None:
            return [("  ", ""), ("Space", STRONG), (" trains", "label")]
        told = _told(view, _advice(view, self._edited))
        if told:
            state = state_span(view.state)
            words = fit(told, min(cell_len(told), room - cell_len(state[0]) - 4))
            return [("  ", ""), state, ("  ", ""), (words, state[1])]
        return _fitting(_fields(view, room), room)


def _advice(view: RunView, edited: bool) -> str:
    """What to press, where that is not plain."""
    if view.state == "stalled":
        return "x stops it"
    if view.state in ("died", "interrupted") and view.checkpoints and not edited:
        return "Space takes it up again"
    return "Space trains it anew" if view.state in ("died", "failed") else ""


def _told(view: RunView, advice: str) -> str:
    """What must be said of a run instead of its figures: why it is not as it should be, and what to do."""
    stopped_early = view.state == "finished" and view.reason not in ("", "epochs")
    if not advice and not stopped_early:
        return ""
    where = f" ({view.where})" if view.where else ""
    at = f"epoch {int(view.epoch)} of {view.planned_epochs}" if view.planned_epochs else ""
    return f" {SEPARATOR} ".join(part for part in (view.reason + where, at, advice) if part)


def _fields(view: RunView, room: int) -> list[tuple[int, Row]]:
    """The fields from left to right, each with its rank: the highest go first where there is no room."""
    planned = str(view.planned_epochs or (view.experiment.training.epochs if view.experiment else 0))
    left = f"{clock(view.seconds_left)} left" if view.alive else f"took {took(view.seconds)}"
    return [
        (0, [state_span(view.state, _STATE)]),
        (1, [("epoch ", "label"), (str(int(view.epoch)).rjust(len(planned)) + f"/{planned}", "")]),
        (5, _bar(view.progress, min(40, room // 6))),
        (3, [(f"{int(100 * view.progress):3d} %", "")]),
        (4, [(compact(view.steps_per_second), ""), (" steps/s", "label")]),
        (2, [(left, "")]),
        (6, [(view.device, "label")]),
    ]


def _bar(share: float, width: int) -> Row:
    halves = int(2 * width * share)
    done = BAR_FULL * (halves // 2) + BAR_HALF * (halves % 2)
    return [(done, "train"), (BAR_EMPTY * (width - len(done)), "axis")]


def _fitting(fields: list[tuple[int, Row]], room: int) -> Row:
    """The fields side by side, without those of the highest ranks for which there is no room."""
    while fields and sum(2 + _width(row) for _, row in fields) > room:
        fields.remove(max(fields, key=lambda field: field[0]))
    return [span for _, row in fields for span in [("  ", ""), *row]]


def _width(row: Row) -> int:
    return sum(cell_len(text) for text, _ in row)
