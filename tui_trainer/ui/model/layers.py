"""The layers in the order in which a sample passes them, with what is learned in each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui_trainer.plots.spec import Row
from tui_trainer.runs.description import Description
from tui_trainer.runs.structure import Step, Tensor
from tui_trainer.ui.figures import compact
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, exact, fit

_NAME, _KIND, _SHAPE, _COUNT, _WORK = 22, 17, 12, 12, 7
_WIDE = 100
"""From so many columns on, what is learned stands beside its layer, else below it."""

_KINDS = {
    "Conv1d": "convolution",
    "Conv2d": "convolution",
    "ConvTranspose2d": "convolution",
    "MaxPool2d": "max pooling",
    "AvgPool2d": "mean pooling",
    "Linear": "dense",
    "Flatten": "flatten",
    "BatchNorm1d": "batch norm",
    "BatchNorm2d": "batch norm",
    "LayerNorm": "layer norm",
    "Embedding": "embedding",
    "MultiheadAttention": "attention",
}
"""Layers in the words of the field; what is not here, such as ReLU, keeps its name."""
_IDLE = ("Sequential", "Identity")
"""What only holds others, and does nothing to a sample itself."""

_WORDS = {
    "weights": "weights",
    "biases": "biases",
    "scale": "scale of the norm",
    "shift": "shift of the norm",
    "embedding": "embedding",
}


def layers(said: Description, width: int) -> list[Row]:
    """A row for each step, the totals, and what of all that is learned."""
    heading: Row = [
        (fit("layer", _NAME), "label"),
        (fit("type", _KIND), "label"),
        (fit("output", _SHAPE), "label"),
        ("parameters".rjust(_COUNT), "label"),
        ("work".rjust(_WORK), "label"),
    ]
    if width >= _WIDE:
        heading.append(("   learned", "label"))
    rows = [exact(heading, width)]
    for step in said.steps:
        if step.tensors or not (step.kind in _IDLE or (step.kind == "Dropout" and step.about == "rate=0")):
            rows += _step(step, width)
    return [*rows, [], *_totals(said.steps, said.parameters, width)]


def _step(step: Step, width: int) -> list[Row]:
    role = "" if step.tensors else "label"
    row: Row = [
        (fit(_name(step), _NAME), STRONG if step.tensors else "label"),
        (fit(_kind(step), _KIND), role),
        (fit("×".join(map(str, step.output)) or "–", _SHAPE), "" if step.tensors else "label"),
        ((f"{step.parameters:,}" if step.tensors else "").rjust(_COUNT), ""),
        ((compact(step.work) if step.work else "").rjust(_WORK), "label"),
    ]
    told = "  ".join(_tensor(tensor) for tensor in step.tensors)
    if width >= _WIDE:
        room = width - _NAME - _KIND - _SHAPE - _COUNT - _WORK - 3
        first, *more = paragraph(told, room, "train") or [[]]
        over = [exact([(" " * (width - room), ""), *line], width) for line in more]
        return [exact([*row, ("   ", ""), *first], width), *over]
    below = [exact([("    ", ""), *line], width) for line in paragraph(told, width - 4, "train")] if told else []
    return [exact(row, width), *below]


def _name(step: Step) -> str:
    """Its place, counted from 1 and without what its type says as well: `block 2`, `hidden 1 norm`."""
    words: list[str] = []
    for part in step.name.replace("_", " ").split("."):
        if part.isdecimal() and words:
            words[-1] = f"{words[-1].removesuffix('s')} {int(part) + 1}"
        elif part != "linear" or not words:
            words.append(part)
    return " ".join(words)


def _kind(step: Step) -> str:
    """What it is, with the side of its square where it has one: `convolution 3×3`, `max pooling 2×2`."""
    said = _KINDS.get(step.kind, step.kind)
    weights = next((tensor.shape for tensor in step.tensors if tensor.role == "weights"), ())
    sides = weights[2:] if "Conv" in step.kind else ()
    pooled = re.search(r"kernel_size=\(?(\d+)", step.about) if "Pool" in step.kind else None
    square = "×".join(map(str, sides)) or (f"{pooled[1]}×{pooled[1]}" if pooled else "")
    return f"{said} {square}".rstrip()


def _tensor(tensor: Tensor) -> str:
    frozen = " (frozen)" if tensor.frozen else ""
    return f"{tensor.role} {'×'.join(map(str, tensor.shape))}{frozen}"


def _totals(steps: Sequence[Step], parameters: int, width: int) -> list[Row]:
    """All parameters by role, and how many of them are learned."""
    sums: dict[str, int] = {}
    for tensor in (tensor for step in steps for tensor in step.tensors):
        sums[tensor.role] = sums.get(tensor.role, 0) + tensor.size
    frozen = sum(tensor.size for step in steps for tensor in step.tensors if tensor.frozen)
    learned = f"{parameters - frozen:,} learned" + (f", {frozen:,} frozen" if frozen else "")
    rows: list[Row] = [[(f"{parameters:,} parameters: ", STRONG), (learned, STRONG)]]
    rows += [[(f"  {fit(_WORDS.get(role, role), 20)}", "label"), (f"{count:>14,}", "")] for role, count in sums.items()]
    work = sum(step.work for step in steps)
    words = (
        f"{work:,} multiplications with additions a sample, forwards; about twice as many more backwards in training."
    )
    return [*rows, [], *paragraph(words, width, "label")]
