"""What a person may ask of a run while it trains.

Every command is answered by an event that repeats its id, unless the run ends before its turn comes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tui_trainer.engine.control import Command
from tui_trainer.engine.ending import Ended
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment, value_at

if TYPE_CHECKING:
    from tui_trainer.engine.loop import Trainer

Answer = dict[str, Any]


class Refused(Exception):
    """A command that cannot be done; the message says why."""


def obey(trainer: Trainer, command: Command) -> None:
    """Does what is asked between two updates, or writes why it cannot be done. Raises Ended at `stop`."""
    try:
        handler = _HANDLERS.get(command.name)
        if handler is None:
            raise Refused(f"there is no command {command.name!r} (known: {', '.join(_HANDLERS)})")
        handler(trainer, command)
    except Refused as error:
        trainer.say("refused", message=str(error), **command.answer)


def change(trainer: Trainer, path: str, value: object, answer: Answer | None = None, *, silent: bool = False) -> None:
    """Gives a live field another value from the next update on. Raises Refused."""
    live = trainer.network.live.get(path)
    if live is None and path not in ("training.batch_size", "training.pace"):
        paths = [*trainer.network.live, "training.batch_size", "training.pace"]
        raise Refused(f"{path} cannot change while training (these can: {', '.join(sorted(paths))})")
    old = live.value if live else value_at(trainer.experiment, path)
    trainer.write_losses()
    experiment = _changed(trainer, path, value)
    new = value_at(experiment, path)
    _adopt(trainer, experiment, path, new)
    plan = {}
    if live:
        live.set(new)
        trainer.network.choose_hooks()
        trainer.set_rate()
    elif path == "training.batch_size":
        trainer.set_plan(trainer.plan.changed(trainer.step, batch_size=new))
        plan = _plan_fields(trainer)
    else:
        trainer.gate.hurry()
    if not silent:
        trainer.say("changed", path=path, old=old, new=new, **plan, **(answer or {}))
    trainer.remember()


def change_again(trainer: Trainer, path: str, value: object, *, silent: bool = False) -> None:
    """Makes a change that the log tells of and a resumed run has lost; one that cannot be is left out."""
    try:
        change(trainer, path, value, silent=silent)
    except Refused as error:
        print(f"not changed again: {error}")


def extend(trainer: Trainer, epochs: object, answer: Answer | None = None) -> None:
    """Plans so many epochs more. Raises Refused."""
    if not isinstance(epochs, int) or isinstance(epochs, bool) or epochs < 1:
        raise Refused(f"cannot extend by {epochs!r} epochs (must be a whole number, at least 1)")
    old, new = trainer.plan.epochs, trainer.plan.epochs + epochs
    plan_epochs(trainer, new)
    trainer.say("changed", path="training.epochs", old=old, new=new, **_plan_fields(trainer), **(answer or {}))


def plan_epochs(trainer: Trainer, epochs: int) -> None:
    """Plans so many epochs in all. Raises Refused."""
    experiment = _changed(trainer, "training.epochs", epochs)
    trainer.write_losses()
    _adopt(trainer, experiment, "training.epochs", epochs)
    trainer.set_plan(trainer.plan.changed(trainer.step, epochs=epochs))


def _changed(trainer: Trainer, path: str, value: object) -> Experiment:
    try:
        return set_values(trainer.experiment, {path: value})
    except ExperimentError as error:
        raise Refused("; ".join(f"{problem.path}: {problem.message}" for problem in error.problems)) from None


def _adopt(trainer: Trainer, experiment: Experiment, path: str, value: Any) -> None:
    trainer.experiment = experiment
    trainer.changes[path] = value


def _plan_fields(trainer: Trainer) -> dict[str, int]:
    plan = trainer.plan
    return {
        "planned_steps": plan.steps,
        "planned_epochs": plan.epochs,
        "updates_per_epoch": plan.updates_per_epoch,
        "stride": trainer.recorder.stride,
    }


def _pause(trainer: Trainer, command: Command) -> None:
    if trainer.gate.paused:
        trainer.say("paused", **command.answer)
    else:
        trainer.begin_pause(command.answer, save=True)


def _resume(trainer: Trainer, command: Command) -> None:
    trainer.go_on()
    trainer.say("resumed", **command.answer)


def _step(trainer: Trainer, command: Command) -> None:
    target = trainer.step + 1
    trainer.go_on()
    trainer.gate.hurry()  # asked for now, whatever the pace
    trainer.gate.pause_at(lambda: trainer.step >= target, command.answer, brief=True)


def _epoch(trainer: Trainer, command: Command) -> None:
    target = trainer.plan.place(trainer.step)[0] + 1
    _resume(trainer, command)  # answered at once: something else may be asked for before the epoch is over
    trainer.gate.pause_at(lambda: trainer.plan.place(trainer.step)[0] >= target, command.answer)


def _stop(trainer: Trainer, command: Command) -> None:
    raise Ended("stopped", "stopped by a person", command.answer)


def _set(trainer: Trainer, command: Command) -> None:
    path = command.fields.get("path")
    if not isinstance(path, str):
        raise Refused("set needs a path, such as optimizer.lr, and a value")
    change(trainer, path, command.fields.get("value"), command.answer)


def _extend(trainer: Trainer, command: Command) -> None:
    extend(trainer, command.fields.get("epochs"), command.answer)


def _detach(trainer: Trainer, command: Command) -> None:
    trainer.say("detached", **command.answer)


def _checkpoint(trainer: Trainer, command: Command) -> None:
    trainer.save("last", command.answer)


_HANDLERS: dict[str, Callable[[Trainer, Command], None]] = {
    "pause": _pause,
    "resume": _resume,
    "step": _step,
    "epoch": _epoch,
    "stop": _stop,
    "set": _set,
    "extend": _extend,
    "detach": _detach,
    "checkpoint": _checkpoint,
}
