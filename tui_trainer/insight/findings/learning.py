"""A network that learns too slowly, not at all, or not any more."""

from __future__ import annotations

from math import inf
from statistics import median

from tui_trainer.insight.findings import cures
from tui_trainer.insight.findings.base import Cure, Finding
from tui_trainer.insight.findings.reading import LEARNED, PATIENCE, Reading, falls_steadily, recent
from tui_trainer.insight.findings.words import epochs

SLOW_FROM, SLOW_AHEAD = 0.25, 0.6
"""From this share of the plan on, learning is too slow that at its present pace will have removed less than this share
of the baseline's loss at the end."""
TINY_UPDATE, SLOW_UPDATE, GOOD_UPDATE = 5e-4, 2e-3, 1e-2
"""Updates relative to the weights, of the layer that moves most: below the first a larger rate always helps, below the
second it may, and the third is what small networks do well with."""

CHANCE_FROM, CHANCE_EPOCHS = 0.15, 5
CHANCE_LOSS, CHANCE_ERRORS, CHANCE_SKILL = 0.97, 2.0, 0.2
"""At chance: validation loss no lower than this share of the baseline's, and the metric within so many standard errors
of it, or less than this far from it to perfection: where two classes overlap, an accuracy wanders."""
BY_HEART = 0.25
"""… although training has removed this share of the baseline's loss."""

STILL = 0.01
"""A loss stands still that moves by no more than this share of the baseline's."""
PLATEAU_SHARE, PLATEAU_EVALUATIONS = 0.25, 10
"""… over this share of the plan, and so many evaluations."""
PLATEAU_LEARNED = (0.02, 0.6)
"""… after it has removed so much of the baseline's loss, and not more."""
RESTING = 0.1
"""Where the schedule leaves less than this share of the learning rate, the rest is its doing."""


