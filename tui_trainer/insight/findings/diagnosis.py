"""The diagnosis of a run: all rules, in the order in which one thing causes another."""

from __future__ import annotations

from tui_trainer.insight.findings import data, divergence, layers, learning, overfitting, underfitting
from tui_trainer.insight.findings.base import Finding
from tui_trainer.insight.findings.reading import Reading
from tui_trainer.runs.view import RunView

_CAUSES = (
    divergence.not_finite,
    layers.equal_units,
    layers.dead_layer,
    divergence.growing,
    layers.exploding,
    layers.saturated_units,
    layers.poor_initialization,
    underfitting.held_back,
    layers.dead_units,
    layers.vanishing,
)
"""In this order: what stands behind may be a consequence of what is found before it."""

_COURSES = (
    divergence.oscillating,
    learning.too_slow,
    learning.at_chance,
    learning.plateau,
    underfitting.underfitting,
)
_DATA = (data.repeated_rows, data.class_imbalance, data.lone_feature, data.constant_feature)


def diagnose(view: RunView) -> tuple[Finding, ...]:
    """What is wrong with a run, the most telling first: problems, then hints.

    Of what keeps a network from learning only the first cause is told: what follows from it mends with it. Pure, and
    made to be called several times a second.
    """
    if view.present is None:
        return ()
    reading = Reading(view, view.present)
    first = next((finding for rule in (*_CAUSES, *_COURSES) if (finding := rule(reading))), None)
    # What a network learns of targets that the inputs do not tell, it learns by heart.
    others = _DATA if first and first.kind == "at-chance" else (overfitting.overfitting, *_DATA)
    found = [first, *(rule(reading) for rule in (*others, learning.endless_warmup))]
    return tuple(sorted((it for it in found if it), key=lambda finding: finding.severity == "hint"))
