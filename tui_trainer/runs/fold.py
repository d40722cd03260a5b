"""From events to what a run is: the one reading that watching live, attaching, replaying and comparing share."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.experiment.text import clean
from tui_trainer.runs import parsing
from tui_trainer.runs.events import ENDINGS
from tui_trainer.runs.history import History
from tui_trainer.runs.lock import LockState
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.parsing import Event
from tui_trainer.runs.records import Change, Checkpoint, Era, Evaluation, LayersAt, Preparing, RunView, without
from tui_trainer.runs.speed import Speed
from tui_trainer.runs.states import ALIVE, State, Told, explain, judge


class RunFold:
    """Takes the events of a run one after the other; `view` is the run as it is after them.

    An event that makes no sense is counted in `damaged_lines` and left out.
    """

    def __init__(self, id: str = "", name: str = "", experiment: Experiment | None = None) -> None:
        self.name = name
        self.origin = Origin()
        self.problem = ""  # why its log cannot be read in full
        self.damaged_lines = 0
        self.summary: Mapping[str, Any] = {}  # of the last ending
        self._id = id
        self._experiment = self._present = self._own_experiment = experiment
        self._inherited: tuple[Change, ...] = ()  # made before it was forked: its experiment has them already
        self._eras: tuple[Era, ...] = ()
        self._facts: dict[str, Any] = {}  # fields of the view that `started` and `resumed` tell
        self._started = self._paused = False
        self._ending: State | None = None
        self._preparing: Preparing | None = None
        self._reason = self._where = self._host = ""
        self._step = self._planned_steps = self._planned_epochs = 0
        self._epoch = self._seconds = 0.0
        self._started_time: float | None = None
        self._last_time: float | None = None
        self._history = History()
        self._speed = Speed()
        self._overall_speed: float | None = None  # of a run that has ended
        self._acknowledged: frozenset[str] = frozenset()
        self._refusals: dict[str, str] = {}
        self._handlers: dict[str, Callable[[Event, int, float], None]] = {
            "preparing": self._on_preparing,
            "started": self._on_started,
            "resumed": self._on_resumed,
            "forked": self._on_forked,
            "paused": self._on_paused,
            "train": self._on_train,
            "evaluation": self._on_evaluation,
            "layers": self._on_layers,
            "changed": self._on_changed,
            "checkpoint": self._on_checkpoint,
            "refused": self._on_refused,
            **dict.fromkeys(ENDINGS, self._on_ending),
        }

    def apply(self, event: Event) -> None:
        """Takes one event."""
        try:
            self._apply(event)
        except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError):
            self.damaged_lines += 1

    def told(self) -> Told:
        """What the log says about the state."""
        elsewhere = bool(self._host) and self._host != socket.gethostname()
        return Told(
            self._started, self._paused, self._ending, elsewhere, self._last_time or 0.0, self._facts.get("pid")
        )

    def state(self, lock: LockState) -> State:
        """The state of the run, given who holds its lock."""
        return "failed" if self.problem else judge(self.told(), lock)

    def view(self, lock: LockState) -> RunView:
        """The run as it is now."""
        told, state, history = self.told(), self.state(lock), self._history
        as_told = state == told.ending
        return RunView(
            id=self._id,
            name=self.name or clean(self._experiment.name if self._experiment else "") or clean(self._id),
            state=state,
            reason=self.problem or (self._reason if as_told else explain(state, told, lock)),
            where=self._where if as_told else "",
            problem=self.problem,
            origin=self.origin,
            experiment=self._experiment,
            present=self._present,
            host=self._host,
            elsewhere=told.elsewhere,
            task=history.task,
            preparing=self._preparing if state in ALIVE else None,
            step=self._step,
            epoch=self._epoch,
            planned_steps=self._planned_steps,
            planned_epochs=self._planned_epochs,
            seconds=self._seconds,
            steps_per_second=self._steps_per_second(),
            seconds_left=self._seconds_left() if state in ("running", "paused") else None,
            started_time=self._started_time,
            last_time=self._last_time,
            train_loss=history.train_loss.snapshot(),
            evaluations=tuple(history.evaluations),
            layers=tuple(history.layers),
            changes=tuple(history.changes),
            inherited=self._inherited,
            eras=self._eras,
            checkpoints=tuple(history.checkpoints),
            best=history.best,
            acknowledged=self._acknowledged,
            refusals=dict(self._refusals),
            damaged_lines=self.damaged_lines,
            **self._facts,
        )

    def _apply(self, event: Event) -> None:
        kind = event["type"]
        time = parsing.moment(event["time"])
        step = parsing.whole(event.get("step", self._step))
        epoch = parsing.finite(event.get("epoch", self._epoch))
        handler = self._handlers.get(kind)
        if handler:
            handler(event, step, epoch)
        self._last_time = time
        if kind != "checkpoint":  # that of the best evaluation comes later than its step
            self._step, self._epoch = step, epoch
        if kind in ("started", "forked"):
            self._started_time = time
        if self._history.reach(step):
            self._present = self._with(self._history.changes)
        if isinstance(event.get("id"), str):
            self._acknowledged |= {parsing.text(event["id"])}

    def _on_preparing(self, event: Event, step: int, epoch: float) -> None:
        """A worker has it, and waits for its data."""
        done, total = parsing.whole(event["done"]), parsing.whole(event["total"])
        self._preparing = Preparing(parsing.text(event.get("what")), done, total)
        self._ending, self._started, self._reason, self._where = None, False, "", ""

    def _on_started(self, event: Event, step: int, epoch: float) -> None:
        facts = {
            "versions": parsing.words(event.get("versions")),
            "parameters": parsing.optional_whole(event.get("parameters")),
            "layers_shape": parsing.layer_shapes(event.get("layers")),
            "samples": parsing.counts(event.get("samples")),
            "classes": parsing.texts(event.get("classes")),
            "features": parsing.texts(event.get("features")),
            "baseline": parsing.figures(event.get("baseline")),
            "warnings": parsing.texts(event.get("warnings")),
            "facts": parsing.data_facts(event.get("facts")),
            "updates_per_epoch": parsing.whole(event.get("updates_per_epoch", 0)),
            **_worker_facts(event),
        }
        task = parsing.task(event.get("task"))
        experiment = _experiment(event.get("experiment"))
        # The run's own file knows which values a person set; the log knows what was trained.
        if experiment and experiment != self._experiment:
            self._experiment = experiment
        self._history.task = task
        self._begin(event, step)
        self._facts = facts
        self._started = True

    def _on_resumed(self, event: Event, step: int, epoch: float) -> None:
        if "from_step" in event:
            facts, warnings = _worker_facts(event), parsing.texts(event.get("warnings"))
            self._begin(event, parsing.whole(event["from_step"]))
            self._facts |= {**facts, "warnings": self._facts.get("warnings", ()) + warnings}
            self._started = True
        self._paused = False

    def _on_forked(self, event: Event, step: int, epoch: float) -> None:
        """What came before was its parent's doing; from here on it is a run of its own, which awaits a worker."""
        experiment = _experiment(event["experiment"])
        made = parsing.changes(event.get("changes"), step, epoch)
        if self._experiment:
            before = tuple(era for era in self._eras if era.until < step)
            self._eras = (*before, Era(step, self._experiment, self._inherited))
        self._experiment = self._own_experiment if self._own_experiment == experiment else experiment
        self._inherited = ()
        self._begin(event, step)
        self._history.changes_to_come = []
        self._history.changes += made
        self._inherited = tuple(self._history.changes)
        self._present = self._experiment
        self._facts = {**self._facts, "pid": None, "warnings": (), "forked_at": epoch}
        self._host = ""
        self._started = False

    def _begin(self, event: Event, step: int) -> None:
        """A worker takes the run up at `step`; what its predecessor did behind it is undone."""
        host = parsing.text(event.get("host", self._host))
        seconds = parsing.finite(event.get("seconds", 0.0))
        self._plan(event)
        self._host, self._seconds = host, seconds
        self._speed = Speed(step, seconds)
        self._preparing = None
        self._ending, self._paused, self._reason, self._where, self.summary = None, False, "", "", {}
        self._history.cut(step)
        self._present = self._with(self._history.changes)

    def _plan(self, event: Event) -> None:
        steps = parsing.whole(event.get("planned_steps", self._planned_steps))
        epochs = parsing.whole(event.get("planned_epochs", self._planned_epochs))
        updates = parsing.whole(event.get("updates_per_epoch", self._facts.get("updates_per_epoch", 0)))
        self._planned_steps, self._planned_epochs = steps, epochs
        self._facts["updates_per_epoch"] = updates

    def _on_paused(self, event: Event, step: int, epoch: float) -> None:
        self._paused = True

    def _on_train(self, event: Event, step: int, epoch: float) -> None:
        windows = parsing.loss_windows(event)
        seconds = parsing.finite(event.get("seconds", self._seconds))
        self._history.train_loss.coarsen(parsing.whole(event["stride"]))
        for window in windows:
            self._history.train_loss.append(*window)
        self._seconds = seconds
        self._speed.add(step, seconds)

    def _on_evaluation(self, event: Event, step: int, epoch: float) -> None:
        evaluation = Evaluation(
            step,
            epoch,
            parsing.figures(event.get("train")),
            parsing.figures(event.get("validation")),
            parsing.optional_number(event.get("penalty")),
            parsing.optional_number(event.get("lr")),
            parsing.finite(event.get("seconds", self._seconds)),
        )
        took = parsing.finite(event.get("evaluation_seconds", 0.0))
        self._history.add_evaluation(evaluation)
        self._seconds = evaluation.seconds
        self._speed.add(step, evaluation.seconds)
        self._speed.add_evaluation(took)

    def _on_layers(self, event: Event, step: int, epoch: float) -> None:
        self._history.add_layers(LayersAt(step, epoch, parsing.layer_figures(event.get("layers"))))

    def _on_changed(self, event: Event, step: int, epoch: float) -> None:
        old, new = parsing.plain(event.get("old")), parsing.plain(event["new"])
        change = Change(step, epoch, parsing.text(event["path"]), old, new)
        self._present = self._with([*self._history.changes, change])
        self._plan(event)
        self._history.add_change(change)

    def _on_checkpoint(self, event: Event, step: int, epoch: float) -> None:
        folder, size = parsing.text(event["folder"]), parsing.whole(event.get("bytes", 0))
        self._history.add_checkpoint(Checkpoint(step, epoch, folder, parsing.texts(event.get("reasons")), size))

    def _on_refused(self, event: Event, step: int, epoch: float) -> None:
        self._refusals[parsing.text(event["id"])] = parsing.text(event.get("message"))

    def _on_ending(self, event: Event, step: int, epoch: float) -> None:
        summary = parsing.mapping(event.get("summary"))
        self._overall_speed = parsing.optional_number(summary.get("steps_per_second"))
        self.summary = summary
        self._reason, self._where = parsing.text(event.get("reason")), parsing.text(event.get("where"))
        self._ending = event["type"]

    def _with(self, changes: Sequence[Change]) -> Experiment | None:
        """The experiment with `changes` in effect. Raises ValueError if one of them cannot be."""
        own = without(self._inherited, changes)
        if self._experiment is None or not own:
            return self._experiment
        try:
            return set_values(self._experiment, {change.path: change.new for change in own})
        except ExperimentError as error:
            raise ValueError(str(error)) from None

    def _steps_per_second(self) -> float | None:
        overall = self._overall_speed if self._ending else None
        return self._speed.steps_per_second() if overall is None else overall

    def _seconds_left(self) -> float | None:
        interval = self._present.training.evaluation_interval() if self._present else 1
        steps, epochs = self._planned_steps - self._step, self._planned_epochs - self._epoch
        return self._speed.seconds_for(steps, epochs / interval)


def fold(events: Iterable[Event], lock: LockState | None = None) -> RunView:
    """The run that `events` tell of."""
    run = RunFold()
    for event in events:
        run.apply(event)
    return run.view(lock or LockState())


def _experiment(mapping: Any) -> Experiment | None:
    try:
        return None if mapping is None else parse(parsing.mapping(mapping))
    except ExperimentError:
        return None


def _worker_facts(event: Event) -> dict[str, Any]:
    """Where the worker runs, as far as the event says."""
    words = {name: parsing.text(event[name]) for name in ("device", "device_name") if name in event}
    counts = {name: parsing.optional_whole(event[name]) for name in ("pid", "threads") if name in event}
    return {**words, **counts}
