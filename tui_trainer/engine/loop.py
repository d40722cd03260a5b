"""The training loop."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from tui_trainer.choices.schedules import Progress
from tui_trainer.choices.tasks import Task
from tui_trainer.engine import commands, seeds
from tui_trainer.engine.build import Network
from tui_trainer.engine.checkpoints import Checkpoints, State, is_rung
from tui_trainer.engine.clock import Clock
from tui_trainer.engine.control import Command, Control
from tui_trainer.engine.ending import Diverged, Ended
from tui_trainer.engine.evaluate import MOST_TRAIN_ROWS, Evaluation, Evaluator
from tui_trainer.engine.figures import rounded
from tui_trainer.engine.gate import Gate
from tui_trainer.engine.layers import UpdateWatch, layer_figures
from tui_trainer.engine.pictures import Pictures
from tui_trainer.engine.plan import Plan, stride
from tui_trainer.engine.prepare import Part
from tui_trainer.engine.recorder import Recorder
from tui_trainer.engine.state import Best, capture, is_finite
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.events import EventWriter

SAFETY_SECONDS = 60.0
"""A crash costs at most so much training."""

WRITE_SECONDS = 0.05
"""The losses are read off the device no more often than this."""

SHOW_SECONDS = 1.0
SHOW_SHARE = 1 / 2000
"""A point of the curve that takes longer to fill is shown before it is full: after so many seconds, and after this
share of the training so far, lest the log of a long run grow by more than it says."""


@dataclass
class Trainer:
    """Trains one network; everything that changes while it does is here."""

    experiment: Experiment  # as it is now, live changes included
    network: Network
    optimizer: torch.optim.Optimizer
    task: Task
    train_part: Part
    validation_part: Part
    device: torch.device
    plan: Plan
    events: EventWriter
    checkpoints: Checkpoints
    control: Control
    pictures: Pictures
    evaluator: Evaluator

    fork_of: str = ""  # the run from whose checkpoint it went on
    lost_source: ExperimentError | None = None  # why the weights that it was to begin from cannot be had any more
    step: int = 0  # updates done
    evaluated: int = -1  # the step of the last evaluation
    evaluation: Evaluation | None = None
    best: Best | None = None
    history: list[tuple[float, float]] = field(default_factory=list)  # epoch and validation loss of each evaluation
    changes: dict[str, Any] = field(default_factory=dict)  # path -> value that it was changed to
    due: list[tuple[int, str, Any]] = field(default_factory=list)  # changes to make again: step, path, value
    asked: deque[Command] = field(default_factory=deque)  # commands that wait
    waits_from: int = 0  # which evaluation is the first one that early stopping looks at

    def __post_init__(self) -> None:
        self.clock = Clock()
        self.recorder = Recorder(self.events, self.plan, stride(self.plan.steps), self.step)
        self.watch = UpdateWatch(self.network)
        self.loss_function = self.task.loss_function()
        self.scheduled = not self.experiment.schedule.is_constant
        self.snapshot: State | None = None  # the last state that is known to be good
        self.gate = Gate()
        self._written = self._shown = self._saved = time.monotonic()

    # -- the loop

    def train(self) -> None:
        """Trains to the end of the plan. Raises Ended where a person or a regularizer ends it, Diverged."""
        self.clock.start()
        self.control.attention = True
        while True:
            if self.evaluation_is_due():
                self.evaluate()
                if reason := self.reason_to_stop():
                    raise Ended("finished", reason)
            if self.step >= self.plan.steps:
                return
            if self.rung_is_due():
                self.save("ladder")

            watched = self.next_watched_update()
            for x, y in self.batches():
                if self.control.attention and self.attend():
                    break  # the batches that follow are other ones
                watch = self.watch if self.step == watched else None
                self.recorder.losses.append(self.update(x, y, watch))
                if self.scheduled:
                    self.recorder.rates.append(self.network.rate.value)
                self.step += 1

    def batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """The rest of the present epoch: inputs (batch, *shape) and targets (batch)."""
        epoch, cursor = self.plan.place(self.step)
        order = seeds.order(self.experiment.seed, epoch, len(self.train_part))[cursor:]
        return self.train_part.batches(order, self.plan.batch_size)

    def update(self, x: Tensor, y: Tensor, watch: UpdateWatch | None = None) -> Tensor:
        """Trains on one batch; its loss, 0-dim, on the device."""
        network = self.network
        if self.scheduled:
            self.follow_schedule()
        for change in network.batch_hooks:
            x, y = change(x, y)
        for parameter in network.parameters:
            parameter.grad = None
        scores = network.model(x)
        objective = loss = self.loss_function(scores, y)
        for make in network.objective_hooks:
            objective = make(scores, y, objective)
        objective.backward()
        for act in network.gradient_hooks:
            act()
        if watch:
            watch.before()
        self.optimizer.step()
        for act in network.weight_hooks:
            act()
        if watch:
            watch.after(self.step)
        return loss.detach()

    def follow_schedule(self) -> None:
        """Gives the learning rate its value for the next update, where that may be another than before."""
        schedule = self.experiment.schedule
        resting = schedule.watches_validation and self.step > schedule.warmup
        if not resting or self.step == self.evaluated:
            self.set_rate()

    def set_rate(self) -> None:
        """Makes the learning rate what the schedule makes of it now."""
        schedule, plan = self.experiment.schedule, self.plan
        losses, epochs = self.validation_losses() if schedule.watches_validation else ((), ())
        at = Progress(self.step, plan.steps, plan.position_at(self.step), plan.epochs, losses, epochs)
        self.network.rate.set(self.network.live["optimizer.lr"].value * schedule.factor(at))

    # -- evaluation

    def evaluation_is_due(self) -> bool:
        if self.step == self.evaluated:
            return False
        epoch, cursor = self.plan.place(self.step)
        at_interval = cursor == 0 and epoch % self.experiment.training.evaluation_interval() == 0
        return at_interval or self.step >= self.plan.steps

    def next_watched_update(self) -> int:
        """The last update before an evaluation at the end of this epoch; -1 if there is none."""
        epoch = self.plan.place(self.step)[0] + 1
        due = epoch % self.experiment.training.evaluation_interval() == 0 or epoch >= self.plan.epochs
        return self.plan.step_at(epoch) - 1 if due else -1

    def evaluate(self) -> None:
        """Measures loss and metrics of both parts. Raises Diverged if they are not finite."""
        self.write_losses()
        with self.clock.stopped():
            began = time.perf_counter()
            scheduled = self.evaluation_is_due()
            model, position = self.network.model.eval(), self.plan.position_at(self.step)
            train = self.evaluator.measure(model, self.train_part.first(MOST_TRAIN_ROWS), self.look_up)
            validation = self.evaluator.measure(model, self.validation_part, self.look_up)
            evaluation = Evaluation(self.step, position, train, validation)
            layers = layer_figures(self.network, self.watch, self.train_part) if self.watch.step == self.step else []
            penalty = self.network.penalty()
            model.train()
            if scheduled and (self.network.may_stop or self.experiment.schedule.watches_validation):
                self.history.append((position, validation["loss"]))
            self.set_rate()
            self.say(
                "evaluation",
                **evaluation.to_mapping(),
                **({} if penalty is None else {"penalty": rounded(penalty)}),
                lr=rounded(self.network.rate.value) if self.scheduled else self.network.rate.value,
                seconds=round(self.clock.read(), 3),
                evaluation_seconds=round(time.perf_counter() - began, 4),
            )
            if layers:
                self.say("layers", layers=layers)
            self.evaluated = self.step
            if not evaluation.is_finite():
                losses = train["loss"], validation["loss"]
                bad = next(loss for loss in losses if not math.isfinite(loss))
                raise Diverged("the loss of an evaluation", self.step, bad)
            self.evaluation = evaluation
            better = evaluation.is_better(self.best.evaluation if self.best else None, self.task)
            if better:
                self.best = Best(evaluation, None)
            self.remember()
            if better and self.best:
                self.best.state = self.snapshot
            self.pictures.take_if_looked_at(self)

    def remember(self) -> None:
        """Keeps the present state in memory: known to be good, it tells later where figures went wrong."""
        with self.clock.stopped():
            self.snapshot = capture(self)

    def validation_losses(self, begin: int = 0) -> tuple[list[float], list[float]]:
        """Of the evaluations from number `begin` on, the loss and the epoch of each."""
        return [loss for _, loss in self.history[begin:]], [epoch for epoch, _ in self.history[begin:]]

    def reason_to_stop(self) -> str | None:
        """Why training should end now."""
        return self.network.reason_to_stop(*self.validation_losses(self.waits_from))

    # -- what else wants attention

    def attend(self) -> bool:
        """Obeys commands, writes what is due, waits while paused or for the pace; whether the plan changed."""
        plan = self.plan
        while True:
            self.control.attention = False
            self.look_up()
            self.make_due_changes()
            self.write_what_is_due()
            if pause := self.gate.due_pause():
                self.begin_pause(pause.answer, save=not pause.brief)
            self.obey_commands()
            wait = self.gate.seconds_closed()
            if wait <= 0:
                break
            self.control.wait(wait)
        if isinstance(pace := self.experiment.training.pace, float | int):
            self.gate.passed(pace)
        if self.is_slow():
            self.control.attention = True
        return self.plan is not plan

    def obey_commands(self) -> None:
        """Does what is asked, in its order; what follows a single update waits until that is made."""
        self.asked.extend(self.control.take())
        while self.asked and not self.gate.lets_one_pass:
            commands.obey(self, self.asked.popleft())

    def look_up(self) -> None:
        """Raises Ended if training must end at once."""
        if self.control.interruption:
            raise Ended("interrupted", self.control.interruption)

    def is_slow(self) -> bool:
        """Whether every update wants attention."""
        return self.gate.is_watched or bool(self.due) or self.experiment.training.pace != "full"

    def begin_pause(self, answer: dict[str, Any], *, save: bool) -> None:
        self.gate.close()
        self.write_losses(partial=True)
        self.clock.stop()
        if save:
            self.save("last")
        self.say("paused", **answer)
        self.pictures.take(self, self.look_up)

    def go_on(self) -> None:
        """Ends a pause."""
        self.gate.open()
        self.clock.start()

    def make_due_changes(self) -> None:
        """Makes the changes again that a resumed run has lost."""
        while self.due and self.due[0][0] <= self.step:
            _, path, value = self.due.pop(0)
            commands.change_again(self, path, value)

    def set_plan(self, plan: Plan) -> None:
        """Goes on by another plan from the next update on."""
        self.recorder.replan(plan, stride(plan.steps, self.recorder.stride), self.clock.read())
        self.plan = plan

    # -- what is written

    def say(self, type: str, **fields: Any) -> None:
        """Writes an event at the present step."""
        self.events.write(type, **(self.place() | fields))

    def place(self) -> dict[str, Any]:
        return {"step": self.step, "epoch": round(self.plan.position_at(self.step), 9)}

    def write_losses(self, *, partial: bool = False) -> None:
        self._written = time.monotonic()
        if self.recorder.write(self.clock.read(), partial=partial):
            self._shown = self._written

    def write_what_is_due(self) -> None:
        """Writes the losses 20 times a second, and a checkpoint every minute."""
        now = time.monotonic()
        if now - self._written >= WRITE_SECONDS:
            patience = max(SHOW_SECONDS, SHOW_SHARE * self.clock.read())
            self.write_losses(partial=now - self._shown >= patience)
        if now - self._saved >= SAFETY_SECONDS and not self.gate.paused:
            self.save("last")

    def rung_is_due(self) -> bool:
        epoch, cursor = self.plan.place(self.step)
        return cursor == 0 and is_rung(epoch, self.plan.epochs) and not self.checkpoints.has(self.step)

    def save(self, reason: str, answer: dict[str, Any] | None = None) -> None:
        """Writes a checkpoint, and that of the best evaluation if it is not on disk yet."""
        self.write_losses()
        with self.clock.stopped():
            self._saved = time.monotonic()
            reasons = dict.fromkeys([reason, "last"])
            if self.best and self.best.evaluation.step == self.step:
                reasons["best"] = None
                self.best.state = None
                self.checkpoints.best_step = self.step
            self.save_best()
            self._write_checkpoint(capture(self), list(reasons), answer or {})

    def save_best(self) -> None:
        """Writes the checkpoint of the best evaluation if it is not on disk yet."""
        if self.best and self.best.state:
            self.checkpoints.best_step = self.best.evaluation.step
            self._write_checkpoint(self.best.state, ["best"], {})
            self.best.state = None

    def save_snapshot(self) -> None:
        """Writes the last state that is known to be good, if it is not on disk yet, for a run that goes on from it."""
        state = self.snapshot
        if state and not self.checkpoints.has(state["step"]) and is_finite(state):
            self._write_checkpoint(state, ["last"], {})

    def _write_checkpoint(self, state: State, reasons: list[str], answer: dict[str, Any]) -> None:
        saved = self.checkpoints.write(state, reasons, self.plan.epochs)
        place = {"step": saved.step, "epoch": round(saved.epoch, 9)}
        self.say("checkpoint", **place, folder=saved.path.name, reasons=reasons, bytes=saved.bytes, **answer)
