"""From an experiment to a model, its optimizer and its regularizers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import Parameter

from tui_trainer.choices.activations import Activation
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.engine.kept import FLOAT_BYTES, Kept, thin_out
from tui_trainer.engine.seeds import generator
from tui_trainer.experiment.problems import Problem
from tui_trainer.experiment.schema import Experiment
from tui_trainer.modules.live import LiveValue
from tui_trainer.modules.parts import Beginning, Parts
from tui_trainer.modules.signature import Signature


@dataclass(frozen=True)
class Layer:
    """A layer with weights, and what comes behind it up to the next one."""

    name: str
    module: nn.Module
    weights: tuple[Parameter, ...]  # its matrices: one, or of a recurrent layer several
    output: tuple[int, ...]  # of one sample, before the activation
    parameters: int  # its own and its norm's
    activation: nn.Module | None
    tensors: tuple[Parameter, ...] = ()  # the same, one by one

    @property
    def is_finite(self) -> bool:
        """Whether every weight is a number."""
        return all(bool(weight.isfinite().all()) for weight in self.weights)


@dataclass(frozen=True)
class Regularizing:
    """A regularizer at work: with the present values of its live fields, and of the learning rate."""

    regularizer: Regularizer
    live: dict[str, LiveValue]

    @property
    def is_idle(self) -> bool:
        return self.regularizer.is_idle(self.live)


@dataclass
class Network:
    """A model with all that acts on its training; the loop knows no regularizer by name."""

    model: nn.Module
    regularizing: list[Regularizing]
    live: dict[str, LiveValue]  # by path, such as "optimizer.lr": every number that may change while training
    rate: LiveValue  # the learning rate of the next update: what the schedule makes of `optimizer.lr`
    activation: Activation  # of its hidden units, if it has any
    layers: tuple[Layer, ...] = ()
    activation_floats: int = 0  # numbers that a sample leaves in memory until its gradients are computed
    parameters: list[Parameter] = field(init=False)

    def __post_init__(self) -> None:
        self.parameters = list(self.model.parameters())
        self.choose_hooks()

    def choose_hooks(self) -> None:
        """Finds the regularizers that have something to do: to be called again when a person changes their fields."""
        members = [it for it in self.regularizing if not it.is_idle]
        self.batch_hooks: list[Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]] = [
            partial(it.regularizer.batch, live=it.live) for it in members if it.regularizer.fills("batch")
        ]
        self.objective_hooks: list[Callable[[Tensor, Tensor, Tensor], Tensor]] = [
            partial(it.regularizer.objective, live=it.live) for it in members if it.regularizer.fills("objective")
        ]
        self.gradient_hooks: list[Callable[[], None]] = [
            partial(it.regularizer.gradients, self.parameters, it.live)
            for it in members
            if it.regularizer.fills("gradients")
        ]
        self.weight_hooks: list[Callable[[], None]] = [
            partial(it.regularizer.weights, self.parameters, it.live)
            for it in members
            if it.regularizer.fills("weights")
        ]

    @property
    def parameter_count(self) -> int:
        return sum(parameter.numel() for parameter in self.parameters)

    @property
    def work(self) -> int:
        """Weights that take part in a sample's pass, each as often as it does at once: the steps of a recurrent layer
        follow one another, and an embedding only looks its vectors up."""
        return sum(_work(layer) for layer in self.layers)

    def penalty(self) -> float | None:
        """What the regularizers would add to the loss; None if none of them does."""
        with torch.no_grad():
            terms = [it.regularizer.penalty(self.model, it.live) for it in self.regularizing]
            present = [term for term in terms if term is not None]
            return float(torch.stack(present).sum()) if present else None

    @property
    def may_stop(self) -> bool:
        """Whether a regularizer may end training."""
        return any(it.regularizer.fills("stop") for it in self.regularizing)

    def reason_to_stop(self, losses: list[float], epochs: list[float]) -> str | None:
        """Why training should end now; `losses`: on validation, at each evaluation."""
        reasons = (it.regularizer.stop(losses, epochs) for it in self.regularizing)
        return next((reason for reason in reasons if reason), None)

    def restores_best(self) -> bool:
        return any(it.regularizer.restores_best() for it in self.regularizing)


def misfits(experiment: Experiment, task: str, signature: Signature) -> list[Problem]:
    """What of the regularization means nothing for that task and signature, or cannot be together."""
    members = experiment.regularization
    problems = []
    for kind, member in members.items():
        if why := member.misfit(task, signature):
            problems.append(Problem(f"regularization.{kind}", f"{kind} {why} (turn it off)"))
        problems += [
            Problem(f"regularization.{kind}", f"{other} and {kind} exclude each other (turn one of them off)")
            for other in member.excludes
            if other in list(members)[: list(members).index(kind)]
        ]
    return problems


def build(experiment: Experiment, signature: Signature, device: torch.device, task: str = "classification") -> Network:
    """The network of an experiment with its initial weights, for that signature and task, on `device`.

    On the device "meta" it takes no memory and has no weights. Raises ModelError if it cannot be built.
    """
    rate, live = (
        LiveValue(experiment.optimizer.lr, device),
        {"optimizer.lr": LiveValue(experiment.optimizer.lr, device)},
    )
    regularizing = []
    for member in _regularizers(experiment, signature, task):
        own = {name: LiveValue(getattr(member, name), device) for name in _live_fields(member)}
        live |= {f"regularization.{member.kind}.{name}": value for name, value in own.items()}
        regularizing.append(Regularizing(member, {**own, "lr": rate}))
    activations: list[nn.Module] = []

    def activation() -> nn.Module:
        activations.append(experiment.activation.build())
        return activations[-1]

    parts = Parts(activation=activation)
    for it in regularizing:
        it.regularizer.layers(parts, it.live)
    with torch.device("meta" if device.type == "meta" else "cpu"):
        experiment.model.check(signature)
        model = experiment.model.build(parts, signature)
    if device.type != "meta":
        _initialize(model, experiment)
    layers, floats = _trace(model, activations, signature)
    return Network(model.to(device).train(), regularizing, live, rate, experiment.activation, layers, floats)


def build_optimizer(experiment: Experiment, network: Network) -> torch.optim.Optimizer:
    """The optimizer over the network's parameters, with a learning rate that may change while training."""
    return experiment.optimizer.build(network.parameters, network.rate.tensor)


