"""What a network is made of, step by step in the order in which a sample passes: shapes, parameters by role, work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import Parameter

from tui_trainer.modules.signature import Signature

WITHOUT_WORDS = (nn.Identity,)
MOST_STEPS = 500


@dataclass(frozen=True)
class Step:
    """A module that a sample passes."""

    name: str  # such as blocks.0.linear
    module: nn.Module
    output: tuple[int, ...]  # of one sample
    tensors: tuple[tuple[str, Parameter], ...]  # its own parameters, with their roles


def structure(model: nn.Module, signature: Signature) -> list[dict[str, Any]]:
    """The steps as plain data. The model may be on the device "meta", where it takes no memory."""
    known: set[int] = set()
    made = []
    for step in _steps(model, signature):
        tensors = [(role, tensor) for role, tensor in step.tensors if id(tensor) not in known]
        known |= {id(tensor) for _, tensor in tensors}
        if isinstance(step.module, WITHOUT_WORDS) and not tensors:
            continue
        made.append(
            {
                "name": step.name,
                "kind": type(step.module).__name__,
                "about": _about(step.module),
                "output": list(step.output),
                "tensors": [
                    {"role": role, "shape": list(tensor.shape), "frozen": not tensor.requires_grad}
                    for role, tensor in tensors
                ],
                "work": _work(step),
            }
        )
    return made[:MOST_STEPS]


def _steps(model: nn.Module, signature: Signature) -> list[Step]:
    """What is passed, in its order; parameters of modules that are never called stand at the end."""
    names = {module: name for name, module in model.named_modules()}
    passed: dict[nn.Module, tuple[int, ...]] = {}

    def note(module: nn.Module, inputs: object, output: object) -> None:
        shown = output[0] if isinstance(output, tuple) else output
        if isinstance(shown, Tensor) and module not in passed:
            passed[module] = tuple(shown.shape[1:])

    shown = [
        module for module in model.modules() if not list(module.children()) or list(module.parameters(recurse=False))
    ]
    handles = [module.register_forward_hook(note) for module in shown]
    training = model.training
    with torch.no_grad(), next(model.parameters()).device:
        dtype = torch.int64 if signature.is_text else torch.float32
        model.eval()(torch.zeros(1, *signature.inputs, dtype=dtype))
    model.train(training)
    for handle in handles:
        handle.remove()
    idle = {module: () for module in shown if module not in passed and list(module.parameters(recurse=False))}
    return [
        Step(names[module] or "model", module, output, tuple(_roles(module)))
        for module, output in {**passed, **idle}.items()
    ]


def _roles(module: nn.Module) -> Iterator[tuple[str, Parameter]]:
    """What each parameter of its own is to a module."""
    norm = _is_norm(module)
    for name, parameter in module.named_parameters(recurse=False):
        if isinstance(module, nn.Embedding):
            yield "embedding", parameter
        elif norm:
            yield ("shift" if "bias" in name else "scale"), parameter
        elif "bias" in name:
            yield "biases", parameter
        elif name.startswith("weight"):
            yield "weights", parameter
        else:
            yield name, parameter


def _is_norm(module: nn.Module) -> bool:
    return "norm" in type(module).__name__.lower()


def _about(module: nn.Module) -> str:
    """What was chosen for it, as PyTorch says it."""
    words = module.extra_repr().replace("\n", " ")
    return words if len(words) <= 120 else ""


def _work(step: Step) -> int:
    """Multiplications and additions for one sample, taken together, by its weights; each counts as often as it acts."""
    module = step.module
    weights = [tensor for role, tensor in step.tensors if role == "weights" and tensor.ndim >= 2]
    if isinstance(module, nn.Embedding) or not weights:
        return 0
    numbers = torch.Size(step.output).numel()
    if isinstance(module, nn.RNNBase):
        length = step.output[0] if len(step.output) == 2 else 1
        return length * sum(weight.numel() for weight in weights)
    return sum(weight.numel() * (numbers // weight.shape[0]) for weight in weights)
