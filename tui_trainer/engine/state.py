"""All that a run needs to go on exactly as if it had never stopped: what a checkpoint holds."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from tui_trainer.choices.optimizers import Optimizer
from tui_trainer.engine.build import optimizer_memory
from tui_trainer.engine.checkpoints import VERSION, State
from tui_trainer.engine.clock import Clock
from tui_trainer.engine.evaluate import Evaluation
from tui_trainer.engine.plan import Plan, stride
from tui_trainer.engine.recorder import Recorder
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment

if TYPE_CHECKING:
    from tui_trainer.engine.loop import Trainer


@dataclass
class Best:
    """The best evaluation so far; its weights are in memory until they are on disk."""

    evaluation: Evaluation
    state: State | None


def capture(trainer: Trainer) -> State:
    """A copy of the present state in torch and Python types. Every loss must have been written."""
    best = trainer.best.evaluation if trainer.best else None
    state = {
        "version": VERSION,
        "fork_of": trainer.fork_of,
        "step": trainer.step,
        "epoch": trainer.plan.position_at(trainer.step),
        "plan": asdict(trainer.plan),
        "stride": trainer.recorder.stride,
        "window": trainer.recorder.state(),
        "watch": trainer.watch.state(),
        "seconds": trainer.clock.read(),
        "evaluated": trainer.evaluated,
        "evaluation": asdict(trainer.evaluation) if trainer.evaluation else None,
        "best": asdict(best) if best else None,
        "history": torch.tensor(trainer.history, dtype=torch.float64),
        "waits_from": trainer.waits_from,
        "changes": dict(trainer.changes),
        "live": {path: live.value for path, live in trainer.network.live.items()},
        "model": trainer.network.model.state_dict(),
        "optimizer": trainer.optimizer.state_dict(),
        "optimizer_kind": trainer.experiment.optimizer.kind,
        "generator": torch.get_rng_state(),
        "device_generator": _device_generator(trainer.device),
    }
    return {name: _copy(value) for name, value in state.items()}


def restore(trainer: Trainer, state: State, base: Experiment) -> None:
    """Takes the trainer of the experiment `base` to a captured state."""
    trainer.experiment = set_values(base, state["changes"])
    trainer.changes = dict(state["changes"])
    trainer.plan = Plan(**state["plan"])
    trainer.step, trainer.evaluated = state["step"], state["evaluated"]
    trainer.evaluation = Evaluation(**state["evaluation"]) if state["evaluation"] else None
    trainer.best = Best(Evaluation(**state["best"]), None) if state["best"] else None
    trainer.history = [(epoch, loss) for epoch, loss in state["history"].tolist()]
    trainer.waits_from = state.get("waits_from", 0)
    trainer.clock = Clock(state["seconds"])
    trainer.recorder = Recorder(trainer.events, trainer.plan, stride(trainer.plan.steps, state["stride"]), trainer.step)
    trainer.recorder.restore(state["window"])
    trainer.watch.restore(state["watch"])
    restore_weights(trainer, state)
    for path, live in trainer.network.live.items():
        live.set(state["live"].get(path, live.value))
    trainer.network.choose_hooks()
    trainer.set_rate()
    torch.set_rng_state(state["generator"])
    if state["device_generator"] is not None:
        _set_device_generator(trainer.device, state["device_generator"])


def adopt(trainer: Trainer, state: State, base: Experiment) -> None:
    """Takes the trainer of the experiment `base` to a state of the run that it was forked from.

    What `base` says holds from here on; all else is the parent's. Raises ExperimentError if its weights do not fit.
    """
    state = {**state, "changes": {}, "live": {}}
    plan = Plan(**state["plan"])
    training = base.training
    if plan.batch_size == training.batch_size:
        restore(trainer, {**state, "plan": asdict(replace(plan, epochs=training.epochs))}, base)
    else:
        restore(trainer, state, base)
        trainer.set_plan(plan.changed(trainer.step, batch_size=training.batch_size, epochs=training.epochs))


def restore_weights(trainer: Trainer, state: State) -> None:
    """Takes weights and optimizer to a captured state, and nothing else.

    An optimizer that the captured memory of past gradients is of no use to begins anew. Raises ExperimentError if the
    weights do not fit the model.
    """
    try:
        trainer.network.model.load_state_dict(state["model"])
    except RuntimeError:
        message = "the checkpoint's weights are those of another network (fork from the start instead)"
        raise ExperimentError([Problem("model", message)]) from None
    kind = trainer.experiment.optimizer.kind
    if _memory(state.get("optimizer_kind", kind)) == _memory(kind) and _remembers(trainer, state["optimizer"]):
        # Its options are those of the experiment, which a fork may have changed.
        options = [{name: value for name, value in it.items() if name != "params"} for it in _groups(trainer)]
        trainer.optimizer.load_state_dict(_copy(state["optimizer"]))
        for group, own in zip(_groups(trainer), options, strict=True):
            group.update(own)
    for group in _groups(trainer):
        group["lr"] = trainer.network.rate.tensor


def _memory(kind: str) -> str:
    """The kind of optimizer whose memory of past gradients one of that kind has."""
    return Optimizer.kinds()[kind].memory or kind


def _remembers(trainer: Trainer, saved: State) -> bool:
    """Whether a memory has all that the optimizer needs, which a fork may have given other options or thawed layers."""
    pairs = list(zip(_groups(trainer), saved["param_groups"], strict=False))
    own, theirs = ([len(group["params"]) for group in groups] for groups in (_groups(trainer), saved["param_groups"]))
    if own != theirs or not saved["state"]:
        return own == theirs
    needed = optimizer_memory(trainer.experiment).keys()
    return all(
        needed <= saved["state"].get(index, {}).keys()
        for group, there in pairs
        for parameter, index in zip(group["params"], there["params"], strict=True)
        if parameter.requires_grad
    )


def _groups(trainer: Trainer) -> list[dict[str, Any]]:
    return trainer.optimizer.param_groups


def is_finite(state: State) -> bool:
    """Whether every weight of a captured state is a number."""
    return all(bool(tensor.isfinite().all()) for tensor in state["model"].values())


def extended(state: State, epochs: int) -> State:
    """The state in a plan of so many epochs."""
    plan = replace(Plan(**state["plan"]), epochs=epochs)
    return {**state, "plan": asdict(plan), "changes": {**state["changes"], "training.epochs": epochs}}


def _device_generator(device: torch.device) -> Tensor | None:
    """The state of the generator from which noise on the device is drawn; None for the CPU's, which is always kept."""
    if device.type == "cuda":
        return torch.cuda.get_rng_state(device)
    return torch.mps.get_rng_state() if device.type == "mps" else None


def _set_device_generator(device: torch.device, state: Tensor) -> None:
    if device.type == "cuda":
        torch.cuda.set_rng_state(state, device)
    elif device.type == "mps":
        torch.mps.set_rng_state(state)


def _copy(value: Any) -> Any:
    """A copy that later updates do not touch; containers become plain ones."""
    if isinstance(value, Tensor):
        return value.detach().clone()
    if isinstance(value, dict):
        return {name: _copy(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_copy(member) for member in value)
    return value