def too_slow(reading: Reading) -> Finding | None:
    """The loss falls steadily, but so slowly that the plan ends before it gets anywhere.

    Sources: AUTOTRAINER (Zhang et al., ICSE 2021): slow convergence, judged from a third of the plan on. CS231n
    (Stanford, "Neural Networks Part 3"): with a rate that is too low the loss falls in a line, and updates are below a
    thousandth of the weights.
    """
    losses, baseline = reading.train, reading.baseline
    update = _update(reading)
    if baseline is None or len(losses) <= PATIENCE or reading.done < SLOW_FROM:
        return None
    if reading.learned >= LEARNED or not 0 < update < SLOW_UPDATE:
        return None
    third = max(1, len(losses) // 3)
    pace = (losses[-1 - third] - losses[-1]) / max(reading.epochs[-1] - reading.epochs[-1 - third], 1e-9)
    left = max(0.0, reading.view.planned_epochs - reading.epochs[-1])
    ahead = 1 - (losses[-1] - pace * left) / baseline
    if not falls_steadily(losses) or ahead > SLOW_AHEAD:
        return None
    return Finding(
        "too-slow",
        "learning too slow",
        f"train loss fell only from {losses[0]:.3g} to {losses[-1]:.3g} in "
        f"{epochs(reading.epochs[-1] - reading.epochs[0])} epochs; an update moves no layer by more than {update:.1g} "
        f"of its weights{'' if reading.experiment.schedule.is_constant else ' at the full learning rate'}",
        "Each update goes in the right direction, but the learning rate makes it a tiny one. "
        "The run ends before the weights have moved far enough.",
        cures=tuple(cures.lr_times(reading.experiment, min(100.0, GOOD_UPDATE / update), certain=update < TINY_UPDATE)),
    )


def endless_warmup(reading: Reading) -> Finding | None:
    """The warm-up is longer than the run.

    Source: the Deep Learning Tuning Playbook (Godbole et al., 2023): a warm-up ends long before the run does, at the
    learning rate that was tuned.
    """
    warmup, steps = reading.experiment.schedule.warmup, reading.view.planned_steps
    if not 0 < steps < warmup:
        return None
    shorter = int(cures.rung(type(reading.experiment.schedule), "warmup", steps / 10))
    return Finding(
        "endless-warmup",
        "the warm-up is longer than the run",
        f"warm-up of {warmup:,} updates, {steps:,} planned; the learning rate gets to {steps / warmup:.0%} of its size",
        "The learning rate rises over the whole run and ends before it has reached its full size. "
        "A warm-up is meant for the first few percent of the updates.",
        "hint",
        cures=(cures.change(reading.experiment, "schedule.warmup", shorter),) if shorter < steps else (),
    )


def at_chance(reading: Reading) -> Finding | None:
    """Validation is no better than a guess that looks at no input.

    Sources: CS231n (Stanford, "Neural Networks Part 3") on the loss at chance; SageMaker Debugger's rule
    LossNotDecreasing; UMLAUT (Schoop et al., CHI 2021) on missing activations; Minsky and Papert, "Perceptrons", 1969,
    on straight boundaries. Judged by the loss first, because an accuracy at chance wanders.
    """
    count = len(reading.validation)
    if reading.baseline is None or count <= PATIENCE or reading.done < CHANCE_FROM:
        return None
    if (
        reading.epochs[-1] - reading.epochs[0] < CHANCE_EPOCHS
        or reading.view.step <= reading.experiment.schedule.warmup
    ):
        return None
    guess = reading.view.baseline.get(reading.metric.name, 0.0)
    metric = recent(reading.validation_metric, PATIENCE)
    slack = CHANCE_ERRORS * reading.sampling_error(guess)
    better = metric - guess if reading.metric.higher_is_better else guess - metric
    if min(reading.validation[-PATIENCE:]) < CHANCE_LOSS * reading.baseline:
        return None
    if better > slack and reading.skill(metric) > CHANCE_SKILL:
        return None
    by_heart = reading.learned >= BY_HEART
    if by_heart and min(reading.validation) < CHANCE_LOSS * reading.baseline:
        return None  # it did learn something that holds, and has overfitted since
    part = reading.train[-max(PATIENCE, count // 3) - 1 :]
    if not by_heart and falls_steadily(part) and part[0] - part[-1] > STILL * reading.baseline:
        return None
    evidence = f"validation {reading.metric.word} {metric:.3f} (guessing: {guess:.3f}), "
    evidence += f"loss {recent(reading.validation):.3g}{reading.guessing}"
    if by_heart:
        evidence += f"; train loss {reading.train[-1]:.3g}"
        why = "The network has learned its training samples, but nothing of that holds for others. "
        why += "Either the inputs do not tell the target, or the two parts of the data are of different kinds."
        mend: list[Cure] = []
    elif draws_lines(reading):
        drawn = "a straight boundary" if reading.classifies else "a straight line"
        why = f"Without activations between layers the network draws {drawn}, however many layers it has. "
        what = "tells these classes apart" if reading.classifies else "comes near these targets"
        why += f"No straight line {what} any better than a guess does."
        mend = bend(reading)
    else:
        what = "tells the classes apart" if reading.classifies else "predicts better than the mean does"
        why = f"Nothing that the network has tried so far {what}. "
        why += "The steps may be too large to settle anywhere, or too small to leave the start."
        steeper = reading.experiment.activation.steepest < 1
        mend = [
            *cures.initialize(reading.experiment),
            *(cures.activate(reading.experiment, "relu", certain=False) if steeper else []),
            *cures.lr_times(reading.experiment, 10.0, certain=False),
            *cures.lr_times(reading.experiment, 0.1, certain=False),
        ]
    return Finding("at-chance", "validation is at chance", evidence, why, cures=tuple(mend))


def plateau(reading: Reading) -> Finding | None:
    """The train loss stands still, well above zero.

    Sources: SageMaker Debugger's rule LossNotDecreasing; ReduceLROnPlateau of Keras and PyTorch calls it one after ten
    epochs without improvement. Dauphin et al., "Identifying and attacking the saddle point problem in high-dimensional
    non-convex optimization", 2014, on why networks rest and then go on: hence the patience of a quarter of the plan.
    """
    least, most = PLATEAU_LEARNED
    since = _still_since(reading)
    if draws_lines(reading) or not least < reading.learned < most or since is None:
        return None
    if reading.rate_factor(reading.view.step, reading.view.epoch) < RESTING:
        return None
    experiment = reading.experiment
    smaller, larger = (cures.lr_times(experiment, factor, certain=False) for factor in (1 / 3, 3.0))
    return Finding(
        "plateau",
        f"train loss rests at {recent(reading.train):.3g}",
        f"train loss near {recent(reading.train):.3g}{reading.guessing} "
        f"for {epochs(reading.epochs[-1] - since)} epochs",
        "The weights rest where the loss is nearly flat, or steps that are too large keep leaping over the way down. "
        "A network that could do better may go on after a long rest, or never.",
        cures=(
            *(smaller if _update(reading) > GOOD_UPDATE else larger_steps(reading) or larger),
            *cures.widen(experiment),
            *cures.deepen(experiment, reading.view.task.name),
        ),
    )


def draws_lines(reading: Reading) -> bool:
    """Whether the network is linear in its inputs: without hidden units, or without an activation that bends."""
    model = reading.experiment.model
    return not cures.has_hidden_units(model) or (model.activated and reading.experiment.activation.is_linear)


def bend(reading: Reading) -> list[Cure]:
    if not reading.experiment.model.activated:
        return cures.widen(reading.experiment, certain=True)
    return [*cures.activate(reading.experiment, "tanh"), *cures.activate(reading.experiment, "relu", certain=False)]


def larger_steps(reading: Reading) -> list[Cure]:
    """A learning rate at which updates have the usual size, where they are clearly smaller."""
    update = _update(reading)
    if not 0 < update < GOOD_UPDATE / 2:
        return []
    return cures.lr_times(reading.experiment, min(100.0, GOOD_UPDATE / update), certain=False)


def _update(reading: Reading) -> float:
    """How far an update moves the layer that it moves most, relative to its weights, at the full learning rate, which
    the schedule leaves a part of; 0 if unknown."""
    factors = [reading.rate_factor(it.step, it.epoch) for it in reading.layers]
    moves = [
        max(layer.update_ratio for layer in it.layers) / factor
        for it, factor in zip(reading.layers, factors, strict=True)
        if factor > 0
    ]
    return median(moves) if moves else 0.0


def _still_since(reading: Reading) -> float | None:
    """The epoch since which, at least, the train loss stands still; None if it does not."""
    quarter = reading.epochs[-1] - PLATEAU_SHARE * reading.view.planned_epochs if reading.epochs else 0.0
    count = max(PLATEAU_EVALUATIONS, sum(epoch >= quarter for epoch in reading.epochs))
    part, half = reading.train[-count:], count // 2
    moved = abs(median(part[:half]) - median(part[half:])) if len(reading.train) > count else inf
    return reading.epochs[-count] if moved < STILL * (reading.baseline or 0.0) else None
