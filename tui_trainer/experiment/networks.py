"""Whether two experiments have networks of the same shape, as far as they tell: what data gives them is not known."""

from __future__ import annotations

from typing import Any

from tui_trainer.choices.forms import FormField
from tui_trainer.choices.given import UNKNOWN, Given
from tui_trainer.experiment.diff import shown
from tui_trainer.experiment.schema import Experiment

_LAYERS = {"hidden": "hidden layer", "blocks": "block", "layers": "layer"}
_NORMS = ("batch_norm", "layer_norm")
_UNITS = ("units", "numbers", "layers")  # counts of what has weights


def unlike(there: Experiment, here: Experiment, given: Given = UNKNOWN) -> str:
    """In what the network of `there` has other weights than that of `here`, in words; empty if they do not tell.

    `given` is what is known of the data here: fields that change nothing with it are left out.
    """
    theirs, own = there.model, here.model
    if theirs.kind != own.kind:
        return f"its model is {theirs.kind}, this one is {own.kind}"
    unused = own.unused(given)
    for field in own.form():
        if field.name in unused:
            continue
        if said := _unlike(field, getattr(theirs, field.name), getattr(own, field.name)):
            return said
    norms = [", ".join(it for it in _NORMS if it in each.regularization) or "no norm" for each in (there, here)]
    if own.activated and norms[0] != norms[1]:
        return f"it has {norms[0].replace('_', ' ')}, this one has {norms[1].replace('_', ' ')}"
    return ""


def _unlike(field: FormField, theirs: Any, own: Any) -> str:
    """How a field of the same model says that there are other weights."""
    if theirs == own:
        return ""
    name = field.name.replace("_", " ")
    if field.is_list and len(theirs) != len(own):
        return f"it has {_count(len(theirs), _LAYERS.get(name, name))}, this one has {len(own)}"
    if field.type == "integers":
        return f"its {_LAYERS.get(name, name)}s have {shown(theirs)} {field.unit}, here they have {shown(own)}"
    if field.type == "integer" and field.unit in _UNITS:
        return f"its {name} is {theirs}, here it is {own}"
    return ""


def _count(number: int, of: str) -> str:
    return f"{number} {of}{'' if number == 1 else 's'}"
