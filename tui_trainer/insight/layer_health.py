"""Which figures of a layer say that it does not learn as it should."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from tui_trainer.insight.findings.learning import RESTING
from tui_trainer.insight.findings.reading import Reading
from tui_trainer.runs.view import LayerFigures, RunView

TOO_MUCH_UPDATE = 0.1
TOO_LITTLE_UPDATE = 1e-6
"""An update of a ten thousandth to a hundredth of the weights is healthy, and of less near the end of training; beyond
these it is clearly not."""
TOO_MANY_DEAD = 0.5
VANISHING = 1e-3
"""The share of the last layer's gradient norm below which the gradient of a layer before it has vanished."""

Name = Literal["gradient_norm", "update_ratio", "weight_norm", "dead_share"]


@dataclass(frozen=True)
class Symptom:
    """A figure that is clearly ill: of which layer, counted from 0, which one, and what that means."""

    layer: int
    figure: Name
    meaning: str


def symptoms_of(view: RunView) -> list[Symptom]:
    """What is clearly ill at a run's last evaluation, from the first layer to the last."""
    if not view.layers:
        return []
    at = view.layers[-1]
    rate = Reading(view, view.present).rate_factor(at.step, at.epoch) if view.present else 1.0
    return symptoms(at.layers, rate)


def symptoms(layers: Sequence[LayerFigures], rate: float = 1.0) -> list[Symptom]:
    """All figures that are clearly ill, where the schedule leaves the share `rate` of the learning rate.

    A frozen layer is not judged.
    """
    found = []
    too_little = TOO_LITTLE_UPDATE * rate if rate >= RESTING else 0.0
    for index, layer in enumerate(layers):
        if layer.frozen:
            continue
        last = layers[-1].gradient_norm
        if not isfinite(layer.gradient_norm):
            found.append(Symptom(index, "gradient_norm", "the gradient is not finite"))
        elif index < len(layers) - 1 and isfinite(last) and layer.gradient_norm < VANISHING * last:
            found.append(Symptom(index, "gradient_norm", "the gradient vanishes on its way back"))
        if layer.update_ratio > TOO_MUCH_UPDATE:
            found.append(Symptom(index, "update_ratio", "updates are huge: lower the learning rate"))
        elif layer.update_ratio < too_little:
            still = "its weights do not move (biases are not counted)"
            tiny = "updates are tiny: this layer hardly learns"
            found.append(Symptom(index, "update_ratio", tiny if layer.update_ratio else still))
        if not isfinite(layer.weight_norm):
            found.append(Symptom(index, "weight_norm", "the weights are not finite"))
        if layer.dead_share is not None and layer.dead_share > TOO_MANY_DEAD:
            all_dead = "all units are dead: no sample activates them, no gradient passes them"
            most_dead = "most units are dead: no sample activates them"
            found.append(Symptom(index, "dead_share", all_dead if layer.dead_share == 1 else most_dead))
    return found
