"""The memory that training takes, by what it is for."""

from __future__ import annotations

from tui_trainer.plots.spec import Row
from tui_trainer.runs.description import Description
from tui_trainer.ui.laboratory.sizes import memory as amount
from tui_trainer.ui.terminal.glyphs import WARNING
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, bar, exact, fit

_NAME, _AMOUNT = 14, 9
_FOR = {
    "weights": "what is learned, and running figures of norms",
    "gradients": "one number a parameter",
    "optimizer": "what it remembers of each parameter",
    "activations": "what a batch leaves for its gradients",
    "data": "all samples that train or validate",
}


def memory(said: Description, width: int) -> list[Row]:
    """A bar for each part, the total, and what is free."""
    total = said.bytes.get("total", 0)
    room = max(6, min(40, width - _NAME - _AMOUNT - 30))
    rows: list[Row] = []
    for name, words in _FOR.items():
        size = said.bytes.get(name, 0)
        share = size / total if total else 0.0
        told: Row = [(fit(name, _NAME), ""), *bar(share, room, "train"), (amount(size).rjust(_AMOUNT), "")]
        rows.append(exact([*told, (f"  {words}", "label")], width))
    rows.append([(fit("together", _NAME + room), STRONG), (amount(total).rjust(_AMOUNT), STRONG)])
    free = said.free.get(said.device)
    if free:
        rows.append([(fit(f"free on {said.device}", _NAME + room), "label"), (amount(free).rjust(_AMOUNT), "label")])
    if said.threads:
        rows += [
            [],
            *paragraph(
                f"Trains on {said.device_name or said.device} with {said.threads} thread{'s' * (said.threads > 1)}.",
                width,
            ),
        ]
    if free and total > free:
        rows += [[], *paragraph(f"{WARNING} this may not fit: make the model or the batches smaller", width, "warning")]
    return [*rows, [], *paragraph("Rough figures: libraries and the screen take more.", width, "label")]
