"""The layers in the order in which a sample passes them, with what is learned in each."""

from __future__ import annotations

from collections.abc import Sequence

from tui_trainer.plots.spec import Row
from tui_trainer.runs.description import Description
from tui_trainer.runs.structure import Step, Tensor
from tui_trainer.ui.figures import compact
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, exact, fit

_NAME, _KIND, _SHAPE, _COUNT, _WORK = 22, 14, 14, 12, 7
_WIDE = 100
"""From so many columns on, what is learned stands beside its layer, else below it."""

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
        rows += _step(step, width)
    return [*rows, [], *_totals(said.steps, said.parameters, width)]


def _step(step: Step, width: int) -> list[Row]:
    name, kind = (("", "label"), (step.kind, "label")) if not step.tensors else ((step.name, STRONG), (step.kind, ""))
    row: Row = [
        (fit(name[0] or step.name, _NAME), name[1]),
        (fit(kind[0], _KIND), kind[1]),
        (fit("×".join(map(str, step.output)) or "–", _SHAPE), "" if step.tensors else "label"),
        ((f"{step.parameters:,}" if step.tensors else "").rjust(_COUNT), ""),
        ((compact(step.work) if step.work else "").rjust(_WORK), "label"),
    ]
    told = "  ".join(_tensor(tensor) for tensor in step.tensors)
    if width >= _WIDE:
        return [exact([*row, ("   ", ""), (told or step.about, "train" if told else "label")], width)]
    below = [exact([("    ", ""), *line], width) for line in paragraph(told, width - 4, "train")] if told else []
    return [exact(row, width), *below]


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
