"""What the curves tell: a network that learns too much by heart, too little, too slowly, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite
from statistics import median

from tui_trainer.insight.findings import cures
from tui_trainer.insight.findings.base import Cure, Finding
from tui_trainer.insight.findings.reading import RECENT, Reading, recent, smooth

PATIENCE = 5
"""Evaluations that something must have lasted for."""

RISE, RISE_BASELINE = 1.2, 0.03
"""Validation loss rises where it lies at this multiple of its lowest value, and above it by this share of the
baseline's: near zero, multiples mean nothing."""
FALL = 0.8
"""… while train loss has fallen to this share of what it was there."""
GAP = 0.15
"""Or where the primary metric is so much better on the training part, for a while."""
ERRORS = 3.0
"""… and by so many standard errors of the validation part."""

SLOW_FROM, SLOW_LEARNED, SLOW_AHEAD = 0.25, 0.5, 0.6
"""From this share of the plan on, learning is too slow that has removed less than this share of the baseline's loss,
and at its present pace would have removed no more than that at the end."""
SLOW_UPDATE, GOOD_UPDATE = 2e-3, 1e-2
"""Updates relative to the weights: below the first no layer moves; the second is what small networks do well with."""
STEADY = 0.7
"""The share of the evaluations at which a loss that is learned slowly falls."""

CHANCE_FROM, CHANCE_EPOCHS = 0.15, 5
CHANCE_LOSS, CHANCE_ERRORS, CHANCE_SKILL = 0.97, 2.0, 0.2
"""At chance: validation loss no lower than this share of the baseline's, and the metric within so many standard errors
of it, or less than this far from it to perfection: where two classes overlap, an accuracy wanders."""
LEARNED = 0.5
"""A run that has removed this share of the baseline's loss learns."""

STILL = 0.01
"""A loss stands still that moves by no more than this share of the baseline's."""
PLATEAU_SHARE, PLATEAU_EVALUATIONS = 0.25, 10
"""… over this share of the plan, and so many evaluations."""
PLATEAU_LEARNED = (0.02, 0.6)

UNDERFIT_SKILL = 0.6
"""The network underfits where its primary metric on the training part is less than this far from the baseline to
perfection, at the end."""
FALLING = 0.05
"""… or is still to be trained where the loss fell by this share in the last tenth of the plan."""


def overfitting(reading: Reading) -> Finding | None:
    """Validation loss rises while train loss falls, or validation lies far behind.

    Sources: the Deep Learning Tuning Playbook (Godbole et al., 2023): problematic overfitting is a validation error
    that rises during training. Prechelt, "Early Stopping - But When?", 1998. SageMaker Debugger's Overtraining waits for
    10 evaluations; its Overfit, a loss gap of a tenth of the train loss, is always exceeded near a train loss of zero,
    so it is not used alone. CS231n on the gap of accuracies; AUTOTRAINER's code calls 0.07 to 0.1 a big one, which small
    data sets exceed without harm.
    """
    if len(reading.train) <= PATIENCE or reading.baseline is None:
        return None
    validation, train, epochs = smooth(reading.validation), smooth(reading.train), reading.epochs[2:-2]
    low = min(range(len(validation)), key=validation.__getitem__)
    lowest, now, train_then, train_now = validation[low], validation[-1], train[low], train[-1]
    rises = now > max(RISE * lowest, lowest + RISE_BASELINE * reading.baseline) and train_now < FALL * train_then
    if rises and len(validation) - 1 - low >= PATIENCE:
        since = reading.epochs[-1] - epochs[low]
        title = f"overfitting since epoch {epochs[low]:g}"
        evidence = f"for {since:g} epochs validation loss has risen, {lowest:.3g} → {now:.3g}, while train loss fell, "
        evidence += f"{train_then:.3g} → {train_now:.3g}"
        mend = [*_more_decay(reading), *_stop_early(reading), *_more_data(reading), *_more_dropout(reading)]
        if low < len(validation) / 3 and reading.experiment.data.train_samples is None:
            mend = [*_stop_early(reading), *_more_decay(reading), *_more_dropout(reading)]
    elif _gap(reading):
        name, on_train, held_out = reading.metric.name, recent(reading.train_metric), recent(reading.validation_metric)
        title = f"overfitting: {name} {on_train:.2f} on train, {held_out:.2f} on validation"
        evidence = f"{name} is {on_train:.3f} on the training part and {held_out:.3f} on validation; "
        evidence += f"the losses are {train_now:.3g} and {now:.3g}"
        mend = [*_more_data(reading), *_more_decay(reading), *_more_dropout(reading)]
    else:
        return None
    return Finding(
        "overfitting",
        title,
        evidence,
        "The network has room to learn its training samples by heart, and goes on to do so once what they have in common "
        "is learned. Their quirks say nothing about other samples, on which it grows ever surer of its mistakes.",
        cures=tuple(mend),
    )


