"""The top line: which experiment, what its run is doing, how far it is."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tui_trainer.experiment.diff import summary
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.text import clean
from tui_trainer.plots.spec import Row
from tui_trainer.runs.records import Preparing, RunView
from tui_trainer.ui.figures import clock, compact, megabytes, took
from tui_trainer.ui.terminal.glyphs import SEPARATOR, STATES, WARNING
from tui_trainer.ui.widgets.rows import STRONG, Rows, bar, fit, fit_middle, fitting, row_width

WORDS = {"running": "training"}
"""States that a person calls otherwise."""
ROLES = {"running": "train", "failed": "warning", "died": "warning", "stalled": "warning"}

_SPEED = 14  # cells of what says how fast it goes
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
        self._impossible = False

    def show(
        self, view: RunView | None, experiment: Experiment | None, edited: bool = False, impossible: bool = False
    ) -> None:
        """Show a run, if there is one, of an experiment; `edited` if the panels now hold another one than it runs, and
        `impossible` if that cannot be trained."""
        self._view, self._experiment, self._edited, self._impossible = view, experiment, edited, impossible
        shown = view and (view.id, view.state, view.name, view.planned_epochs)
        self.update_calmly((shown, experiment, edited, impossible))

    def rows(self, width: int, height: int) -> Sequence[Row]:
        name = 19 if self._edited else 12
        right = self._right(width - min(name, width * name // 80))
        return [[*self._left(width - row_width(right)), *right]]

    @property
    def _is_another(self) -> bool:
        """Whether the panels hold an experiment of another name than the run's."""
        experiment, trained = self._experiment, self._view.experiment if self._view else None
        return bool(self._edited and experiment and trained and experiment.name != trained.name)

    def _left(self, width: int) -> Row:
        """Name and experiment, in exactly `width` cells."""
        experiment = self._experiment
        name = clean((self._view and self._view.name) or (experiment and experiment.name) or "unnamed")
        other = self._is_another
        if experiment and other:
            name = clean(experiment.name or "unnamed")
        edited = ("new  " if other else "edited  ") if self._edited else ""
        room = width - cell_len(edited)
        if cell_len(name) + 2 <= room:
            name += "  "
        else:
            name = f"{fit_middle(name, room - 1)} " if edited else fit_middle(name, room)
        rest = room - cell_len(name)
        words = summary(experiment) if experiment and rest > 10 else ""
        return [(name, STRONG), (edited, "mark"), (fit(words, rest), "label")]

    def _right(self, room: int) -> Row:
        """What its run does, in at most `room` cells."""
        view = self._view
        running = view.present if view is not None and view.alive else None
        pace = (running or self._experiment or Experiment()).training.pace
        if view is None or (view.ended and (self._is_another or self._impossible)):
            if self._impossible:
                return [("  ", ""), (f"{WARNING} cannot be trained", "warning")]
            slow: Row = [] if pace == "full" else [("  ", ""), (_pace(pace), "mark")]
            return [("  ", ""), ("Space", STRONG), (" trains", "label"), *slow]
        if view.preparing:
            return fitting(_download(view.preparing, room), room)
        if parts := _told(view, _advice(view, self._edited)):
            state = state_span(view.state)
            words = _joined(parts, room - cell_len(state[0]) - 4)
            return [("  ", ""), state, ("  ", ""), (words, state[1])]
        return fitting(_fields(view, room, pace), room)


def _download(preparing: Preparing, room: int) -> list[tuple[int, Row]]:
    """How far the download is that a run waits for."""
    total = megabytes(preparing.total)
    return [
        (0, [("downloading ", "label"), (clean(preparing.what), "")]),
        (1, bar(preparing.share, min(40, room // 4), "train")),
        (2, [(megabytes(preparing.done).rjust(len(total)), ""), (f" of {total}", "label")]),
    ]


def _advice(view: RunView, edited: bool) -> str:
    """What to press, where that is not plain."""
    if view.state == "stalled":
        return "x stops it"
    if view.state in ("died", "interrupted") and view.checkpoints and not edited:
        return "Space takes it up again"
    return "Space trains it anew" if view.state in ("died", "failed") else ""


def _told(view: RunView, advice: str) -> tuple[str, str, str] | None:
    """What must be said of a run instead of its figures: why it is not as it should be, how far it is, what to do."""
    stopped_early = view.state == "finished" and view.reason not in ("", "epochs")
    if not advice and not stopped_early:
        return None
    at = f"epoch {int(view.epoch)} of {view.planned_epochs}" if view.planned_epochs else ""
    return (view.reason if view.diverged else view.why), at, advice


def _joined(parts: tuple[str, str, str], room: int) -> str:
    """As much as fits in `room` cells: the reason loses its end last."""
    why, at, advice = parts
    between = f" {SEPARATOR} "
    for kept in ((why, at, advice), (why, advice), (why, at), (why,)):
        words = between.join(part for part in kept if part)
        if words and cell_len(words) <= room:
            return words
    return fit(why or advice, room)


def _pace(pace: float | str) -> str:
    return f"pace {compact(float(pace)).strip()}/s"


def _speed(view: RunView, pace: float | str) -> tuple[int, Row]:
    """How fast it goes, or may go; the step that it is at while it is paused."""
    if view.state == "paused":
        return 2, [("step ", "label"), (f"{view.step:,}".ljust(_SPEED - 5), "")]
    if pace != "full":
        return 2, [(_pace(pace).ljust(_SPEED), "mark")]
    return 4, [(compact(view.steps_per_second), ""), (" updates/s", "label")]


def _fields(view: RunView, room: int, pace: float | str) -> list[tuple[int, Row]]:
    """The fields from left to right, each with its rank: the highest go first where there is no room."""
    planned = str(view.planned_epochs or (view.experiment.training.epochs if view.experiment else 0))
    left = f"{clock(view.seconds_left)} left" if view.alive else f"took {took(view.seconds)}"
    return [
        (0, [state_span(view.state, _STATE)]),
        (1, [("epoch ", "label"), (str(int(view.epoch)).rjust(len(planned)) + f"/{planned}", "")]),
        (6, bar(view.progress, min(40, room // 6), "train")),
        (5, [(f"{int(100 * view.progress):3d} %", "")]),
        _speed(view, pace),
        (3, [(left, "")]),
        (7, [(view.device, "label")]),
    ]
