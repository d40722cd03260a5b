"""Beginning from the weights of another run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from torch import Tensor

from tui_trainer.choices.data import Samples
from tui_trainer.choices.warm_start import WarmStart
from tui_trainer.engine import checkpoints
from tui_trainer.engine.build import Network
from tui_trainer.engine.checkpoints import CheckpointError
from tui_trainer.experiment.networks import unlike
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs import view as views
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.store import AmbiguousRun, RunNotFound, Store

RUN, FREEZE = "warm_start.run", "warm_start.freeze"

MOST_CHARACTERS = 5
"""So many are named of those in which two texts differ."""


@dataclass(frozen=True)
class Source:
    """The checkpoint of the run that training begins from."""

    run: str  # its id
    checkpoint: Path
    step: int
    epoch: float
    classes: tuple[str, ...]
    experiment: Experiment | None = None


def find_source(wanted: WarmStart, store: Store, folder: RunFolder | None = None) -> Source | None:
    """The checkpoint to begin from; None where none is asked for.

    An arm is looked for in the comparison of the run in `folder`; without a folder it cannot be known yet, and None
    too. Raises ExperimentError where there is no such run or checkpoint.
    """
    if not wanted.run or (wanted.arm and folder is None):
        return None
    found = _arm(wanted.arm, store, folder) if wanted.arm and folder else _run(wanted.run, store, folder)
    view = views.read(found)
    kept = {it.step: it for it in view.checkpoints if (found.checkpoints / str(it.step)).is_dir()}
    step = max(kept, default=None) if wanted.checkpoint == "last" else view.best.step if view.best else None
    if step not in kept or step is None:
        which = "no checkpoint yet" if not kept else "no checkpoint of its best epoch any more (take the last)"
        raise _problem(RUN, f"{found.id} has {which}")
    return Source(found.id, found.checkpoints / str(step), step, kept[step].epoch, view.classes, view.experiment)


def _run(prefix: str, store: Store, folder: RunFolder | None) -> RunFolder:
    """The run whose id begins so, besides the one in `folder`."""
    try:
        return store.find(prefix)
    except AmbiguousRun as error:
        others = [id for id in error.candidates if folder is None or id != folder.id]
        if len(others) == 1:
            return store.find(others[0])
        raise _problem(RUN, f"{AmbiguousRun(prefix, others)} (write the id of a run)") from None
    except RunNotFound as error:
        raise _problem(RUN, f"{error} (write the id of a run)") from None


def _arm(name: str, store: Store, folder: RunFolder) -> RunFolder:
    """The run of another arm with the same seed."""
    origin = folder.origin()
    if not origin.comparison and origin.parent:  # it was forked from one that belongs to a comparison
        parents = [it for it in store.folders() if it.id == origin.parent]
        origin = parents[0].origin() if parents else origin
    if not origin.comparison:
        raise _problem(RUN, f"{name!r} is an arm, and this run belongs to no comparison (write the id of a run)")
    for other in store.runs_of(origin.comparison):
        place = other.origin().within(origin.comparison)
        if (place.arm, place.repeat) == (name, origin.repeat):
            return other
    raise _problem(RUN, f"there is no run of the arm {name!r} to begin from")


def freeze(network: Network, layers: int) -> None:
    """Has the first layers keep their weights, and what stands behind them theirs.

    Raises ExperimentError unless there are more.
    """
    there = len(network.layers)
    if layers >= there:
        most = f"at most {there - 1}" if there > 1 else "at most 0: there is but one layer"
        raise _problem(FREEZE, f"with {layers} of {there} layers frozen nothing is left to learn ({most})")
    for layer in network.layers[:layers]:
        for tensor in layer.tensors:
            tensor.requires_grad_(False)


def new_layers(network: Network, source: Source, samples: Samples, experiment: Experiment) -> tuple[str, ...]:
    """The names of the layers of an experiment's network that begin anew: the last one where other classes are told
    apart, else none.

    Raises ExperimentError where the other layers are not those of the source, or a text has other characters than its
    text had: the same vectors would mean others.
    """
    _compare_vocabularies(source, samples.vocabulary)
    own = {name: tuple(tensor.shape) for name, tensor in network.model.state_dict().items()}
    theirs = _shapes(source.checkpoint, _stamp(source.checkpoint))
    head = _head(network)
    anew = samples.classes != source.classes or any(own[name] != theirs.get(name) for name in head)
    rest = [name for name in own if name not in head or not anew]
    lacking = [name for name in rest if name not in theirs]
    beyond = [name for name in theirs if name not in own]
    other_shapes = [name for name in rest if name in theirs and own[name] != theirs[name]]
    said = f"the network of {source.run} is another: "
    in_words = unlike(source.experiment, experiment) if source.experiment is not None else ""
    if (lacking or beyond or other_shapes) and in_words:
        raise _problem(RUN, f"{said}{in_words}")
    if lacking or beyond:
        name, where = (lacking[0], "here") if lacking else (beyond[0], "there")
        raise _problem(RUN, f"{said}only {where} is {name} (pick the same model and norms)")
    if other_shapes:
        shapes = (" × ".join(map(str, it[other_shapes[0]])) or "1" for it in (theirs, own))
        raise _problem(RUN, f"{said}{other_shapes[0]} is {next(shapes)} there and {next(shapes)} here")
    return (network.layers[-1].name,) if anew else ()


def begin_from(network: Network, source: Source, samples: Samples, experiment: Experiment) -> dict[str, Any]:
    """Gives the network the weights of the source; what the log says of it. Raises ExperimentError."""
    anew = new_layers(network, source, samples, experiment)
    state = _load(source.checkpoint)
    head = _head(network) if anew else frozenset()
    kept = {name: tensor for name, tensor in state.items() if name not in head}
    network.model.load_state_dict({**network.model.state_dict(), **kept})
    return {"run": source.run, "step": source.step, "epoch": source.epoch, "new": list(anew)}


def _compare_vocabularies(source: Source, own: Sequence[str]) -> None:
    """Raises ExperimentError where both are known and differ; checkpoints of old did not keep theirs."""
    theirs = _vocabulary(source.checkpoint, _stamp(source.checkpoint))
    if not own or not theirs or tuple(own) == theirs:
        return
    told = [
        f"{_few(characters)} only {where}"
        for characters, where in ((set(theirs) - set(own), "there"), (set(own) - set(theirs), "here"))
        if characters
    ]
    differ = " and ".join(told) or "in another order"
    raise _problem(
        RUN, f"{source.run} knows other characters: {differ} (begin from a run on a text with the same ones, or anew)"
    )


def _few(characters: Collection[str]) -> str:
    """Some characters in words."""
    shown = [repr(it) for it in sorted(characters)[:MOST_CHARACTERS]]
    more = len(characters) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _head(network: Network) -> frozenset[str]:
    """The names of the parameters of the last layer."""
    last = network.layers[-1].tensors
    names = network.model.named_parameters()
    return frozenset(name for name, parameter in names if any(parameter is it for it in last))


def _load(checkpoint: Path) -> Mapping[str, Tensor]:
    try:
        state: Any = checkpoints.load(checkpoint)
    except (CheckpointError, OSError) as error:
        raise _unreadable(str(error)) from None
    weights = state.get("model") if isinstance(state, Mapping) else None
    if not isinstance(weights, Mapping) or not all(isinstance(it, Tensor) for it in weights.values()):
        raise _unreadable(f"checkpoint {checkpoint.name} holds something else")
    return weights


def _stamp(checkpoint: Path) -> float:
    """Changes when another checkpoint is put in the place of this one."""
    try:
        return checkpoint.stat().st_mtime
    except OSError:
        return 0.0


@lru_cache(maxsize=8)
def _vocabulary(checkpoint: Path, stamp: float) -> tuple[str, ...]:
    """The characters that its text had."""
    try:
        return checkpoints.vocabulary(checkpoint)
    except (CheckpointError, OSError) as error:
        raise _unreadable(str(error)) from None


@lru_cache(maxsize=8)
def _shapes(checkpoint: Path, stamp: float) -> Mapping[str, tuple[int, ...]]:
    """The shape of every weight: somebody who edits an experiment has it described again and again."""
    return {name: tuple(tensor.shape) for name, tensor in _load(checkpoint).items()}


def _unreadable(why: str) -> ExperimentError:
    return _problem(RUN, f"its weights cannot be read: {why}")


def _problem(path: str, message: str) -> ExperimentError:
    return ExperimentError([Problem(path, message)])