def optimizer_floats(experiment: Experiment) -> int:
    """Numbers that the optimizer keeps for each parameter."""
    return sum(value.numel() > 1 for value in optimizer_memory(experiment).values())


def optimizer_memory(experiment: Experiment) -> dict[str, Tensor]:
    """What the optimizer keeps of a parameter (2, 3), by name, found by letting it make a step."""
    probe = Parameter(torch.zeros(2, 3))
    probe.grad = torch.zeros(2, 3)
    optimizer = experiment.optimizer.build([probe], torch.tensor(0.0))
    optimizer.step()
    return {name: value for name, value in optimizer.state[probe].items() if isinstance(value, Tensor)}


def _regularizers(experiment: Experiment, signature: Signature, task: str) -> list[Regularizer]:
    """Those of the experiment, and all others that can be turned up while training, at which they do nothing."""
    fitting = {kind: cls for kind, cls in Regularizer.kinds().items() if not cls.misfit(task, signature)}
    members = (experiment.regularization.get(kind) or cls.off() for kind, cls in fitting.items())
    return [member for member in members if member is not None]


def _live_fields(regularizer: Regularizer) -> list[str]:
    return [field.name for field in regularizer.form() if field.live]


def _initialize(model: nn.Module, experiment: Experiment) -> None:
    """Fills every weight from a generator of its own, named after it: layers that come or go leave the others alone."""
    activation = experiment.model.inner_activation(experiment.activation)
    with torch.no_grad():
        for name, module in model.named_modules():
            for own, parameter in module.named_parameters(prefix=name, recurse=False):
                if parameter.ndim >= 2:
                    draw = generator(experiment.seed, "weights", own)
                    # Matrices that stand on top of each other for speed, as those of a recurrent cell's gates do.
                    for matrix in parameter.chunk(getattr(module, "stacked", 1)):
                        experiment.initialization.fill(matrix, activation, draw)
                elif own.rpartition(".")[2].startswith("bias"):
                    parameter.zero_()
            if isinstance(module, Beginning):
                module.begin()


def _trace(model: nn.Module, activations: list[nn.Module], signature: Signature) -> tuple[tuple[Layer, ...], int]:
    """The layers in the order in which a sample passes them, and how many numbers it leaves for the backward pass."""
    names = {module: name for name, module in model.named_modules()}
    passed: dict[nn.Module, tuple[int, ...]] = {}

    def note(module: nn.Module, inputs: object, output: Tensor | tuple[Tensor, object]) -> None:
        states = output[0] if isinstance(output, tuple) else output
        passed[module] = tuple(states.shape[1:])  # one that is passed twice is one layer

    device = next(model.parameters()).device
    model.eval()
    if device.type == "meta":  # elsewhere it would draw noise
        thin_out(model)
    leaves = [module for module in model.modules() if not list(module.children())]
    handles = [leaf.register_forward_hook(note) for leaf in leaves]
    with torch.enable_grad(), device:  # what it makes on the way comes to be there too
        x = torch.zeros(1, *signature.inputs, dtype=torch.int64 if signature.is_text else torch.float32)
        try:
            with Kept(model, x) as kept:
                scores = model(x)
            floats = kept.bytes // FLOAT_BYTES
        except RuntimeError:  # a network of one's own that takes gradients on the way bears nobody who looks on
            scores = model(x)
            floats = sum(torch.Size(output).numel() for output in passed.values())
    for handle in handles:
        handle.remove()

    layers: list[Layer] = []
    for module, output in passed.items():
        weights = matrices(module)
        tensors = tuple(module.parameters())
        own = sum(parameter.numel() for parameter in tensors)
        if weights:
            layers.append(Layer(_readable(names[module]), module, weights, output, own, None, tensors))
        elif layers:
            last = layers.pop()
            activation = last.activation or (module if module in activations else None)
            layers.append(
                replace(
                    last, parameters=last.parameters + own, activation=activation, tensors=(*last.tensors, *tensors)
                )
            )
    return tuple(layers), floats + scores.numel()  # the loss keeps as many of the scores


def matrices(module: nn.Module) -> tuple[Parameter, ...]:
    """The weights of a module's own that stand between numbers and numbers: of a recurrent layer those from its input
    and those from state to state, in each direction. None of a norm, which scales numbers one by one."""
    if isinstance(module, nn.LayerNorm | nn.RMSNorm):
        return ()  # of an image, say, its scales have several dimensions
    named = module.named_parameters(recurse=False)
    return tuple(parameter for name, parameter in named if name.startswith("weight") and parameter.ndim >= 2)


def _work(layer: Layer) -> int:
    if isinstance(layer.module, nn.Embedding):
        return 0
    if len(layer.weights) > 1:
        return sum(parameter.numel() for parameter in layer.module.parameters())
    (weight,) = layer.weights
    return weight.numel() * (torch.Size(layer.output).numel() // weight.shape[0])


def _readable(name: str) -> str:
    """A layer's name for a person: `hidden.0.linear` is "hidden 1"."""
    words = name.removesuffix(".linear").replace("_", " ").split(".")
    return " ".join(str(int(word) + 1) if word.isdigit() else word for word in words)