def too_slow(reading: Reading) -> Finding | None:
    """The loss falls steadily, but so slowly that the plan ends before it gets anywhere.

    Sources: AUTOTRAINER (Zhang et al., ICSE 2021): slow convergence, judged from a third of the plan on. CS231n (Stanford,
    "Neural Networks Part 3"): with a rate that is too low the loss falls in a line, and updates are far below a
    thousandth of the weights.
    """
    losses, baseline = reading.train, reading.baseline
    if baseline is None or len(losses) <= PATIENCE or reading.done < SLOW_FROM or not reading.layers:
        return None
    update = median(max(layer.update_ratio for layer in it.layers) for it in reading.layers)
    if reading.learned >= SLOW_LEARNED or not 0 < update < SLOW_UPDATE:
        return None
    third = max(1, len(losses) // 3)
    pace = (losses[-1 - third] - losses[-1]) / max(reading.epochs[-1] - reading.epochs[-1 - third], 1e-9)
    left = max(0.0, reading.view.planned_epochs - reading.epochs[-1])
    ahead = 1 - (losses[-1] - pace * left) / baseline
    if not _falls_steadily(losses) or ahead > SLOW_AHEAD:
        return None
    return Finding(
        "too-slow",
        "learning too slow",
        f"in {reading.epochs[-1] - reading.epochs[0]:g} epochs train loss fell steadily but only from {losses[0]:.3g} to "
        f"{losses[-1]:.3g}; an update moves no layer by more than {update:.1g} of its weights",
        "Each update goes in the right direction, but the learning rate makes it a tiny one. "
        "The run ends before the weights have moved far enough.",
        cures=tuple(cures.lr_times(reading.experiment, min(100.0, GOOD_UPDATE / update))),
    )


def at_chance(reading: Reading) -> Finding | None:
    """Validation is no better than a guess that looks at no input.

    Sources: CS231n (Stanford, "Neural Networks Part 3") on the loss at chance performance; SageMaker Debugger's rule
    LossNotDecreasing. Judged by the loss and by the metric within two standard errors (binomial), because an accuracy at
    chance wanders. For straight boundaries: Minsky and Papert, "Perceptrons", 1969.
    """
    count = len(reading.validation)
    if reading.baseline is None or count <= PATIENCE or reading.done < CHANCE_FROM:
        return None
    if reading.epochs[-1] - reading.epochs[0] < CHANCE_EPOCHS:
        return None
    guess = reading.view.baseline.get(reading.metric.name, 0.0)
    metric = recent(reading.validation_metric, PATIENCE)
    slack = CHANCE_ERRORS * reading.sampling_error(guess)
    better = metric - guess if reading.metric.higher_is_better else guess - metric
    if min(reading.validation[-PATIENCE:]) < CHANCE_LOSS * reading.baseline:
        return None
    if better > slack and reading.skill(metric) > CHANCE_SKILL:
        return None
    by_heart = reading.learned >= LEARNED
    if by_heart and min(reading.validation) < CHANCE_LOSS * reading.baseline:
        return None  # it did learn something that holds, and has overfitted since
    part = reading.train[-max(PATIENCE, count // 3) - 1 :]
    if not by_heart and _falls_steadily(part) and part[0] - part[-1] > STILL * reading.baseline:
        return None
    evidence = f"validation {reading.metric.name} {metric:.3f}, {guess:.3f} for always the same guess; "
    evidence += f"loss {recent(reading.validation):.3g}, {reading.baseline:.3g} for knowing nothing"
    if by_heart:
        evidence += f"; train loss {reading.train[-1]:.3g}"
        why = "The network has learned its training samples, but nothing of that holds for others. "
        why += "Either the inputs do not tell the target, or the two parts of the data are of different kinds."
        mend: list[Cure] = []
    elif _draws_lines(reading):
        why = "Without activations between layers the network draws a straight boundary, however many layers it has. "
        why += "No straight line tells these classes apart any better than a guess does."
        mend = _bend(reading)
    else:
        why = "Nothing that the network has tried so far tells the classes apart. "
        why += "The steps may be too large to settle anywhere, or too small to leave the start."
        steeper = reading.experiment.activation.steepest < 1
        mend = [
            *cures.initialize(reading.experiment),
            *(cures.activate(reading.experiment, "relu", certain=False) if steeper else []),
            *cures.lr_times(reading.experiment, 0.1, certain=False),
            *cures.lr_times(reading.experiment, 10.0, certain=False),
        ]
    return Finding("at-chance", "validation is at chance", evidence, why, cures=tuple(mend))


def plateau(reading: Reading) -> Finding | None:
    """The train loss stands still, well above zero.

    Sources: SageMaker Debugger's rule LossNotDecreasing; Keras' ReduceLROnPlateau takes 10 epochs without improvement for
    a plateau. Dauphin et al., "Identifying and attacking the saddle point problem in high-dimensional non-convex
    optimization", 2014, on why networks rest at them and go on later: hence the patience of a quarter of the plan.
    """
    least, most = PLATEAU_LEARNED
    if _draws_lines(reading) or not least < reading.learned < most or not _stands_still(reading):
        return None
    since = _still_since(reading)
    experiment = reading.experiment
    return Finding(
        "plateau",
        f"train loss rests at {recent(reading.train):.3g}",
        f"for {reading.epochs[-1] - since:g} epochs train loss has stayed near {recent(reading.train):.3g}, "
        f"{reading.learned:.0%} below that of knowing nothing",
        "The weights rest where the loss is nearly flat in every direction, or steps that are too large keep leaping over "
        "the way down. A network that could do better may go on after a long rest, or never.",
        cures=(
            *cures.lr_times(experiment, 1 / 3, certain=False),
            *cures.lr_times(experiment, 3.0, certain=False),
            *cures.widen(experiment),
        ),
    )


def held_back(reading: Reading) -> Finding | None:
    """A regularizer is so strong that the network learns next to nothing, not even on what it is trained on.

    Source: CS231n (Stanford, "Neural Networks Part 3"): regularization must not overwhelm the data. What its layers look
    like then, all units dead or all gradients gone, follows from it.
    """
    mend = _free(reading)
    if not mend or len(reading.train) <= PATIENCE or reading.done < CHANCE_FROM or reading.learned >= LEARNED:
        return None
    if _falls_steadily(reading.train[-PATIENCE:]) and _falls(reading):
        return None
    return Finding(
        "underfitting",
        "underfitting: held back too much",
        f"{mend[0].words.partition(' →')[0]}; train loss {recent(reading.train):.3g}, validation loss "
        f"{recent(reading.validation):.3g}, and knowing nothing costs {reading.baseline or 0:.3g}",
        "The regularizer costs the network more than it gains by learning. "
        "So it gives up on the training samples, and validation can be no better.",
        cures=tuple(mend),
    )


def underfitting(reading: Reading) -> Finding | None:
    """At the end the network is no good even on what it was trained on, and validation follows closely.

    Sources: CS231n (Stanford, "Neural Networks Part 3"): where validation tracks training, capacity is too small; the
    Deep Learning Tuning Playbook (Godbole et al., 2023): a run that still improves at its end was too short. How much
    of the error is noise in the data cannot be seen from one run, hence most of its cures are to be tried.
    """
    if len(reading.train) <= PATIENCE or not reading.view.ended or reading.done < 0.5:
        return None
    train, validation = recent(reading.train_metric), recent(reading.validation_metric)
    skill = reading.skill(train)
    if not isfinite(skill) or skill >= UNDERFIT_SKILL or _gap(reading):
        return None
    mend = _free(reading)
    if _draws_lines(reading):
        why = "Without activations between layers the network draws straight boundaries only. "
        why += "These data seem to need one that bends."
        mend += _bend(reading)
    elif _falls(reading):
        why = "Training ended while the loss was still falling. More epochs or larger steps are needed."
        mend += [*_go_on(reading), *cures.lr_times(reading.experiment, 3.0, certain=False)]
    else:
        why = "The network has too few units, or is held back too much, to draw the boundary that these data need. "
        why += "If the classes overlap, no network does better."
        mend += cures.widen(reading.experiment)
    return Finding(
        "underfitting",
        f"underfitting: train {reading.metric.name} {train:.3g}",
        f"train {reading.metric.name} {train:.3f} and validation {validation:.3f} at the end; the loss is "
        f"{recent(reading.train):.3g}, {reading.baseline or 0:.3g} for knowing nothing",
        why,
        cures=tuple(mend),
    )


def _gap(reading: Reading) -> bool:
    """Whether train has been far better than validation at each of the last evaluations."""
    if len(reading.train) <= PATIENCE:
        return False
    pairs = list(zip(reading.train_metric, reading.validation_metric, strict=True))[-RECENT:]
    sign = 1 if reading.metric.higher_is_better else -1
    least = max(GAP, ERRORS * reading.sampling_error(pairs[-1][1]))
    if reading.metric.higher_is_better:
        return all(sign * (train - validation) > least for train, validation in pairs)
    return all(reading.skill(train) - reading.skill(validation) > least for train, validation in pairs)


def _more_decay(reading: Reading) -> list[Cure]:
    return cures.strengthen(reading.experiment, "l2", 0.01, 0.03)


def _more_dropout(reading: Reading) -> list[Cure]:
    if not reading.experiment.model.activated:
        return []
    return cures.strengthen(reading.experiment, "dropout", 0.2, 0.5, certain=False)


def _more_data(reading: Reading) -> list[Cure]:
    if reading.experiment.data.train_samples is None:
        return []
    return [cures.change(reading.experiment, "data.train_samples", None)]


def _stop_early(reading: Reading) -> list[Cure]:
    experiment, training = reading.experiment, reading.experiment.training
    if "early_stopping" in experiment.regularization:
        return []
    patience = max(5, training.epochs // 15, 3 * training.evaluation_interval())
    return [cures.change(experiment, "regularization.early_stopping", patience)]


def _go_on(reading: Reading) -> list[Cure]:
    training = reading.experiment.training
    epochs = int(cures.rung(training, "epochs", 3 * training.epochs))
    return [cures.change(reading.experiment, "training.epochs", epochs)] if epochs > training.epochs else []


def _free(reading: Reading) -> list[Cure]:
    """Less of the regularizer that holds the network back most."""
    for kind, limit, path in (("l2", 0.03, "strength"), ("l1", 0.001, "strength"), ("dropout", 0.3, "rate")):
        strength = cures.strength(reading.experiment, kind)
        if strength > limit:
            weaker = cures.next_rung(reading.experiment.regularization[kind], path, strength / 3, -1)
            return [cures.change(reading.experiment, f"regularization.{kind}", weaker)]
    return []


def _draws_lines(reading: Reading) -> bool:
    return not reading.experiment.model.activated or reading.experiment.activation.is_linear


def _bend(reading: Reading) -> list[Cure]:
    if not reading.experiment.model.activated:
        return cures.widen(reading.experiment, certain=True)
    return [*cures.activate(reading.experiment, "tanh"), *cures.activate(reading.experiment, "relu", certain=False)]


def _falls_steadily(losses: Sequence[float]) -> bool:
    """Whether a loss falls from nearly every evaluation to the next."""
    return sum(b < a for a, b in pairwise(losses)) >= STEADY * (len(losses) - 1)


def _falls(reading: Reading) -> bool:
    """Whether the train loss has fallen noticeably over the last tenth of the plan."""
    since = reading.epochs[-1] - max(0.1 * reading.view.planned_epochs, 1.0)
    then = [loss for loss, epoch in zip(reading.train, reading.epochs, strict=True) if epoch <= since]
    return bool(then) and recent(reading.train) < (1 - FALLING) * recent(then)


def _still_since(reading: Reading) -> float:
    """The epoch from which on the train loss has stayed near where it is."""
    baseline = reading.baseline or 0.0
    now = recent(reading.train)
    for loss, epoch in zip(reversed(reading.train), reversed(reading.epochs), strict=True):
        if abs(loss - now) > 2 * STILL * baseline:
            return epoch
    return reading.epochs[0]


def _stands_still(reading: Reading) -> bool:
    since = reading.epochs[-1] - PLATEAU_SHARE * reading.view.planned_epochs
    part = [loss for loss, epoch in zip(reading.train, reading.epochs, strict=True) if epoch >= since]
    if reading.epochs[0] > since or len(part) < PLATEAU_EVALUATIONS:
        return False
    half = len(part) // 2
    return abs(median(part[:half]) - median(part[half:])) < STILL * (reading.baseline or 0.0)
