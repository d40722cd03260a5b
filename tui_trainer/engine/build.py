"""From an experiment to a model, its optimizer and its regularizers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import Parameter

from tui_trainer.choices.activations import Activation
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.choices.signature import Signature
from tui_trainer.engine.seeds import generator
from tui_trainer.experiment.schema import Experiment
from tui_trainer.modules.live import LiveValue
from tui_trainer.modules.parts import Parts


@dataclass(frozen=True)
class Layer:
    """A layer with weights, and what comes behind it up to the next one."""

    name: str
    module: nn.Module
    weight: Parameter
    output: tuple[int, ...]  # of one sample, before the activation
    parameters: int  # its own and its norm's
    activation: nn.Module | None


@dataclass(frozen=True)
class Regularizing:
    """A regularizer at work: with the present values of its live fields."""

    regularizer: Regularizer
    live: dict[str, LiveValue]


@dataclass
class Network:
    """A model with all that acts on its training; the loop knows no regularizer by name."""

    model: nn.Module
    regularizing: list[Regularizing]
    live: dict[str, LiveValue]  # by path, such as "optimizer.lr": every number that may change while training
    activation: Activation  # of its hidden units, if it has any
    layers: tuple[Layer, ...] = ()
    activation_floats: int = 0  # numbers that the layers hand on for one sample
    parameters: list[Parameter] = field(init=False)

    def __post_init__(self) -> None:
        self.parameters = list(self.model.parameters())
        members = self.regularizing
        self.batch_hooks: list[Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]] = [
            partial(it.regularizer.batch, live=it.live) for it in members if it.regularizer.fills("batch")
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
        """Weights that take part in a sample's pass, each as often as it does."""
        return sum(
            layer.weight.numel() * (torch.Size(layer.output).numel() // layer.weight.shape[0]) for layer in self.layers
        )

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


def build(experiment: Experiment, signature: Signature, device: torch.device) -> Network:
    """The network of an experiment with its initial weights, for that signature, on `device`.

    On the device "meta" it takes no memory and has no weights. Raises ModelError if it cannot be built.
    """
    regularizing = [
        Regularizing(member, {name: LiveValue(getattr(member, name), device) for name in _live_fields(member)})
        for member in _regularizers(experiment)
    ]
    activations: list[nn.Module] = []

    def activation() -> nn.Module:
        activations.append(experiment.activation.build())
        return activations[-1]

    parts = Parts(activation=activation)
    for it in regularizing:
        it.regularizer.layers(parts, it.live)
    with torch.device("meta" if device.type == "meta" else "cpu"):
        model = experiment.model.build(parts, signature)
    if device.type != "meta":
        _initialize(model, experiment)
    layers, floats = _trace(model, activations, signature)
    live = {
        f"regularization.{it.regularizer.kind}.{name}": value for it in regularizing for name, value in it.live.items()
    }
    live["optimizer.lr"] = LiveValue(experiment.optimizer.lr, device)
    return Network(model.to(device).train(), regularizing, live, experiment.activation, layers, floats)


def build_optimizer(experiment: Experiment, network: Network) -> torch.optim.Optimizer:
    """The optimizer over the network's parameters, with a learning rate that may change while training."""
    return experiment.optimizer.build(network.parameters, network.live["optimizer.lr"].tensor)


def optimizer_floats(experiment: Experiment) -> int:
    """Numbers that the optimizer keeps for each parameter, found by letting it make a step."""
    probe = Parameter(torch.zeros(2, 3))
    probe.grad = torch.zeros(2, 3)
    optimizer = experiment.optimizer.build([probe], torch.tensor(0.0))
    optimizer.step()
    kept = [value for value in optimizer.state[probe].values() if isinstance(value, Tensor)]
    return sum(value.shape == probe.shape for value in kept)


def _regularizers(experiment: Experiment) -> list[Regularizer]:
    """Those of the experiment, and all others that can be turned up while training, at which they do nothing."""
    members = (experiment.regularization.get(kind) or cls.off() for kind, cls in Regularizer.kinds().items())
    return [member for member in members if member is not None]


def _live_fields(regularizer: Regularizer) -> list[str]:
    return [field.name for field in regularizer.form() if field.live]


def _initialize(model: nn.Module, experiment: Experiment) -> None:
    """Fills every weight from a generator of its own, named after it: layers that come or go leave the others alone."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.ndim >= 2:
                draw = generator(experiment.seed, "weights", name)
                experiment.initialization.fill(parameter, experiment.activation, draw)
            elif name.endswith("bias"):
                parameter.zero_()


def _trace(model: nn.Module, activations: list[nn.Module], signature: Signature) -> tuple[tuple[Layer, ...], int]:
    """The layers in the order in which a sample passes them, and how many numbers they hand on for it."""
    names = {module: name for name, module in model.named_modules()}
    passed: list[tuple[nn.Module, tuple[int, ...]]] = []

    def note(module: nn.Module, inputs: object, output: Tensor) -> None:
        passed.append((module, tuple(output.shape[1:])))

    leaves = [module for module in model.modules() if not list(module.children())]
    handles = [leaf.register_forward_hook(note) for leaf in leaves]
    with torch.no_grad():
        dtype = torch.int64 if signature.is_text else torch.float32
        model.eval()(torch.zeros(1, *signature.inputs, dtype=dtype, device=next(model.parameters()).device))
    for handle in handles:
        handle.remove()

    layers: list[Layer] = []
    for module, output in passed:
        weight = getattr(module, "weight", None)
        own = sum(parameter.numel() for parameter in module.parameters())
        if isinstance(weight, Parameter) and weight.ndim >= 2:
            layers.append(Layer(_readable(names[module]), module, weight, output, own, None))
        elif layers:
            last = layers.pop()
            activation = last.activation or (module if module in activations else None)
            layers.append(Layer(last.name, last.module, last.weight, last.output, last.parameters + own, activation))
    return tuple(layers), sum(torch.Size(output).numel() for _, output in passed)


def _readable(name: str) -> str:
    """A layer's name for a person: `hidden.0.linear` is "hidden 1"."""
    words = name.removesuffix(".linear").split(".")
    return " ".join(str(int(word) + 1) if word.isdigit() else word for word in words)
